/**
 * Time as every stage sees it. Nothing in `src` reads `Date.now()`, `performance.now()` or a timer by itself:
 * it is handed a `Clock`, so that days pass in seconds in a test.
 */
export type Clock = {
  /** Local wall clock, milliseconds since 1970 UTC. May jump; never used to measure a span. */
  nowMs(): number;
  /** Milliseconds from an arbitrary origin that only ever grows: spans, time-outs, back-off. */
  monotonicMs(): number;
  /** Resolves after `ms`, or at once when `signal` is aborted. Never rejects: the caller looks at the signal. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};
