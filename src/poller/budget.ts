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
