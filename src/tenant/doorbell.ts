import type { Clock } from '../clock/clock.ts';
import type { Doorbell } from '../schema/context.ts';

/** Wakes whoever waits for the next commit. It carries nothing: the mirror itself says what is new. */
export const createDoorbell = (clock: Clock): Doorbell => {
  let rung = Promise.withResolvers<void>();
  return {
    ring() {
      rung.resolve();
      rung = Promise.withResolvers<void>();
    },
    async wait(maxWaitMs, signal) {
      const done = new AbortController();
      const either = signal ? AbortSignal.any([signal, done.signal]) : done.signal;
      await Promise.race([rung.promise, clock.sleep(maxWaitMs, either)]);
      done.abort();
    },
  };
};
