import type { DateSample } from './upstream.ts';

/**
 * How far the server's clock is from our monotonic one, as an interval that each response's Date header narrows.
 *
 * A Date of d, sent for a request that left at m0 and whose answer came at m1, says: the server's clock read between d
 * and d + 1 s at some moment in [m0, m1]; so server - monotonic lies in [d - m1, d + 1000 - m0].
 */
export type ClockOffset = {
  fold(sample: DateSample): Folded;
  /** server - monotonic, milliseconds, widened by drift up to `monotonicMs`; null before the first sample. */
  interval(monotonicMs: number): { lowMs: number; highMs: number } | null;
};

/** STEP: the sample contradicts what was known, a clock was set; the estimate starts anew from it. */
export type Folded =
  | { kind: 'OK' }
  /** `sinceMonotonicMs`: when the clock was last seen as it was before; whatever was read since then was read by a wrong one. */
  | { kind: 'STEP'; sinceMonotonicMs: number };

const OK: Folded = { kind: 'OK' };

/** Quartz drifts by up to 50 ppm; two clocks, so twice that. */
const DRIFT = 100e-6;
/** Scheduling between the reading of the clock and the wire. */
const SLACK_MS = 1;
/**
 * Servers write Date once a second and reuse the text (Node by a timer, nginx once a turn of its loop), so it may be
 * older than the second it names. Costs nothing where it matters: no window ends by the upper bound.
 */
const DATE_LAG_MS = 250;

type Estimate = {
  lowMs: number;
  highMs: number;
  atMonotonicMs: number;
  /** When the request left whose answer was the last to agree. */
  agreedMonotonicMs: number;
};

export const createClockOffset = (): ClockOffset => {
  let known: Estimate | null = null;
  let newestDateMs = Number.NEGATIVE_INFINITY;
  /** A Date from the past that contradicts what is known: a cache's, unless the next one ticks on from it. */
  let suspect: (Estimate & { dateMs: number }) | null = null;

  const startFrom = (estimate: Estimate, dateMs: number): Folded => {
    known = estimate;
    newestDateMs = dateMs;
    suspect = null;
    return OK;
  };
  const startAnew = (before: Estimate, estimate: Estimate, dateMs: number): Folded => {
    startFrom(estimate, dateMs);
    return { kind: 'STEP', sinceMonotonicMs: before.agreedMonotonicMs };
  };

  return {
    interval(monotonicMs) {
      if (!known) return null;
      const { lowMs, highMs } = drifted(known, monotonicMs);
      return { lowMs, highMs };
    },
    fold(sample) {
      const { dateMs } = sample;
      const seen = estimateOf(sample);
      if (!known) return startFrom(seen, dateMs);
      const met = intersection(known, seen);
      if (met) return startFrom(met, Math.max(newestDateMs, dateMs));
      if (dateMs > newestDateMs) return startAnew(known, seen, dateMs);
      const confirmed = suspect && dateMs > suspect.dateMs ? intersection(suspect, seen) : null;
      if (confirmed) return startAnew(known, confirmed, dateMs);
      suspect = { ...seen, dateMs };
      return OK;
    },
  };
};

const estimateOf = ({ dateMs, sentMonotonicMs, receivedMonotonicMs }: DateSample): Estimate => {
  // The server wrote its Date at some moment of the exchange: the clocks may have drifted since.
  const slackMs = SLACK_MS + (receivedMonotonicMs - sentMonotonicMs) * DRIFT;
  return {
    lowMs: dateMs - receivedMonotonicMs - slackMs,
    highMs: dateMs + 1000 + DATE_LAG_MS - sentMonotonicMs + slackMs,
    atMonotonicMs: receivedMonotonicMs,
    agreedMonotonicMs: sentMonotonicMs,
  };
};

const drifted = (estimate: Estimate, monotonicMs: number): Estimate => {
  const driftMs = Math.abs(monotonicMs - estimate.atMonotonicMs) * DRIFT;
  return {
    ...estimate,
    lowMs: estimate.lowMs - driftMs,
    highMs: estimate.highMs + driftMs,
    atMonotonicMs: monotonicMs,
  };
};

/** As of the later one's moment; null when they contradict each other. */
const intersection = (earlier: Estimate, later: Estimate): Estimate | null => {
  const before = drifted(earlier, later.atMonotonicMs);
  const lowMs = Math.max(before.lowMs, later.lowMs);
  const highMs = Math.min(before.highMs, later.highMs);
  return lowMs <= highMs ? { ...later, lowMs, highMs } : null;
};
