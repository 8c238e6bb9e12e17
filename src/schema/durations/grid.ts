import { Temporal } from 'temporal-polyfill';

/** How finely time is cut. Sizes below a day are laid on local wall time. */
export type Granularity = 'FIVE_MINUTES' | 'FIFTEEN_MINUTES' | 'THIRTY_MINUTES' | 'HOUR' | 'DAY' | 'WHOLE';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const sizeMs = {
  FIVE_MINUTES: 5 * MINUTE_MS,
  FIFTEEN_MINUTES: 15 * MINUTE_MS,
  THIRTY_MINUTES: 30 * MINUTE_MS,
  HOUR: 60 * MINUTE_MS,
  DAY: DAY_MS,
} as const;

/** Milliseconds UTC at which the buckets of [fromMs, toMs) begin, with `toMs` as the last element. */
export type Grid = { edgesMs: number[]; offsetsMs: number[] };

/** A stretch of time in which the zone's offset from UTC does not change. */
type Stretch = { fromMs: number; toMs: number; offsetMs: number };

/**
 * Canonical name of an IANA zone, or null when there is no such zone. Offsets such as `+02:00` are no zone names; Temporal
 * would take them, and whole instants such as `2026-11-25T00:00:00+05:00` too, for the offset in them.
 */
export const findTimeZone = (name: string): string | null => {
  if (!/^[a-z]/i.test(name)) return null;
  try {
    // Throws unless it is a name, which `T12+05:00`, another thing that Temporal takes, is not.
    new Intl.DateTimeFormat('en', { timeZone: name });
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
};

const stretchesOf = (fromMs: number, toMs: number, timeZone: string): Stretch[] => {
  const stretches: Stretch[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(timeZone);
  while (at.epochMilliseconds < toMs) {
    const next = at.getTimeZoneTransition('next');
    const untilMs = Math.min(toMs, next?.epochMilliseconds ?? toMs);
    stretches.push({
      fromMs: at.epochMilliseconds,
      toMs: untilMs,
      offsetMs: at.offsetNanoseconds / 1e6,
    });
    if (!next || untilMs >= toMs) break;
    at = next;
  }
  return stretches;
};

const localDay = (atMs: number, offsetMs: number) => Math.floor((atMs + offsetMs) / DAY_MS);

/**
 * Cuts [fromMs, toMs) at the zone's wall-clock marks; the first and the last bucket are cut off where the range is.
 *
 * Below a day every change of clock is an edge too, so a repeated hour is two buckets that differ in UTC and offset,
 * and a skipped one is none. A day runs from local midnight to local midnight: 23 or 25 hours on the days of the
 * change, and where midnight itself is skipped it begins at the change.
 */
export const layGrid = (fromMs: number, toMs: number, granularity: Granularity, timeZone: string): Grid => {
  const stretches = stretchesOf(fromMs, toMs, timeZone);
  const edges: number[] = [fromMs];
  if (granularity !== 'WHOLE') {
    const size = sizeMs[granularity];
    let previousOffsetMs = stretches[0]?.offsetMs ?? 0;
    for (const { fromMs: stretchFrom, toMs: stretchTo, offsetMs } of stretches) {
      if (stretchFrom > fromMs) {
        const dateMoves = localDay(stretchFrom - 1, previousOffsetMs) < localDay(stretchFrom, offsetMs);
        if (granularity !== 'DAY' || dateMoves) edges.push(stretchFrom);
      }
      let edge = Math.ceil((stretchFrom + offsetMs) / size) * size - offsetMs;
      for (; edge < stretchTo; edge += size) if (edge > edges[edges.length - 1]!) edges.push(edge);
      previousOffsetMs = offsetMs;
    }
  }
  const offsetsMs = edges.map(
    (edge) => stretches.findLast((stretch) => stretch.fromMs <= edge)?.offsetMs ?? 0,
  );
  edges.push(toMs);
  return { edgesMs: edges, offsetsMs };
};

/** Upper bound of the number of buckets, without laying them: to refuse a range before the work is done. */
export const bucketsAtMost = (fromMs: number, toMs: number, granularity: Granularity): number =>
  granularity === 'WHOLE'
    ? 1
    : // No zone changes its clock more often than once a month (Ramadan in Morocco is the densest).
      Math.ceil((toMs - fromMs) / sizeMs[granularity]) + 4 + Math.ceil((toMs - fromMs) / (30 * DAY_MS));
