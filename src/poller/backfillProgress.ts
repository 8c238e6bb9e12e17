import { unsettledSpans } from './coverage.ts';
import type { CoverageSlice, PollerStatus, Span } from './frame.ts';
import { lengthMs, totalMs } from './spans.ts';

/** Holes this near to the present are the present's business, not a back-fill. */
const PRESENT_MS = 600_000;

export type BackfillProgress = {
  /** `nowMs`: server time. What a clock that was set back left of the time to come is nothing to fill. */
  of(coverage: readonly CoverageSlice[], nowMs: number): PollerStatus['backfill'];
};

/** How far the filling of the past has come, from its first sight of a hole until nothing is left to fill. */
export const createBackfillProgress = (): BackfillProgress => {
  let target: Span | null = null;
  let complete = true;
  return {
    of(coverage, nowMs) {
      const first = coverage[0];
      const last = coverage.at(-1);
      if (!first || !last) return null;
      if (complete) {
        const pastMs = Math.min(last.toMs, nowMs) - PRESENT_MS;
        const open = unsettledSpans(coverage, first.fromMs, pastMs);
        const oldest = open[0];
        const newest = open.at(-1);
        if (oldest && newest) target = { fromMs: oldest.fromMs, toMs: newest.toMs };
      }
      if (!target) return null;
      const remainingMs = totalMs(unsettledSpans(coverage, target.fromMs, target.toMs));
      complete = remainingMs === 0;
      return { ...target, doneMs: lengthMs(target) - remainingMs, totalMs: lengthMs(target), complete };
    },
  };
};
