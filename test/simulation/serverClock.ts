import type { Clock } from '../../src/clock/clock.ts';

/** The server's clock is set forward or back by `byMs`, `afterMs` of true time after the beginning. */
export type ClockStep = { afterMs: number; byMs: number };

export type ServerClock = {
  nowMs(): number;
  /** Server time to which it has been set so far, in order. */
  settings(): number[];
};

/** The server's clock over true time, which is the simulation's monotonic clock: it drifts, and somebody sets it. */
export const createServerClock = (
  clock: Clock,
  { beginMs, drift, steps }: { beginMs: number; drift: number; steps: readonly ClockStep[] },
): ServerClock => {
  const atMs = (elapsedMs: number, done: number) =>
    Math.floor(beginMs + elapsedMs * (1 + drift)) +
    steps.slice(0, done).reduce((sum, { byMs }) => sum + byMs, 0);
  const doneBy = (elapsedMs: number) => steps.filter(({ afterMs }) => afterMs <= elapsedMs).length;
  return {
    nowMs: () => atMs(clock.monotonicMs(), doneBy(clock.monotonicMs())),
    settings: () => steps.slice(0, doneBy(clock.monotonicMs())).map(({ afterMs }, i) => atMs(afterMs, i + 1)),
  };
};
