/**
 * Spans of time by how long they last, coarsely. What overlaps a range began before it by no more than its own length, so
 * within a class nobody has to look back farther than the class is long, however far back the history goes: one index of
 * (class, begin) finds what overlaps in the order of begin, a walk a class.
 */
const HOUR_MS = 3_600_000;

/** Spans at least this long have a class; the many shorter ones are found by their begin alone. */
export const LONG_MS = HOUR_MS;

/** Where each class begins, in hours. Finest where shifts, breaks and nights lie. */
const FROM_HOURS = [1, 2, 4, 8, 16, 64, 256] as const;

/** What has no end yet lasts, whenever it began. */
export const OPEN_CLASS = 0;

/** `belowMs`: no span of the class is as long; null for the longest. */
export type LengthClass = { code: number; fromMs: number; belowMs: number | null };

/** The classes of spans that have ended, the shortest first. */
export const lengthClasses: readonly LengthClass[] = FROM_HOURS.map((hours, i) => {
  const next = FROM_HOURS[i + 1];
  return { code: i + 1, fromMs: hours * HOUR_MS, belowMs: next === undefined ? null : next * HOUR_MS };
});

/** The class of a row as SQL over its columns; null for a short span, so that an index of long ones leaves it out. */
export const lengthClassSql = (beginColumn: string): string =>
  `(case when end_ms is null then ${OPEN_CLASS} ${lengthClasses
    .toReversed()
    .map(({ code, fromMs }) => `when end_ms - ${beginColumn} >= ${fromMs} then ${code}`)
    .join(' ')} end)`;
