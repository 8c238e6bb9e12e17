import type { Clock } from '../clock/clock.ts';
import type { ReadOutcome } from '../upstream/index.ts';

/**
 * Cuts a read off after `patienceMs`: it counts as one that timed out. Reads go one at a time, so a window of the past
 * that hangs would otherwise hold up the present for as long as a request may take.
 */
export const readWithPatience = async (
  clock: Clock,
  patienceMs: number,
  signal: AbortSignal,
  read: (signal: AbortSignal) => Promise<ReadOutcome>,
): Promise<ReadOutcome> => {
  const impatience = new AbortController();
  const done = new AbortController();
  void clock.sleep(patienceMs, done.signal).then(() => {
    if (!done.signal.aborted) impatience.abort();
  });
  const outcome = await read(AbortSignal.any([signal, impatience.signal]));
  done.abort();
  if (outcome.kind === 'READ' || outcome.code !== 'ABORTED' || signal.aborted) return outcome;
  return {
    ...outcome,
    code: 'TIMED_OUT',
    message: `no whole answer within ${patienceMs / 1_000} s; the present comes first`,
  };
};
