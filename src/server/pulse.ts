import type { Clock } from '../clock/clock.ts';
import type { Logger } from './logger.ts';

export type Pulse = {
  /** Calls back every round from now on, first after one; ends when what it returns is called. */
  join(beat: () => void): () => void;
};

/** So that thousands who came together are not all called in the same instant for ever. */
const BEATS_A_ROUND = 12;

/**
 * One wait for all who want to be called every `roundMs`: a timer for each of ten thousand sockets would cost more than
 * its ping.
 */
export const createPulse = (clock: Clock, roundMs: number, log: Logger): Pulse => {
  const slots = Array.from({ length: BEATS_A_ROUND }, () => new Set<() => void>());
  let current = 0;
  let joined = 0;
  let beating = false;

  /** One whose beat fails must not stop the beat of all others. */
  const callSafely = (call: () => void): void => {
    try {
      call();
    } catch (error) {
      log.error({ err: error }, 'unexpected error in a beat');
    }
  };

  const beat = async (): Promise<void> => {
    if (beating) return;
    beating = true;
    try {
      while (joined > 0) {
        await clock.sleep(roundMs / BEATS_A_ROUND);
        current = (current + 1) % BEATS_A_ROUND;
        for (const call of slots[current] ?? []) callSafely(call);
      }
    } finally {
      beating = false;
    }
  };

  return {
    join(call) {
      // The slot that has just had its turn: it comes again after a whole round.
      const slot = slots[current];
      slot?.add(call);
      joined += 1;
      void beat();
      return () => {
        if (slot?.delete(call)) joined -= 1;
      };
    },
  };
};
