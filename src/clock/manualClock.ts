import type { Clock } from './clock.ts';

export type ManualClock = Clock & {
  /** Moves time on by `ms`, waking sleepers in the order of their deadlines and letting each run before the next. */
  advance(ms: number): Promise<void>;
  /** Moves only the wall clock, as an NTP step or an operator would. */
  jumpWallClock(ms: number): void;
};

type Sleeper = { wakeAtMs: number; wake: () => void };

/** A clock that stands still until told to move: tests and the deterministic simulation run on it. */
export const createManualClock = (startMs: number): ManualClock => {
  let elapsedMs = 0;
  let wallOffsetMs = startMs;
  const sleepers: Sleeper[] = [];

  // A macrotask turn lets every promise chain started by a wake-up run until it sleeps again.
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

  return {
    nowMs: () => wallOffsetMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const onAbort = () => {
          const at = sleepers.indexOf(sleeper);
          if (at >= 0) sleepers.splice(at, 1);
          resolve();
        };
        const sleeper: Sleeper = {
          wakeAtMs: elapsedMs + Math.max(0, ms),
          wake: () => {
            // A signal that outlives thousands of sleeps would keep, and compare, a listener of each.
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
    async advance(ms) {
      const untilMs = elapsedMs + ms;
      await settle();
      for (;;) {
        sleepers.sort((a, b) => a.wakeAtMs - b.wakeAtMs);
        const next = sleepers[0];
        if (!next || next.wakeAtMs > untilMs) break;
        sleepers.shift();
        elapsedMs = Math.max(elapsedMs, next.wakeAtMs);
        next.wake();
        await settle();
      }
      elapsedMs = untilMs;
    },
    jumpWallClock(ms) {
      wallOffsetMs += ms;
    },
  };
};
