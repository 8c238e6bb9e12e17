import { expect, test } from 'vitest';
import { createMemoryLog } from '../../src/poller/index.ts';
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
    const log = createMemoryLog();
    const played = await simulate(planOf(seed), { open: () => log });
    const violations = violationsOf(played);
    if (violations.length > 0) {
      const replay = `SEED=${seed} npx vitest run test/simulation`;
      expect.fail(
        `${violations.length} violations, first ${violations.slice(0, 5).join('\n')}\nreplay: ${replay}`,
      );
    }
  },
  60_000,
);
