import type { WindowRead } from '../upstream/index.ts';
import type { PlannedRead } from './schedule.ts';
import { lengthMs } from './spans.ts';

/**
 * A 200 with nothing in it during a busy shift is more likely a back end that restarts than a floor that froze. Such
 * an answer settles nothing. The expectation fades within minutes, so a floor that really went home is believed.
 */
export type Emptiness = {
  /** To be asked once for each answer, in order. `ageMs`: how old the window's end is. */
  isSuspicious(plan: PlannedRead, read: WindowRead, ageMs: number, monotonicMs: number): boolean;
};

const EXPECTED_AT_LEAST = 20;
const FADE_MS = 300_000;
/** The rate of now says nothing about last night. */
const YOUNG_MS = 900_000;

export const createEmptiness = (): Emptiness => {
  let perMs = 0;
  let asOfMs: number | null = null;
  let presentIsSuspicious = false;
  return {
    isSuspicious(plan, read, ageMs, monotonicMs) {
      const rows = read.records.length + read.quarantined.length;
      const expected = perMs * lengthMs(plan.claim);
      const empty = rows === 0 && ageMs < YOUNG_MS;
      // A short window of the past may well be empty: it is doubted as long as the present is.
      if (plan.kind !== 'HOT') return empty && (presentIsSuspicious || expected >= EXPECTED_AT_LEAST);
      const weight = asOfMs === null ? 1 : 1 - Math.exp(-(monotonicMs - asOfMs) / FADE_MS);
      perMs += weight * (rows / lengthMs(plan.claim) - perMs);
      asOfMs = monotonicMs;
      presentIsSuspicious = empty && expected >= EXPECTED_AT_LEAST;
      return presentIsSuspicious;
    },
  };
};
