import type { AgentStateRecord } from '../upstream/index.ts';
import { readAgain } from './claims.ts';
import { isSettled, sliceAt } from './coverage.ts';
import type { CoverageSlice, Span } from './frame.ts';
import { subtractSpans, unionSpans } from './spans.ts';

/** A record this old that an earlier read should have seen says that more around it came late. */
const LATE_AGE_MS = 15 * 60_000;
const NEIGHBOURHOOD_MS = 5 * 60_000;

/**
 * Where a read finds a record that was not there when its time was last read, the neighbourhood is read again at once.
 * A record that only appears when it closes is not late: its end counts.
 */
export const readAroundLate = (
  coverage: CoverageSlice[],
  found: {
    records: readonly AgentStateRecord[];
    /** As it was before this read. */
    known: readonly CoverageSlice[];
    claim: Span | null;
    observedMs: number;
    settleMs: number;
    missingEvents(eventIds: readonly string[]): string[];
  },
): CoverageSlice[] => {
  const suspects = new Map<string, number>();
  for (const { eventId, startMs, endMs } of found.records) {
    if (found.observedMs - startMs < LATE_AGE_MS) continue;
    const slice = sliceAt(found.known, startMs);
    if (!slice || !isSettled(slice) || slice.readAtMs === null) continue;
    if (Math.max(startMs, endMs ?? startMs) + found.settleMs < slice.readAtMs) suspects.set(eventId, startMs);
  }
  if (suspects.size === 0) return coverage;
  const around: Span[] = [];
  for (const eventId of found.missingEvents([...suspects.keys()])) {
    const startMs = suspects.get(eventId);
    if (startMs === undefined) continue;
    around.push({ fromMs: startMs - NEIGHBOURHOOD_MS, toMs: startMs + NEIGHBOURHOOD_MS });
  }
  return subtractSpans(unionSpans(around), found.claim ? [found.claim] : []).reduce(readAgain, coverage);
};
