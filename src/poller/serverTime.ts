import type { Clock } from '../clock/clock.ts';
import type { DateSample } from '../upstream/index.ts';
import type { ServerNow } from './windows.ts';

/**
 * What the poller needs of the clock-offset estimator: server clock minus local monotonic clock, as an interval that
 * Date headers narrow.
 */
export type OffsetEstimator = {
  /** `STEP`: the sample contradicts what was known, so that a clock has jumped; the estimate starts anew from it. */
  fold(sample: DateSample): 'OK' | 'STEP';
  /** Bounds of server - monotonic, widened by drift up to this monotonic instant; null before the first sample. */
  interval(monotonicMs: number): { lowMs: number; highMs: number } | null;
};

/** Until a Date header comes, the local clock is taken to be wrong by up to this. */
const UNKNOWN_OFFSET_MS = 120_000;

export type ServerTime = {
  /** The server's clock at a monotonic instant. */
  at(monotonicMs: number): ServerNow;
  /** server clock - local wall clock; null before the first Date header. For display only. */
  againstLocal(): { lowMs: number; highMs: number } | null;
};

/** The wall clock is read once: whatever jumps it makes later, windows follow the monotonic clock. */
export const createServerTime = (clock: Clock, offset: OffsetEstimator): ServerTime => {
  const wallMinusMonotonicMs = clock.nowMs() - clock.monotonicMs();
  const unmeasured = {
    lowMs: wallMinusMonotonicMs - UNKNOWN_OFFSET_MS,
    highMs: wallMinusMonotonicMs + UNKNOWN_OFFSET_MS,
  };
  return {
    at(monotonicMs) {
      const { lowMs, highMs } = offset.interval(monotonicMs) ?? unmeasured;
      return { lowMs: Math.floor(monotonicMs + lowMs), highMs: Math.ceil(monotonicMs + highMs) };
    },
    againstLocal() {
      const monotonicMs = clock.monotonicMs();
      const interval = offset.interval(monotonicMs);
      if (!interval) return null;
      const localMs = clock.nowMs() - monotonicMs;
      return { lowMs: Math.floor(interval.lowMs - localMs), highMs: Math.ceil(interval.highMs - localMs) };
    },
  };
};
