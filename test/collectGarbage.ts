import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** So that a measurement of memory is of what is held, not of what happens to lie around. */
export const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc');
  // With the flag set, every new context has V8's own `gc`.
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('this runtime hands out no gc');
  collect();
};
