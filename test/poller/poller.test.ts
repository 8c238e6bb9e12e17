import { expect, test } from 'vitest';
import { completeThrough, freshThrough } from '../../src/poller/index.ts';
import { BEGIN_MS, createScene, HOUR_MS, isLegal, MINUTE_MS } from './scene.ts';
import { failure, recordAt } from './scriptedUpstream.ts';

test('fills the past newest first while it goes on reading the present', async () => {
  const { clock, server, log, start } = createScene();
  const run = start();
  await clock.advance(MINUTE_MS);
  await run.stop();
  const coverage = log.readPollState().coverage;
  const nowMs = server.serverNowMs();
  expect(coverage[0]!.fromMs).toBeLessThan(nowMs - 2 * HOUR_MS + 2 * MINUTE_MS);
  expect(completeThrough(coverage)).toBe(freshThrough(coverage));
  expect(freshThrough(coverage)).toBeGreaterThan(nowMs - 25_000);
  const past = server.requests.filter(({ toMs, serverNowMs }) => toMs < serverNowMs - 2 * MINUTE_MS);
  expect(past.map(({ toMs }) => toMs)).toEqual(past.map(({ toMs }) => toMs).sort((a, b) => b - a));
  expect(past.length).toBeGreaterThanOrEqual(11);
  expect(past.length).toBeLessThanOrEqual(14);
  expect(server.requests.every(isLegal)).toBe(true);
  expect(run.poller.status().backfill).toMatchObject({ complete: true });
});

test('asks a server that refuses the credentials once a minute', async () => {
  const { clock, server, start } = createScene({
    script: { fault: () => failure('UNAUTHORIZED', { status: 401 }) },
  });
  const run = start();
  await clock.advance(10 * MINUTE_MS);
  expect(server.requests.length).toBeGreaterThanOrEqual(9);
  expect(server.requests.length).toBeLessThanOrEqual(11);
  expect(run.poller.status().health).toBe('AUTH_FAILED');
  server.script.fault = () => null;
  await clock.advance(2 * MINUTE_MS);
  expect(run.poller.status().health).toBe('OK');
  await run.stop();
});

test('keeps quiet for as long as Retry-After says', async () => {
  const { clock, server, start } = createScene();
  const run = start();
  await clock.advance(MINUTE_MS);
  server.script.fault = () => failure('RATE_LIMITED', { status: 429, retryAfterMs: 90_000 });
  await clock.advance(6_000);
  server.script.fault = () => null;
  const before = server.requests.length;
  await clock.advance(80_000);
  expect(server.requests.length).toBe(before);
  await clock.advance(20_000);
  expect(server.requests.length).toBeGreaterThan(before);
  await run.stop();
});

test.each([-120_000, -1_000, 119_000])(
  'with a local clock wrong by %d ms asks for nothing in the future and loses nothing',
  async (errorMs) => {
    const rows = Array.from({ length: 2_000 }, (_, i) => {
      const startMs = BEGIN_MS - HOUR_MS + i * 2_500;
      return { record: recordAt(startMs), visibleMs: startMs + 15_000 };
    });
    const { clock, server, log, start } = createScene({ script: { rows }, wallErrorMs: errorMs });
    const run = start();
    await clock.advance(5 * MINUTE_MS);
    clock.jumpWallClock(120_000);
    await clock.advance(5 * MINUTE_MS);
    clock.jumpWallClock(-240_000);
    await clock.advance(5 * MINUTE_MS);
    await run.stop();
    expect(server.requests.every(isLegal)).toBe(true);
    const settledMs = freshThrough(log.readPollState().coverage)!;
    expect(settledMs).toBeGreaterThan(server.serverNowMs() - 25_000);
    for (const { record } of rows) {
      if (record.startMs < settledMs) expect(log.records.has(record.eventId)).toBe(true);
    }
  },
);

test.each([-180 * 24 * HOUR_MS, -10 * MINUTE_MS, 10 * MINUTE_MS, 180 * 24 * HOUR_MS])(
  'with a local clock wrong by %d ms, also at a restart, only the first answer is wasted',
  async (errorMs) => {
    const rows = Array.from({ length: 2_000 }, (_, i) => {
      const startMs = BEGIN_MS - HOUR_MS + i * 2_500;
      return { record: recordAt(startMs), visibleMs: startMs + 15_000 };
    });
    const { clock, server, log, coverage, start } = createScene({ script: { rows }, wallErrorMs: errorMs });
    for (let life = 0; life < 2; life += 1) {
      const begunWith = server.requests.length;
      const run = start();
      await clock.advance(5 * MINUTE_MS);
      await run.stop();
      expect(server.requests.slice(begunWith + 1).every(isLegal)).toBe(true);
      expect(run.poller.status().clockOffset?.lowMs).toBeCloseTo(-errorMs, -4);
    }
    expect(coverage().filter(({ level }) => level === 'GAP')).toEqual([]);
    expect(coverage()[0]!.fromMs).toBeGreaterThan(BEGIN_MS - 3 * HOUR_MS);
    const settledMs = freshThrough(coverage())!;
    expect(settledMs).toBeGreaterThan(server.serverNowMs() - 25_000);
    for (const { record } of rows) {
      if (record.startMs < settledMs) expect(log.records.has(record.eventId)).toBe(true);
    }
  },
);

test('a long settle time costs no more requests, and leaves no holes among what is settled', async () => {
  const askedWith = async (settleMs: number) => {
    const { clock, server, coverage, start } = createScene({ settings: { settleMs } });
    const run = start();
    await clock.advance(HOUR_MS);
    const settled = coverage().filter(({ level }) => level === 'SETTLED' || level === 'SEALED');
    expect(settled.slice(1).map(({ fromMs }) => fromMs)).toEqual(
      settled.slice(0, -1).map(({ toMs }) => toMs),
    );
    await run.stop();
    return server.requests.length;
  };
  const usual = await askedWith(15_000);
  expect(await askedWith(120_000)).toBeLessThan(usual * 1.05);
  expect(await askedWith(280_000)).toBeLessThan(usual * 1.05);
});

test('a restart repeats nothing but the present', async () => {
  const { clock, server, log, start } = createScene();
  const first = start();
  await clock.advance(1_000);
  await first.stop();
  const midway = server.requests.length;
  const second = start();
  await clock.advance(MINUTE_MS);
  await second.stop();
  const coverage = log.readPollState().coverage;
  expect(completeThrough(coverage)).toBe(freshThrough(coverage));
  const past = server.requests.filter(({ toMs, serverNowMs }) => toMs < serverNowMs - 2 * MINUTE_MS);
  expect(past.length).toBeLessThanOrEqual(15);
  expect(midway).toBeGreaterThan(0);
});
