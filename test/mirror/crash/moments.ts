import { createRandom, type Random } from '../../../src/simulator/random.ts';

/**
 * Chance for the moments of kills, another every run. The seed is printed, and `SEED` sets it: the machine decides what
 * stands at a moment, so a seed makes a run alike and not the same.
 */
export const drawMoments = (): Random => {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  process.stdout.write(`moments of kills: SEED=${seed}\n`);
  return createRandom(seed);
};
