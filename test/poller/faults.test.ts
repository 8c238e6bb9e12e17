import { expect, test } from 'vitest';
import { type Appended, completeThrough, freshThrough } from '../../src/poller/index.ts';
import { BEGIN_MS, createScene, HOUR_MS, isLegal, MINUTE_MS } from './scene.ts';
import { type Asked, failure, idAt, recordAt } from './scriptedUpstream.ts';

const rowsEvery = (stepMs: number, fromMs: number, toMs: number) => {
  const rows = [];
  for (let startMs = fromMs; startMs < toMs; startMs += stepMs) {
    rows.push({ record: recordAt(startMs), visibleMs: startMs + 15_000 });
  }
  return rows;
};

test('an outage of hours is filled when it is over, and named while it is not', async () => {
  const rows = rowsEvery(60_000, BEGIN_MS, BEGIN_MS + 6 * HOUR_MS);
  const scene = createScene({ script: { rows } });
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  scene.server.script.fault = () => failure('UNREACHABLE');
  await scene.clock.advance(3 * HOUR_MS);
  expect(run.poller.status().health).toBe('UNREACHABLE');
  const asked = scene.server.requests.length;
  scene.server.script.fault = () => null;
  // Long enough for one reading of the present, and far too short for the past.
  while (scene.server.requests.length === asked) await scene.clock.advance(10);
  await scene.clock.advance(60);
  const gaps = scene.coverage().filter(({ level }) => level === 'GAP');
  expect(gaps).toMatchObject([{ cause: 'OUTAGE' }]);
  expect(gaps[0]!.toMs - gaps[0]!.fromMs).toBeGreaterThan(2.5 * HOUR_MS);
  await scene.clock.advance(5 * MINUTE_MS);
  expect(completeThrough(scene.coverage())).toBe(freshThrough(scene.coverage()));
  for (const { record, visibleMs } of rows) {
    if (visibleMs + 10_000 < scene.server.serverNowMs()) {
      expect(scene.log.records.has(record.eventId)).toBe(true);
    }
  }
  await run.stop();
});

test('what an outage keeps unread until it is out of reach is lost for ever, exactly that, and holds nothing back', async () => {
  const scene = createScene({
    settings: { retentionReachMs: 6 * HOUR_MS },
    script: { reachMs: 6 * HOUR_MS },
  });
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  await run.stop();
  const lastReadMs = freshThrough(scene.coverage())!;
  await scene.clock.advance(9 * HOUR_MS);
  const restartMs = scene.server.serverNowMs();
  const again = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  await again.stop();
  const gaps = scene.coverage().filter(({ level }) => level === 'GAP');
  expect(gaps).toMatchObject([{ cause: 'EXPIRED' }]);
  expect(gaps[0]!.fromMs).toBe(lastReadMs);
  expect(Math.abs(gaps[0]!.toMs - (restartMs - 6 * HOUR_MS))).toBeLessThan(MINUTE_MS);
  expect(completeThrough(scene.coverage())).toBe(freshThrough(scene.coverage()));
  expect(scene.server.requests.every(isLegal)).toBe(true);
});

test('a window that is too large is read in smaller ones', async () => {
  const rows = rowsEvery(100, BEGIN_MS - 30 * MINUTE_MS, BEGIN_MS - 20 * MINUTE_MS);
  const count = ({ fromMs, toMs }: Asked) =>
    rows.filter(({ record }) => record.startMs >= fromMs && record.startMs < toMs).length;
  const scene = createScene({
    script: { rows, fault: (asked) => (count(asked) > 500 ? failure('TOO_LARGE') : null) },
  });
  const run = scene.start();
  await scene.clock.advance(5 * MINUTE_MS);
  await run.stop();
  expect(scene.log.records.size).toBe(rows.length);
  expect(completeThrough(scene.coverage())).toBe(freshThrough(scene.coverage()));
});

test('one second that can never be read costs one second', async () => {
  const poisonMs = BEGIN_MS - HOUR_MS + 500;
  const scene = createScene({
    script: {
      fault: ({ fromMs, toMs }) => (fromMs <= poisonMs && poisonMs < toMs ? failure('TOO_LARGE') : null),
    },
  });
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  await run.stop();
  const gaps = scene.coverage().filter(({ level }) => level === 'GAP');
  expect(gaps.every(({ cause }) => cause === 'UNREADABLE')).toBe(true);
  const gapMs = gaps.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  expect(gapMs).toBeGreaterThan(0);
  // The guard of a second on either side is asked for with every second.
  expect(gapMs).toBeLessThanOrEqual(6_000);
});

test('a window that upstream refuses does not keep the others from being read', async () => {
  const poisonMs = BEGIN_MS - HOUR_MS;
  const scene = createScene({
    script: {
      fault: ({ fromMs, toMs }) =>
        fromMs <= poisonMs && poisonMs < toMs ? failure('BAD_REQUEST', { status: 400 }) : null,
    },
  });
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  const gaps = scene.coverage().filter(({ level }) => level === 'GAP');
  expect(gaps).toMatchObject([{ cause: 'REFUSED' }]);
  expect(gaps[0]!.toMs - gaps[0]!.fromMs).toBeLessThanOrEqual(600_000);
  expect(run.poller.status().health).toBe('OK');
  const tries = scene.server.requests.filter(({ fromMs, toMs }) => fromMs <= poisonMs && poisonMs < toMs);
  expect(tries.length).toBeLessThan(10);
  scene.server.script.fault = () => null;
  await scene.clock.advance(2 * HOUR_MS);
  expect(scene.coverage().filter(({ level }) => level === 'GAP')).toEqual([]);
  await run.stop();
});

test('where upstream reaches back less far than it says, the difference is lost and not asked for endlessly', async () => {
  const scene = createScene({
    settings: { retentionReachMs: 6 * HOUR_MS, backfillMs: 6 * HOUR_MS },
    script: { reachMs: 6 * HOUR_MS - 20 * MINUTE_MS },
  });
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  const refused = scene.server.requests.filter(
    ({ fromMs, serverNowMs }) => fromMs < serverNowMs - scene.server.script.reachMs,
  );
  expect(refused.length).toBeLessThan(30);
  expect(scene.coverage()[0]).toMatchObject({ level: 'GAP', cause: 'EXPIRED' });
  expect(completeThrough(scene.coverage())).toBe(freshThrough(scene.coverage()));
  await run.stop();
});

test('a full disk stops polling, says so, and is over when it is over', async () => {
  let full = false;
  const scene = createScene({
    wrapLog: (log) => ({
      ...log,
      append: async (frame, expectedSeq): Promise<Appended> =>
        full ? { kind: 'REJECTED', code: 'DISK_FULL', message: 'disk full' } : log.append(frame, expectedSeq),
    }),
  });
  const run = scene.start();
  await scene.clock.advance(MINUTE_MS);
  full = true;
  await scene.clock.advance(10_000);
  const asked = scene.server.requests.length;
  await scene.clock.advance(10 * MINUTE_MS);
  expect(run.poller.status().health).toBe('DISK_FULL');
  expect(scene.server.requests.length).toBe(asked);
  full = false;
  await scene.clock.advance(MINUTE_MS);
  expect(run.poller.status().health).toBe('OK');
  expect(completeThrough(scene.coverage())).toBeGreaterThan(scene.server.serverNowMs() - 30_000);
  await run.stop();
});

test('a frame that somebody else got ahead of is made anew', async () => {
  let intrusions = 3;
  const scene = createScene({
    wrapLog: (log) => ({
      ...log,
      async append(frame, expectedSeq) {
        if (intrusions > 0) {
          intrusions -= 1;
          const foreign = { ...frame, records: [], coverage: [], audits: { put: [], remove: [] } };
          await log.append(foreign, log.headSeq());
        }
        return log.append(frame, expectedSeq);
      },
    }),
  });
  const run = scene.start();
  await scene.clock.advance(MINUTE_MS);
  await run.stop();
  expect(completeThrough(scene.coverage())).toBeGreaterThan(scene.server.serverNowMs() - 30_000);
});

test('a record that comes late is found by a re-read, and its neighbourhood read again at once', async () => {
  const startMs = BEGIN_MS + 5 * MINUTE_MS;
  const scene = createScene({
    script: { rows: [{ record: recordAt(startMs), visibleMs: startMs + 40 * MINUTE_MS }] },
  });
  const run = scene.start();
  await scene.clock.advance(40 * MINUTE_MS);
  expect(scene.log.records.size).toBe(0);
  const isNear = ({ toMs }: Asked) => toMs > startMs - 6 * MINUTE_MS && toMs < startMs;
  await scene.clock.advance(45 * MINUTE_MS);
  expect(scene.log.records.size).toBe(1);
  await run.stop();
  const reads = scene.server.requests.filter(({ fromMs, toMs }) => fromMs <= startMs && startMs < toMs);
  expect(reads.length).toBeGreaterThan(3);
  expect(scene.server.requests.some(isNear)).toBe(true);
});

test('a missing successor is looked for around its instant and found', async () => {
  const startMs = BEGIN_MS + 5 * MINUTE_MS;
  const missing = recordAt(startMs + 30_000);
  const rows = [
    {
      record: recordAt(startMs, { endMs: missing.startMs, nextEventId: missing.eventId }),
      visibleMs: startMs + 45_000,
    },
    { record: missing, visibleMs: startMs + 100 * MINUTE_MS },
  ];
  const scene = createScene({ script: { rows } });
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  expect(scene.log.readPollState().audits).toMatchObject([
    { eventId: missing.eventId, expectedMs: missing.startMs, state: 'OPEN' },
  ]);
  await scene.clock.advance(95 * MINUTE_MS);
  const chases = scene.server.requests.filter(
    ({ fromMs, toMs }) => toMs - fromMs < 10_000 && fromMs < missing.startMs && missing.startMs < toMs,
  );
  // 1, 2, 4, 8, 16, 32 minutes apart.
  expect(chases.length).toBeGreaterThanOrEqual(4);
  expect(chases.length).toBeLessThanOrEqual(7);
  await scene.clock.advance(60 * MINUTE_MS);
  expect(scene.log.records.has(missing.eventId)).toBe(true);
  expect(scene.log.readPollState().audits).toEqual([]);
  await run.stop();
});

test('a missing successor that never comes is a chain break at its instant, which holds nothing back', async () => {
  const startMs = BEGIN_MS + 5 * MINUTE_MS;
  const missingMs = startMs + 30_000;
  const record = recordAt(startMs, { endMs: missingMs, nextEventId: idAt(missingMs) });
  const scene = createScene({
    settings: { retentionReachMs: 3 * HOUR_MS },
    script: { reachMs: 3 * HOUR_MS, rows: [{ record, visibleMs: startMs + 45_000 }] },
  });
  const run = scene.start();
  await scene.clock.advance(4 * HOUR_MS);
  await run.stop();
  expect(scene.log.readPollState().audits).toMatchObject([{ state: 'BROKEN' }]);
  expect(scene.coverage().filter(({ level }) => level === 'GAP')).toMatchObject([
    { fromMs: missingMs, toMs: missingMs + 1, cause: 'CHAIN_BREAK' },
  ]);
  expect(completeThrough(scene.coverage())).toBe(freshThrough(scene.coverage()));
});

test('an empty answer in the middle of a busy shift settles nothing', async () => {
  const rows = rowsEvery(500, BEGIN_MS - 10 * MINUTE_MS, BEGIN_MS + HOUR_MS);
  const scene = createScene({ script: { rows } });
  const run = scene.start();
  await scene.clock.advance(5 * MINUTE_MS);
  const before = freshThrough(scene.coverage())!;
  const held = scene.server.script.rows;
  scene.server.script.rows = [];
  await scene.clock.advance(MINUTE_MS);
  expect(run.poller.status().health).toBe('DEGRADED');
  expect(freshThrough(scene.coverage())! - before).toBeLessThan(6_000);
  scene.server.script.rows = held;
  await scene.clock.advance(MINUTE_MS);
  expect(run.poller.status().health).toBe('OK');
  await run.stop();
  const throughMs = completeThrough(scene.coverage())!;
  for (const { record } of rows) {
    if (record.startMs < throughMs) expect(scene.log.records.has(record.eventId)).toBe(true);
  }
});

test('a floor that really went home is believed after some minutes', async () => {
  const rows = rowsEvery(500, BEGIN_MS - 10 * MINUTE_MS, BEGIN_MS + 5 * MINUTE_MS);
  const scene = createScene({ script: { rows } });
  const run = scene.start();
  // It goes home after five; the doubt lasts another five, and what a reading covers must be empty first.
  await scene.clock.advance(14 * MINUTE_MS);
  expect(run.poller.status().health).toBe('OK');
  expect(completeThrough(scene.coverage())).toBeGreaterThan(scene.server.serverNowMs() - 30_000);
  await run.stop();
}, 180_000);

test("when the server's clock jumps nothing young is taken for settled", async () => {
  const scene = createScene();
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  scene.server.script.serverOffsetMs -= 5 * MINUTE_MS;
  await scene.clock.advance(10_000);
  expect(freshThrough(scene.coverage())).toBeLessThan(scene.server.serverNowMs());
  await scene.clock.advance(20 * MINUTE_MS);
  expect(run.poller.status().health).toBe('OK');
  expect(completeThrough(scene.coverage())).toBe(freshThrough(scene.coverage()));
  await run.stop();
});

test('without any Date header the local clock is taken to be up to two minutes wrong, either way', async () => {
  const scene = createScene({ script: { sendsDate: false }, wallErrorMs: 110_000 });
  const run = scene.start();
  await scene.clock.advance(20 * MINUTE_MS);
  await run.stop();
  expect(scene.server.requests.every(isLegal)).toBe(true);
  expect(freshThrough(scene.coverage())).toBeGreaterThan(scene.server.serverNowMs() - 5 * MINUTE_MS);
});

test('a range is read again when asked for, whatever is known of it', async () => {
  const rows = rowsEvery(60_000, BEGIN_MS - 3 * HOUR_MS, BEGIN_MS);
  const scene = createScene({ script: { rows } });
  const progress: number[] = [];
  const range = { fromMs: BEGIN_MS - 3 * HOUR_MS, toMs: BEGIN_MS - HOUR_MS };
  const filling = scene.create().backfill(range, new AbortController().signal, ({ doneMs }) => {
    progress.push(doneMs);
  });
  await scene.clock.advance(MINUTE_MS);
  const result = await filling;
  expect(result).toMatchObject({ stopped: null, unread: [], readMs: 2 * HOUR_MS });
  expect(progress.at(-1)).toBe(2 * HOUR_MS);
  expect(scene.coverage()[0]).toMatchObject({ fromMs: range.fromMs, level: 'SETTLED' });
  const inside = rows.filter(({ record }) => record.startMs >= range.fromMs && record.startMs < range.toMs);
  for (const { record } of inside) expect(scene.log.records.has(record.eventId)).toBe(true);
});

test('windows of the past that hang hold up the present by seconds at most, and are read in the end', async () => {
  const rows = rowsEvery(60_000, BEGIN_MS - 2 * HOUR_MS, BEGIN_MS + HOUR_MS);
  const scene = createScene({ script: { rows } });
  const isPast = ({ toMs, serverNowMs }: Asked) => toMs < serverNowMs - 10 * MINUTE_MS;
  scene.server.script.delayMs = (asked) => (isPast(asked) ? 120_000 : 0);
  const run = scene.start();
  let longestLagMs = 0;
  for (let i = 0; i < 20 * 60; i++) {
    await scene.clock.advance(1_000);
    if (i < 60) continue;
    longestLagMs = Math.max(longestLagMs, scene.server.serverNowMs() - freshThrough(scene.coverage())!);
  }
  expect(scene.server.requests.filter(isPast).length).toBeGreaterThan(10);
  // Settle, one poll, and one reading of the past that took all its time.
  expect(longestLagMs).toBeLessThan(15_000 + 6_000 + 11_000);
  expect(run.poller.status().health).not.toBe('UNREACHABLE');

  scene.server.script.delayMs = () => 0;
  await scene.clock.advance(3 * HOUR_MS);
  await run.stop();
  for (const { record } of rows) expect(scene.log.records.has(record.eventId)).toBe(true);
});

test('a window that upstream needs long for is asked for in parts that it answers in time', async () => {
  const rows = rowsEvery(60_000, BEGIN_MS - 2 * HOUR_MS, BEGIN_MS);
  const scene = createScene({ script: { rows } });
  scene.server.script.delayMs = ({ fromMs, toMs }) => (toMs - fromMs) / 20;
  const run = scene.start();
  await scene.clock.advance(HOUR_MS);
  await run.stop();
  for (const { record } of rows) expect(scene.log.records.has(record.eventId)).toBe(true);
});
