/** Timers and chance, handed in by tests. */
export type Timing = {
  /** Runs it once, later; calls it off when what is returned is called. */
  after(ms: number, run: () => void): () => void;
  /** From 0 up to but not including 1. */
  random(): number;
};

export const realTiming: Timing = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** Waits, or until the signal aborts. */
export const pause = ({ after }: Timing, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      callOff();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const callOff = after(ms, done);
    signal.addEventListener('abort', done);
  });

/** Rings once when it was not put off for so long. */
export const createAlarm = ({ after }: Timing, ms: number, ring: () => void) => {
  let callOff = () => {};
  return {
    putOff() {
      callOff();
      callOff = after(ms, ring);
    },
    stop: () => callOff(),
  };
};

/** Before the nth attempt in a row: up to twice as long each time, with full jitter, so that a restarted server does not meet all its boards at once. */
export const backoffMs = (
  { minMs, maxMs }: { minMs: number; maxMs: number },
  failures: number,
  random: () => number,
): number => random() * Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 30));
