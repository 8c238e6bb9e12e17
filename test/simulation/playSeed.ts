import { expect, test } from 'vitest';
import { derivedViolationsOf } from './derivedOracle.ts';
import { lossViolationsOf } from './lossOracle.ts';
import { createMirrorFile } from './mirrorFile.ts';
import { mirrorViolationsOf } from './mirrorOracle.ts';
import { violationsOf } from './oracle.ts';
import { isScaleName, planOf } from './plan.ts';
import { simulate } from './simulate.ts';

/** `SEED=17` plays one seed again, `SEEDS=5000` plays that many; `SCALE=days` makes each as long as that (`hours`, `day`). */
const one = process.env['SEED'];
const count = Number(process.env['SEEDS'] ?? 200);
const scale = process.env['SCALE'];
if (scale !== undefined && !isScaleName(scale)) throw new Error(`SCALE=${scale} is not hours, day or days`);

/** One test a seed, dealt to as many files as there are workers to play them. */
export const playSeeds = (hand: number, hands: number): void => {
  const all = one === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [Number(one)];
  const seeds = all.filter((seed) => seed % hands === hand);
  // A file without a test is a failure to vitest.
  if (seeds.length === 0) test.skip('no seed of this hand was asked for', () => {});
  test.each(seeds)(
    'seed %d: nothing lost, nothing claimed that was not read, nothing inferred that the records do not say',
    async (seed) => {
      const mirror = createMirrorFile();
      try {
        const played = await simulate(planOf(seed, scale), mirror);
        const violations = [
          ...violationsOf(played),
          ...mirrorViolationsOf(played, mirror),
          ...derivedViolationsOf(played, mirror),
          ...lossViolationsOf(played, mirror),
        ];
        const replay = `SEED=${seed} ${scale ? `SCALE=${scale} ` : ''}npx vitest run test/simulation`;
        expect(violations.slice(0, 5), `${violations.length} violations; replay: ${replay}`).toEqual([]);
      } finally {
        mirror.remove();
      }
    },
    180_000,
  );
};
