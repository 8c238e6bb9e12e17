import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { GENESIS_MS } from '../../mirror/support/mirrorFile.ts';
import { DAY_MS, record, settled } from '../../mirror/support/records.ts';

const HOUR_MS = 3_600_000;
const NOW = GENESIS_MS - DAY_MS;
const iso = (ms: number) => new Date(DAY_MS + ms).toISOString();

let gateway: Gateway;
beforeAll(async () => {
  gateway = openGateway();
  await gateway.mirror.append({
    records: [record({ start: NOW - 3 * HOUR_MS }), record({ start: NOW - 2 * HOUR_MS })],
    coverage: [settled(NOW - 4 * HOUR_MS, NOW - 60_000)],
    // Our clock is an hour behind upstream's, give or take 200 ms.
    status: {
      health: 'OK',
      healthMessage: null,
      clockOffset: { lowMs: HOUR_MS - 200, highMs: HOUR_MS + 200 },
      lastPoll: null,
      backfill: null,
      requestsTotal: 1,
      failuresTotal: 0,
      foundReachMs: null,
    },
  });
});
afterAll(() => gateway.dispose());

test('the mirror says what time it is upstream, which is what statuses are counted up to', async () => {
  const { mirror, agentStatuses } = await gateway.ask<{
    mirror: { now: string; lagSeconds: number };
    agentStatuses: { at: string; nodes: { at: string; durationSeconds: number }[] };
  }>('{ mirror { now lagSeconds } agentStatuses { at nodes { at durationSeconds } } }');
  expect(mirror).toEqual({ now: iso(NOW + HOUR_MS), lagSeconds: 3_660 });
  expect(agentStatuses.at).toBe(mirror.now);
  expect(agentStatuses.nodes).toEqual([{ at: mirror.now, durationSeconds: 4 * 3_600 }]);
});

test('it says how far back it reaches', async () => {
  const { mirror } = await gateway.ask<{ mirror: object }>(
    '{ mirror { retention { oldestEvent oldestChange } } }',
  );
  expect(mirror).toEqual({ retention: { oldestEvent: iso(NOW - 3 * HOUR_MS), oldestChange: 1 } });
});
