import type { Clock } from '../../src/clock/clock.ts';
import {
  createPoller,
  type FrameLog,
  type PollerSettings,
  type PollStateSource,
} from '../../src/poller/index.ts';
import type { Random } from '../../src/simulator/index.ts';
import { createClockOffset, type Upstream } from '../../src/upstream/index.ts';

/** One life of the gateway's process. A dead one never gets another answer: that is all that kill -9 means in here. */
export type Incarnation = {
  isDead(): boolean;
  kill(): void;
  /** An orderly end; resolves when the poller has ended. */
  stop(): Promise<void>;
};

export type Borders = {
  clock: Clock;
  upstream: Upstream;
  store: FrameLog & PollStateSource;
  settings: PollerSettings;
  random: Random;
  /** Called at every border; true kills the process right there. */
  fate: () => boolean;
};

export const startIncarnation = (borders: Borders): Incarnation => {
  const { clock, upstream, store, fate } = borders;
  let dead = false;
  const never = new Promise<never>(() => {});
  /** Death before the call means it never happened, death after it that nobody learnt its result. */
  const mortal = async <T>(call: () => Promise<T>): Promise<T> => {
    if (dead || fate()) {
      dead = true;
      return never;
    }
    const result = await call();
    if (dead || fate()) {
      dead = true;
      return never;
    }
    return result;
  };
  const stopping = new AbortController();
  const poller = createPoller({
    upstream: { readWindow: (window, signal) => mortal(() => upstream.readWindow(window, signal)) },
    log: {
      ...store,
      append: (frame, expectedSeq) => mortal(() => store.append(frame, expectedSeq)),
    },
    state: store,
    clock: {
      nowMs: () => clock.nowMs(),
      monotonicMs: () => clock.monotonicMs(),
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal);
        if (dead) await never;
      },
    },
    settings: borders.settings,
    offset: createClockOffset(),
    random: borders.random,
  });
  const running = poller.run(stopping.signal);
  return {
    isDead: () => dead,
    kill() {
      dead = true;
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
};
