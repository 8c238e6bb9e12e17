import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
// What the flag puts into every new context.
const collectGarbage = runInNewContext('gc') as () => void;

/** How many of them nothing holds any more. What a job has made or looked at is held until it is over. */
export const countCollected = async (refs: readonly WeakRef<object>[]): Promise<number> => {
  await setImmediate();
  collectGarbage();
  return refs.filter((ref) => ref.deref() === undefined).length;
};
