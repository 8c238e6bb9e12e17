import type { DateSample } from './upstream.ts';

/**
 * How far the server's clock is from our monotonic one, as an interval that each response's Date header narrows.
 *
 * A Date of d, sent for a request that left at m0 and whose answer came at m1, says: the server's clock read between d
 * and d + 1 s at some moment in [m0, m1]; so server - monotonic lies in [d - m1, d + 1000 - m0].
 */
export type ClockOffset = {
  /** `STEP`: the sample contradicts all earlier ones, a clock was set; the estimate starts anew from it. */
  fold(sample: DateSample): 'OK' | 'STEP';
  /** server - monotonic, milliseconds, widened by drift up to `monotonicMs`; null before the first sample. */
  interval(monotonicMs: number): { lowMs: number; highMs: number } | null;
};

/** Quartz drifts by up to 50 ppm; two clocks, so twice that. */
const DRIFT = 100e-6;
/** Scheduling between the reading of the clock and the wire. */
const SLACK_MS = 1;

export const createClockOffset = (): ClockOffset => {
  let known: { lowMs: number; highMs: number; atMonotonicMs: number } | null = null;
  let newestDateMs = Number.NEGATIVE_INFINITY;

  const interval = (monotonicMs: number) => {
    if (!known) return null;
    const driftMs = Math.abs(monotonicMs - known.atMonotonicMs) * DRIFT;
    return { lowMs: known.lowMs - driftMs, highMs: known.highMs + driftMs };
  };

  return {
    interval,
    fold(sample) {
      const lowMs = sample.dateMs - sample.receivedMonotonicMs - SLACK_MS;
      const highMs = sample.dateMs + 1_000 - sample.sentMonotonicMs + SLACK_MS;
      const before = interval(sample.receivedMonotonicMs);
      const met = before && {
        lowMs: Math.max(before.lowMs, lowMs),
        highMs: Math.min(before.highMs, highMs),
      };
      if (met && met.lowMs <= met.highMs) {
        known = { ...met, atMonotonicMs: sample.receivedMonotonicMs };
        newestDateMs = Math.max(newestDateMs, sample.dateMs);
        return 'OK';
      }
      // The same Date as before on a later response is a cache's, not a clock's: it witnesses nothing.
      if (known && sample.dateMs === newestDateMs) return 'OK';
      const stepped = known !== null;
      known = { lowMs, highMs, atMonotonicMs: sample.receivedMonotonicMs };
      newestDateMs = sample.dateMs;
      return stepped ? 'STEP' : 'OK';
    },
  };
};
