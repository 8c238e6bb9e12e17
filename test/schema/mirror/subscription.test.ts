import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PollerStatus } from '../../../src/poller/index.ts';
import type { GatewayContext } from '../../../src/schema/index.ts';
import { type Follower, openFollower, sourceOf } from '../../fixtures/follower.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { GENESIS_MS } from '../../mirror/support/mirrorFile.ts';
import { DAY_MS, record, settled } from '../../mirror/support/records.ts';

const MIRROR = 'subscription { mirror { health healthMessage freshThrough completeThrough streamCursor } }';
const MINUTE_MS = 60_000;

const well: PollerStatus = {
  health: 'OK',
  healthMessage: null,
  // So that coverage is told in time after the midnight of the test floor.
  clockOffset: { lowMs: DAY_MS - GENESIS_MS, highMs: DAY_MS - GENESIS_MS },
  lastPoll: null,
  backfill: null,
  requestsTotal: 1,
  failuresTotal: 0,
  foundReachMs: null,
};

let gateway: Gateway;
/** What the poller says of itself. */
let status: PollerStatus;
beforeEach(() => {
  gateway = openGateway();
  status = well;
});
afterEach(() => gateway.dispose());

const contextOf = (draining?: AbortSignal): GatewayContext => {
  const context = gateway.context();
  const tenant = { ...context.tenant, liveStatus: () => status };
  return { ...context, tenant: draining ? { ...tenant, draining } : tenant };
};
const openMirror = (draining?: AbortSignal) => openFollower(gateway, MIRROR, {}, contextOf(draining));

type News = {
  health: string;
  healthMessage: string | null;
  freshThrough: string | null;
  streamCursor: string;
};
const newsOf = (result: unknown): News =>
  // Of the operation above.
  JSON.parse(JSON.stringify(result)).data.mirror as News;
const next = async (stream: Follower): Promise<News> => newsOf(await stream.next());
/** What comes within so much time. */
const within = async (stream: Follower, ms: number): Promise<News[]> => {
  stream.ask();
  await gateway.clock.advance(ms);
  const { length } = stream.waiting();
  return length === 0 ? [] : [await next(stream)];
};
/** Coverage up to so long after the clock's start. */
const settle = (fromMs: number, toMs: number) => gateway.mirror.append({ coverage: [settled(fromMs, toMs)] });

describe('mirror, followed', () => {
  test('says at once what is, and then each move of a watermark, with the cursor of then', async () => {
    await settle(0, MINUTE_MS);
    const stream = await openMirror();
    expect(await next(stream)).toMatchObject({ health: 'OK', freshThrough: '2026-11-23T00:01:00.000Z' });
    expect(await within(stream, 3_000)).toEqual([]);
    await gateway.mirror.append({
      records: [record({ start: 0 })],
      coverage: [settled(MINUTE_MS, 2 * MINUTE_MS)],
    });
    const { mirror } = await gateway.ask<{ mirror: { streamCursor: string } }>('{ mirror { streamCursor } }');
    expect(await within(stream, 2_000)).toMatchObject([
      { freshThrough: '2026-11-23T00:02:00.000Z', streamCursor: mirror.streamCursor },
    ]);
  });

  test('is silent about a commit that moves nothing of it', async () => {
    const stream = await openMirror();
    await next(stream);
    await gateway.mirror.append({ records: [record({ start: 0 })] });
    expect(await within(stream, 5_000)).toEqual([]);
  });

  test('says that the health is another, though nothing can be committed', async () => {
    await settle(0, MINUTE_MS);
    const stream = await openMirror();
    await next(stream);
    status = { ...well, health: 'DISK_FULL', healthMessage: 'Make room.' };
    expect(await within(stream, 2_000)).toMatchObject([{ health: 'DISK_FULL', healthMessage: 'Make room.' }]);
  });

  test('says that the feed is behind when that is so, though nothing comes', async () => {
    await settle(-MINUTE_MS, 0);
    const stream = await openMirror();
    expect((await next(stream)).health).toBe('OK');
    const heard: string[] = [];
    while (heard.at(-1) !== 'DEGRADED') heard.push((await next(stream)).health);
    // By upstream's clock, two minutes behind what is fresh.
    expect(gateway.clock.monotonicMs()).toBeLessThan(2 * MINUTE_MS + 2_000);
  });

  test('beats at least every 15 s', async () => {
    const stream = await openMirror();
    await next(stream);
    for (let beat = 1; beat <= 3; beat++) {
      await next(stream);
      expect(gateway.clock.monotonicMs()).toBeLessThanOrEqual(beat * 15_000);
    }
  });

  test('says no more than twice a second what many commits move, and the last of it', async () => {
    await settle(0, MINUTE_MS);
    const stream = await openMirror();
    await next(stream);
    const heard: News[] = [];
    for (let n = 1; n <= 40; n++) {
      await settle(n * MINUTE_MS, (n + 1) * MINUTE_MS);
      heard.push(...(await within(stream, 100)));
    }
    heard.push(...(await within(stream, 2_500)));
    expect(heard.length).toBeGreaterThan(2);
    expect(heard.length).toBeLessThan(10);
    expect(heard.at(-1)?.freshThrough).toBe('2026-11-23T00:41:00.000Z');
  });

  test('of a draining server ends with SERVER_DRAINING and the cursor to go on from', async () => {
    const draining = new AbortController();
    const stream = await openMirror(draining.signal);
    const { streamCursor } = await next(stream);
    draining.abort();
    const last = await stream.next();
    expect(last?.errors?.[0]?.extensions).toMatchObject({ code: 'SERVER_DRAINING', cursor: streamCursor });
    expect(await stream.next()).toBe(null);
  });

  test('is the same news for all, and rest costs no read of the coverage', async () => {
    await settle(0, MINUTE_MS);
    const sources = await Promise.all(
      Array.from({ length: 30 }, () => sourceOf(gateway, MIRROR, {}, contextOf())),
    );
    const openings = sources.map((source) => source.open());
    await gateway.clock.advance(2_000);
    await settle(MINUTE_MS, 2 * MINUTE_MS);
    const told = sources.map((source, i) => source.step(openings[i]!.seq).event);
    expect(new Set(told).size).toBe(1);
    expect(told[0]).not.toBe(null);
  });
});
