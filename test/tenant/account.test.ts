import { expect, onTestFinished, test } from 'vitest';
import type { PollerStatus } from '../../src/poller/index.ts';
import { accountOf } from '../../src/tenant/index.ts';
import { openGateway } from '../fixtures/gateway.ts';
import { DAY_MS, settled } from '../mirror/support/records.ts';

const MINUTE_MS = 60_000;

/** A mirror that is fresh through a minute of the day, read while this machine's clock is `slowMs` behind upstream's. */
const accountAt = async (parts: { freshMs: number; nowMs: number; slowMs: number }) => {
  const gateway = openGateway();
  onTestFinished(gateway.dispose);
  await gateway.mirror.append({ coverage: [settled(0, parts.freshMs)] });
  gateway.clock.jumpWallClock(DAY_MS + parts.nowMs - parts.slowMs - gateway.clock.nowMs());
  const status: PollerStatus = {
    health: 'OK',
    healthMessage: null,
    clockOffset: { lowMs: parts.slowMs, highMs: parts.slowMs },
    lastPoll: null,
    backfill: null,
    requestsTotal: 1,
    failuresTotal: 0,
    foundReachMs: null,
  };
  const { tenant, clock } = gateway.context();
  return accountOf({ ...tenant, liveStatus: () => status }, clock);
};

test('a feed that fell behind is DEGRADED for probes too, by seconds of the clock of upstream', async () => {
  const account = await accountAt({
    freshMs: 10 * MINUTE_MS,
    nowMs: 10 * MINUTE_MS + 400_000,
    slowMs: 10 * MINUTE_MS,
  });
  expect(account).toMatchObject({
    health: 'DEGRADED',
    lagSeconds: 400,
    covered: true,
    freshThroughMs: DAY_MS + 10 * MINUTE_MS,
  });
});

test('a fresh feed is OK on a machine whose clock is ten minutes ahead', async () => {
  const account = await accountAt({
    freshMs: 10 * MINUTE_MS,
    nowMs: 10 * MINUTE_MS + 20_000,
    slowMs: -10 * MINUTE_MS,
  });
  expect(account).toMatchObject({ health: 'OK', lagSeconds: 20 });
});
