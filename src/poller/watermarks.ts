import { isFillable, isSettled } from './coverage.ts';
import type { CoverageSlice } from './frame.ts';

/** End of the youngest settled slice, what a stale banner goes by; null before the first. */
export const freshThrough = (coverage: readonly CoverageSlice[]): number | null =>
  coverage.findLast(isSettled)?.toMs ?? null;

/**
 * The latest instant with nothing unsettled or still fillable before it, what history goes by; null while the very
 * beginning is missing. Gaps that are lost for ever (EXPIRED, CHAIN_BREAK) do not hold it back.
 */
export const completeThrough = (coverage: readonly CoverageSlice[]): number | null => {
  let throughMs: number | null = null;
  for (const slice of coverage) {
    const reachesOn = throughMs === null || slice.fromMs === throughMs;
    if (!reachesOn || slice.level === 'PROVISIONAL' || isFillable(slice)) break;
    throughMs = slice.toMs;
  }
  return throughMs;
};
