import type { ReadKind } from './schedule.ts';
import type { PollerSettings } from './settings.ts';

/** A token bucket over monotonic time. May go into debt: a read's cost is known only when it is done. */
export type Budget = {
  /** Milliseconds until a request is within the budget; 0 for now. */
  waitMs(monotonicMs: number): number;
  spend(monotonicMs: number, requests: number): void;
};

export const createBudget = (perSecond: number, burst: number): Budget => {
  let tokens = burst;
  let asOfMs = 0;
  const refill = (monotonicMs: number) => {
    tokens = Math.min(burst, tokens + ((monotonicMs - asOfMs) / 1000) * perSecond);
    asOfMs = monotonicMs;
  };
  return {
    waitMs(monotonicMs) {
      refill(monotonicMs);
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000);
    },
    spend(monotonicMs, requests) {
      refill(monotonicMs);
      tokens -= requests;
    },
  };
};

export type Budgets = {
  waitMs(kind: ReadKind, monotonicMs: number): number;
  spend(kind: ReadKind, monotonicMs: number, requests: number): void;
};

const BURST = 5;
/**
 * Where records appear only once closed, every long state looks like a missing record: the chase has an allowance of its
 * own, which the ages of re-reads make up for.
 */
const CHASES_PER_SECOND = 1 / 30;
const CHASE_BURST = 20;
/** Looking again at open events: enough for every minute of the last hours, however large the floor. */
const CLOSINGS_PER_SECOND = 0.5;
const CLOSING_BURST = 5;

/**
 * The present never waits, but counts. What fills the past counts for nothing else: days of it in a minute would leave
 * no room for open events and re-reads for minutes after.
 */
export const createBudgets = (
  settings: Pick<PollerSettings, 'maxRequestsPerSecond' | 'maxBackfillRequestsPerSecond'>,
): Budgets => {
  const reReads = createBudget(settings.maxRequestsPerSecond, BURST);
  const fills = createBudget(settings.maxBackfillRequestsPerSecond, BURST);
  const chases = createBudget(CHASES_PER_SECOND, CHASE_BURST);
  const closings = createBudget(CLOSINGS_PER_SECOND, CLOSING_BURST);
  return {
    waitMs(kind, monotonicMs) {
      switch (kind) {
        case 'HOT':
          return 0;
        case 'BACKFILL':
        case 'EXPIRING':
          return fills.waitMs(monotonicMs);
        case 'CHASE':
          return Math.max(chases.waitMs(monotonicMs), reReads.waitMs(monotonicMs));
        case 'CLOSING':
          return Math.max(closings.waitMs(monotonicMs), reReads.waitMs(monotonicMs));
        case 'REACH':
        case 'REREAD':
          return reReads.waitMs(monotonicMs);
      }
    },
    spend(kind, monotonicMs, requests) {
      if (kind !== 'BACKFILL' && kind !== 'EXPIRING') reReads.spend(monotonicMs, requests);
      fills.spend(monotonicMs, requests);
      if (kind === 'CHASE') chases.spend(monotonicMs, requests);
      if (kind === 'CLOSING') closings.spend(monotonicMs, requests);
    },
  };
};
