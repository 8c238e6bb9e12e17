import { expect, test } from 'vitest';
import { createMirrorFile } from './mirrorFile.ts';
import { mirrorViolationsOf } from './mirrorOracle.ts';
import { violationsOf } from './oracle.ts';
import { planOf } from './plan.ts';
import { simulate } from './simulate.ts';

/** `SEED=17` plays one seed again, `SEEDS=5000` plays that many. */
const one = process.env['SEED'];
const count = Number(process.env['SEEDS'] ?? 200);
const seeds = one === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [Number(one)];

test.each(seeds)(
  'seed %d: nothing lost, nothing claimed that was not read',
  async (seed) => {
    const mirror = createMirrorFile();
    try {
      const played = await simulate(planOf(seed), mirror);
      const violations = [...violationsOf(played), ...mirrorViolationsOf(played, mirror)];
      const replay = `SEED=${seed} npx vitest run test/simulation`;
      expect(violations.slice(0, 5), `${violations.length} violations; replay: ${replay}`).toEqual([]);
    } finally {
      mirror.remove();
    }
  },
  60_000,
);
