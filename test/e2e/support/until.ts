import { setTimeout as sleep } from 'node:timers/promises';

/** Looks again and again until `look` gives a value; fails at the deadline with the last thing that went wrong. */
export const until = async <T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  deadlineMs = 40_000,
): Promise<T> => {
  const endMs = performance.now() + deadlineMs;
  let last: unknown = null;
  for (;;) {
    try {
      const found = await look();
      if (found !== null && found !== undefined && found !== false) return found;
    } catch (error) {
      last = error;
    }
    if (performance.now() > endMs) {
      throw new Error(`not within ${deadlineMs} ms: ${what}`, last === null ? {} : { cause: last });
    }
    await sleep(50);
  }
};
