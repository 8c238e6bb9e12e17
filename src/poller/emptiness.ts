import type { WindowRead } from '../upstream/index.ts';
import type { PlannedRead } from './schedule.ts';
import { lengthMs } from './spans.ts';

/**
 * A 200 with nothing in it during a busy shift is more likely a back end that restarts than a floor that froze. Such
 * an answer settles nothing. What stays empty for minutes is believed: a floor may close at once.
 */
export type Emptiness = {
  /** Learns from the answer, so to be asked once for each, in order. `ageMs`: how old the window's end is. */
  judge(plan: PlannedRead, read: WindowRead, ageMs: number, monotonicMs: number): 'BELIEVED' | 'DOUBTED';
};

/** Of rows that come independently, as few as this are missing all at once by chance in 1 window of 3,000. */
const EXPECTED_AT_LEAST = 8;
const FADE_MS = 300_000;
/** Longer than a back end takes to restart. */
const DOUBTED_FOR_MS = 300_000;
/** The rate of now says nothing about last night. */
const YOUNG_MS = 900_000;

export const createEmptiness = (): Emptiness => {
  let perMs = 0;
  let asOfMs: number | null = null;
  /** Since when the present has been empty without being believed. */
  let doubtedSinceMs: number | null = null;

  const expectedIn = (plan: PlannedRead) => perMs * lengthMs(plan.claim);

  const learn = (plan: PlannedRead, rows: number, monotonicMs: number) => {
    const weight = asOfMs === null ? 1 : 1 - Math.exp(-(monotonicMs - asOfMs) / FADE_MS);
    perMs += weight * (rows / lengthMs(plan.claim) - perMs);
    asOfMs = monotonicMs;
  };

  return {
    judge(plan, read, ageMs, monotonicMs) {
      const rows = read.records.length + read.quarantined.length;
      if (plan.kind !== 'HOT') {
        // A short window of the past may well be empty: it is doubted as long as the present is, whatever its age.
        const isOdd = doubtedSinceMs !== null || (ageMs < YOUNG_MS && expectedIn(plan) >= EXPECTED_AT_LEAST);
        return rows === 0 && isOdd ? 'DOUBTED' : 'BELIEVED';
      }
      if (rows === 0 && (doubtedSinceMs !== null || expectedIn(plan) >= EXPECTED_AT_LEAST)) {
        doubtedSinceMs ??= monotonicMs;
        // The rate is kept while it is doubted: it is what the doubt rests on.
        if (monotonicMs - doubtedSinceMs < DOUBTED_FOR_MS) return 'DOUBTED';
        perMs = 0;
      }
      doubtedSinceMs = null;
      learn(plan, rows, monotonicMs);
      return 'BELIEVED';
    },
  };
};
