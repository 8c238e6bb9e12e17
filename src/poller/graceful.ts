import type { Clock } from '../clock/clock.ts';

/**
 * Stopping is not aborting: what is in flight when `stop` comes has `graceMs` to be read and committed. The signal that
 * this hands to `work` is aborted only after that.
 */
export const withGrace = async <T>(
  clock: Clock,
  stop: AbortSignal,
  graceMs: number,
  work: (abort: AbortSignal) => Promise<T>,
): Promise<T> => {
  const abort = new AbortController();
  const done = new AbortController();
  const onStop = () => {
    void clock.sleep(graceMs, done.signal).then(() => abort.abort());
  };
  if (stop.aborted) abort.abort();
  else stop.addEventListener('abort', onStop, { once: true });
  try {
    return await work(abort.signal);
  } finally {
    stop.removeEventListener('abort', onStop);
    done.abort();
  }
};
