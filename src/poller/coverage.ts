import type { CoverageSlice, GapCause, Span } from './frame.ts';
import { intersection } from './spans.ts';

/**
 * Slices of server time and their arithmetic. A coverage is ordered by time, disjoint, and neighbours that say the same
 * are one slice; every function keeps that.
 */

/** A part of an asked range. UNREAD: no slice, this time was never asked for. */
export type CoveragePart = Omit<CoverageSlice, 'level'> & { level: CoverageSlice['level'] | 'UNREAD' };

const FILLABLE: ReadonlySet<GapCause> = new Set(['OUTAGE', 'REFUSED', 'UNREADABLE']);

/** Gaps that a later read may still close, as opposed to those that are lost for ever. */
export const isFillable = (slice: CoverageSlice): boolean =>
  slice.cause !== null && FILLABLE.has(slice.cause);

export const isSettled = (slice: Pick<CoveragePart, 'level'>): boolean =>
  slice.level === 'SETTLED' || slice.level === 'SEALED';

/**
 * Read when it was old enough, but by an answer that was not believed: the stage, which a young read has not earned yet,
 * tells it from time that was only read too young. It is read again at the ages at which settled time is.
 */
export const isDoubted = (slice: Pick<CoveragePart, 'level' | 'stage'>): boolean =>
  slice.level === 'PROVISIONAL' && slice.stage > 0;

/**
 * Slices that are still re-read merge only inside one cell of ten minutes: a merged slice keeps the older `readAtMs`,
 * which would otherwise creep along with the present and end up days old.
 */
const CELL_MS = 600_000;

const tellTheSame = (a: CoverageSlice, b: CoverageSlice): boolean => {
  if (a.toMs !== b.fromMs || a.level !== b.level || a.cause !== b.cause || a.stage !== b.stage) return false;
  if (a.level === 'SEALED' || a.level === 'GAP') return true;
  return (
    (a.readAtMs === b.readAtMs && a.reads === b.reads) ||
    Math.floor(a.fromMs / CELL_MS) === Math.floor((b.toMs - 1) / CELL_MS)
  );
};

const older = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : Math.min(a, b);

/** Joins neighbours that say the same; of two reads the older counts, for what is claimed must hold for every instant. */
export const mergeAdjacent = (slices: readonly CoverageSlice[]): CoverageSlice[] => {
  const merged: CoverageSlice[] = [];
  for (const slice of slices) {
    const last = merged.at(-1);
    if (last && tellTheSame(last, slice)) {
      last.toMs = slice.toMs;
      last.readAtMs = older(last.readAtMs, slice.readAtMs);
      last.reads = Math.min(last.reads, slice.reads);
    } else {
      merged.push({ ...slice });
    }
  }
  return merged;
};

/** `coverage` without what lies in `span`; a slice that reaches over an edge is cut there. */
export const carve = (coverage: readonly CoverageSlice[], span: Span): CoverageSlice[] => {
  const left: CoverageSlice[] = [];
  for (const slice of coverage) {
    if (slice.toMs <= span.fromMs || slice.fromMs >= span.toMs) {
      left.push(slice);
      continue;
    }
    if (slice.fromMs < span.fromMs) left.push({ ...slice, toMs: span.fromMs });
    if (slice.toMs > span.toMs) left.push({ ...slice, fromMs: span.toMs });
  }
  return left;
};

/** Each of `slices` replaces whatever lay in its span. This is what applying a frame's coverage means. */
export const applyCoverage = (
  coverage: readonly CoverageSlice[],
  slices: readonly CoverageSlice[],
): CoverageSlice[] => {
  let result: CoverageSlice[] = [...coverage];
  for (const slice of slices) {
    if (slice.fromMs >= slice.toMs) continue;
    result = carve(result, slice);
    result.push(slice);
  }
  result.sort((a, b) => a.fromMs - b.fromMs);
  return mergeAdjacent(result);
};

/** The slices that turn `before` into `after` when applied; `after` covers all that `before` does. */
export const coverageDelta = (
  before: readonly CoverageSlice[],
  after: readonly CoverageSlice[],
): CoverageSlice[] => {
  const byStart = new Map(before.map((slice) => [slice.fromMs, slice]));
  return after.filter((slice) => {
    const was = byStart.get(slice.fromMs);
    return !was || !sameSlice(was, slice);
  });
};

const sameSlice = (a: CoverageSlice, b: CoverageSlice): boolean =>
  a.fromMs === b.fromMs &&
  a.toMs === b.toMs &&
  a.level === b.level &&
  a.cause === b.cause &&
  a.readAtMs === b.readAtMs &&
  a.reads === b.reads &&
  a.stage === b.stage;

/** [fromMs, toMs) in parts that leave nothing out: the parts' lengths sum up to the range exactly. */
export const coverageBetween = (
  coverage: readonly CoverageSlice[],
  fromMs: number,
  toMs: number,
): CoveragePart[] => {
  const parts: CoveragePart[] = [];
  let atMs = fromMs;
  const unreadUntil = (untilMs: number) => {
    if (atMs < untilMs) {
      parts.push({
        fromMs: atMs,
        toMs: untilMs,
        level: 'UNREAD',
        cause: null,
        readAtMs: null,
        reads: 0,
        stage: 0,
      });
    }
  };
  for (const slice of coverage) {
    const inside = intersection(slice, { fromMs, toMs });
    if (!inside) continue;
    unreadUntil(inside.fromMs);
    parts.push({ ...slice, ...inside });
    atMs = inside.toMs;
  }
  unreadUntil(toMs);
  return parts;
};

/** The slice that holds an instant; null where there is none. */
export const sliceAt = (coverage: readonly CoverageSlice[], atMs: number): CoverageSlice | null => {
  let low = 0;
  let high = coverage.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (coverage[middle]!.toMs <= atMs) low = middle + 1;
    else high = middle;
  }
  const found = coverage[low];
  return found && found.fromMs <= atMs ? found : null;
};

/**
 * Time in [fromMs, toMs) that is not settled and not lost for ever: never asked for, a gap that can be filled, or read
 * too young.
 */
export const unsettledSpans = (coverage: readonly CoverageSlice[], fromMs: number, toMs: number): Span[] => {
  const unsettled: Span[] = [];
  if (fromMs >= toMs) return unsettled;
  for (const part of coverageBetween(coverage, fromMs, toMs)) {
    const open =
      part.level === 'UNREAD' ||
      part.level === 'PROVISIONAL' ||
      (part.cause !== null && FILLABLE.has(part.cause));
    if (!open) continue;
    const last = unsettled.at(-1);
    if (last && last.toMs === part.fromMs) last.toMs = part.toMs;
    else unsettled.push({ fromMs: part.fromMs, toMs: part.toMs });
  }
  return unsettled;
};
