import type { Memory } from './messages.ts';

/** After collecting; needs --expose-gc. */
export const readMemory = (): Memory => {
  for (let round = 0; round < 4; round++) globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rssBytes: rss, heapBytes: heapUsed, externalBytes: external };
};
