import type { Timing } from '../../../src/client/index.ts';

export type ManualTiming = Timing & {
  /** What is waited for now, in milliseconds. */
  waiting(): number[];
  /** The time for everything that waits for exactly so long has come. */
  elapse(ms: number): void;
};

/** Timers that stand still until told otherwise; chance is always a half. */
export const createManualTiming = (): ManualTiming => {
  const timers = new Set<{ ms: number; run: () => void }>();
  return {
    random: () => 0.5,
    after(ms, run) {
      const timer = { ms, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    waiting: () => [...timers].map(({ ms }) => ms),
    elapse(ms) {
      for (const timer of [...timers]) {
        if (timer.ms !== ms) continue;
        timers.delete(timer);
        timer.run();
      }
    },
  };
};
