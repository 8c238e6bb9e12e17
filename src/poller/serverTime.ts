import type { Clock } from '../clock/clock.ts';
import type { ClockOffset } from '../upstream/index.ts';
import type { ServerNow } from './windows.ts';

/** Until a Date header comes, the local clock is taken to be wrong by up to this. */
const UNKNOWN_OFFSET_MS = 120_000;

export type ServerTime = {
  /** The server's clock at a monotonic instant. */
  at(monotonicMs: number): ServerNow;
  /** server clock - local wall clock; null before the first Date header. For display only. */
  againstLocal(): { lowMs: number; highMs: number } | null;
};

/** The wall clock is read once: whatever jumps it makes later, windows follow the monotonic clock. */
export const createServerTime = (clock: Clock, offset: ClockOffset): ServerTime => {
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
