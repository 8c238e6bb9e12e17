import { expect, test } from 'vitest';
import { applyCoverage, completeThrough, type Frame, freshThrough } from '../../src/poller/index.ts';
import type { AgentStateRecord } from '../../src/upstream/index.ts';
import { BEGIN_MS, createScene, HOUR_MS, isLegal, MINUTE_MS } from './scene.ts';
import { type Asked, failure, recordAt } from './scriptedUpstream.ts';

type Scene = ReturnType<typeof createScene>;

const holds =
  (atMs: number) =>
  ({ fromMs, toMs }: Asked): boolean =>
    fromMs <= atMs && atMs < toMs;
const gapsOf = (scene: Scene) => scene.coverage().filter(({ level }) => level === 'GAP');
const lengthOf = (spans: readonly { fromMs: number; toMs: number }[]) =>
  spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
const lagMs = (scene: Scene) => scene.server.serverNowMs() - freshThrough(scene.coverage())!;

test.each(['SERVER_ERROR', 'UNREACHABLE', 'UNAUTHORIZED', 'RATE_LIMITED', 'NOT_FOUND'] as const)(
  'one window of the past that always ends in %s keeps neither the past nor the present from being read',
  async (code) => {
    const isPoisoned = holds(BEGIN_MS - HOUR_MS);
    const scene = createScene();
    scene.server.script.fault = (asked) => (isPoisoned(asked) ? failure(code) : null);
    const run = scene.start();
    await scene.clock.advance(2 * HOUR_MS);
    const { requests } = scene.server;
    expect(requests.filter(isPoisoned).length).toBeLessThan(60);
    // No more often than the poll interval, but for its jitter.
    const hot = requests.filter(({ toMs, serverNowMs }) => serverNowMs - toMs < 5_000);
    expect(hot.length).toBeLessThan((2 * HOUR_MS) / 4_900);
    expect(run.poller.status().health).toBe('OK');
    expect(lagMs(scene)).toBeLessThan(25_000);
    const gaps = gapsOf(scene);
    expect(gaps.every((gap) => gap.cause !== 'EXPIRED' && gap.cause !== 'CHAIN_BREAK')).toBe(true);
    expect(lengthOf(gaps)).toBeLessThanOrEqual(
      code === 'SERVER_ERROR' || code === 'UNREACHABLE' ? 6_000 : 600_000,
    );
    // What lies before it is read, and read again when its age says so.
    expect(scene.coverage().find(({ level }) => level === 'SETTLED')!.toMs).toBeLessThan(BEGIN_MS - HOUR_MS);
    expect(scene.coverage()[0]!.stage).toBeGreaterThanOrEqual(4);
    scene.server.script.fault = () => null;
    await scene.clock.advance(2 * HOUR_MS);
    expect(gapsOf(scene)).toEqual([]);
    expect(completeThrough(scene.coverage())).toBe(freshThrough(scene.coverage()));
    await run.stop();
  },
  180_000,
);

test('where all of an older day fails, the time before it is read all the same, with few requests', async () => {
  const scene = createScene({ settings: { backfillMs: 20 * HOUR_MS } });
  const bad = { fromMs: BEGIN_MS - 12 * HOUR_MS, toMs: BEGIN_MS - 2 * HOUR_MS };
  scene.server.script.fault = ({ fromMs, toMs }) =>
    fromMs < bad.toMs && toMs > bad.fromMs ? failure('SERVER_ERROR') : null;
  const run = scene.start();
  await scene.clock.advance(2 * HOUR_MS);
  await run.stop();
  expect(scene.server.requests.length - (2 * HOUR_MS) / 5_000).toBeLessThan(1_300);
  const settled = scene.coverage().filter(({ level }) => level === 'SETTLED');
  expect(lengthOf(settled)).toBeGreaterThan(11.5 * HOUR_MS);
});

test('a record in the present that upstream chokes on blinds for a minute, not until it is out of the window', async () => {
  const scene = createScene({ settings: { backfillMs: 10 * MINUTE_MS } });
  const poisonMs = BEGIN_MS + 10 * MINUTE_MS;
  const isPoisoned = holds(poisonMs);
  scene.server.script.fault = (asked) => (isPoisoned(asked) ? failure('SERVER_ERROR') : null);
  const run = scene.start();
  await scene.clock.advance(9 * MINUTE_MS);
  let longestMs = 0;
  for (let i = 0; i < 20 * 60; i++) {
    await scene.clock.advance(1_000);
    longestMs = Math.max(longestMs, lagMs(scene));
  }
  await run.stop();
  expect(longestMs).toBeLessThan(90_000);
  // Once it is known where the record lies, the present keeps clear of it.
  const late = scene.server.requests.filter(({ serverNowMs }) => serverNowMs > poisonMs + 75_000);
  const hot = late.filter(({ toMs, serverNowMs }) => serverNowMs - toMs < 5_000);
  expect(hot.filter(isPoisoned).length).toBeLessThan(3);
  expect(lengthOf(gapsOf(scene))).toBeLessThanOrEqual(6_000);
});

test.each([300_000, 590_000])(
  'an upstream that refuses spans of %d ms is read in shorter ones, also after an outage',
  async (refusedMs) => {
    const scene = createScene();
    const limited = ({ fromMs, toMs }: Asked) =>
      toMs - fromMs >= refusedMs ? failure('BAD_REQUEST', { status: 400 }) : null;
    scene.server.script.fault = limited;
    const run = scene.start();
    await scene.clock.advance(10 * MINUTE_MS);
    expect(gapsOf(scene)).toEqual([]);
    scene.server.script.fault = () => failure('UNREACHABLE');
    await scene.clock.advance(20 * MINUTE_MS);
    scene.server.script.fault = limited;
    await scene.clock.advance(5 * MINUTE_MS);
    expect(lagMs(scene)).toBeLessThan(25_000);
    expect(run.poller.status().health).toBe('OK');
    expect(gapsOf(scene)).toEqual([]);
    const before = scene.server.requests.length;
    await scene.clock.advance(50 * MINUTE_MS);
    const refused = scene.server.requests.slice(before).filter((asked) => limited(asked) !== null);
    // The limit is known by now, and tried again once an hour at most.
    expect(refused.length).toBeLessThan(10);
    expect(gapsOf(scene)).toEqual([]);
    await run.stop();
  },
);

test('where upstream keeps a day only, that is found out with few requests, and what is older is lost', async () => {
  const reachMs = 24 * HOUR_MS;
  const scene = createScene({ settings: { backfillMs: 72 * HOUR_MS }, script: { reachMs } });
  const isTooOld = ({ fromMs, serverNowMs }: Asked) => fromMs < serverNowMs - reachMs;
  const run = scene.start();
  await scene.clock.advance(5 * MINUTE_MS);
  expect(scene.server.requests.filter(isTooOld).length).toBeLessThan(30);
  // A refusal of minutes gives nothing up for ever.
  const lost = () => gapsOf(scene).filter(({ cause }) => cause === 'EXPIRED');
  expect(lengthOf(lost())).toBeLessThan(10 * MINUTE_MS);
  await scene.clock.advance(10 * MINUTE_MS);
  expect(Math.abs(lost().at(-1)!.toMs - (BEGIN_MS - reachMs))).toBeLessThan(2 * MINUTE_MS);
  expect(completeThrough(scene.coverage())).toBe(freshThrough(scene.coverage()));
  const before = scene.server.requests.length;
  await scene.clock.advance(2 * HOUR_MS);
  await run.stop();
  expect(scene.server.requests.slice(before).filter(isTooOld)).toEqual([]);
  expect(scene.coverage().some(({ level }) => level === 'SEALED')).toBe(true);
});

const olderThan =
  (reachMs: number) =>
  ({ fromMs, serverNowMs }: Asked): boolean =>
    fromMs < serverNowMs - reachMs;

const frameOf = (records: AgentStateRecord[]): Frame => ({
  observedMs: BEGIN_MS,
  records,
  quarantined: [],
  coverage: [],
  audits: { put: [], remove: [] },
  status: null,
});

/** A poller that has found out how far back upstream answers, and was stopped. */
const oneThatKnowsItsReach = async (reachMs: number): Promise<Scene> => {
  const scene = createScene({
    settings: { backfillMs: 72 * HOUR_MS, pollIntervalMs: 15_000 },
    script: { reachMs },
  });
  const run = scene.start();
  await scene.clock.advance(15 * MINUTE_MS);
  await run.stop();
  return scene;
};

test('how far back upstream answers is asked anew by a restart, not found out anew', async () => {
  const reachMs = 24 * HOUR_MS;
  const scene = await oneThatKnowsItsReach(reachMs);
  // Open for longer than upstream keeps it: it is looked at again as soon as upstream is thought to have it.
  const startMs = scene.server.serverNowMs() - reachMs + MINUTE_MS;
  scene.log.append(frameOf([recordAt(startMs)]), scene.log.headSeq());
  // One of the lives ends before it can have asked.
  for (const lifeMs of [20 * MINUTE_MS, 500, 20 * MINUTE_MS]) {
    await scene.clock.advance(10 * MINUTE_MS);
    const before = scene.server.requests.length;
    const run = scene.start();
    await scene.clock.advance(lifeMs);
    await run.stop();
    const refused = scene.server.requests.slice(before).filter(olderThan(reachMs));
    expect(refused.length).toBeLessThanOrEqual(3);
    expect(gapsOf(scene).filter(({ cause }) => cause !== 'EXPIRED')).toEqual([]);
    expect(completeThrough(scene.coverage())).toBe(freshThrough(scene.coverage()));
  }
});

test('a restart does not keep what an upstream of a day has from its last re-read', async () => {
  const reachMs = 24 * HOUR_MS;
  const scene = await oneThatKnowsItsReach(reachMs);
  const run = scene.start();
  await scene.clock.advance(12 * HOUR_MS);
  await run.stop();
  const old = scene.coverage().filter(({ fromMs }) => fromMs < scene.server.serverNowMs() - reachMs);
  // All but what was about to be forgotten when it was first read.
  expect(lengthOf(old.filter(({ level }) => level === 'SETTLED'))).toBeLessThan(15 * MINUTE_MS);
  expect(lengthOf(old.filter(({ level }) => level === 'SEALED'))).toBeGreaterThan(11.5 * HOUR_MS);
});

test('an upstream that answers for more than before the restart is asked for all of it', async () => {
  const scene = await oneThatKnowsItsReach(24 * HOUR_MS);
  const stoppedMs = scene.server.serverNowMs();
  await scene.clock.advance(30 * HOUR_MS);
  scene.server.script.reachMs = 72 * HOUR_MS;
  const run = scene.start();
  await scene.clock.advance(30 * MINUTE_MS);
  await run.stop();
  expect(gapsOf(scene).filter(({ toMs }) => toMs > stoppedMs)).toEqual([]);
  expect(run.poller.status().foundReachMs).toBeNull();
  expect(completeThrough(scene.coverage())).toBe(freshThrough(scene.coverage()));
});

test('an upstream that answers for less than before the restart is found out, with few requests', async () => {
  const scene = await oneThatKnowsItsReach(24 * HOUR_MS);
  await scene.clock.advance(20 * HOUR_MS);
  scene.server.script.reachMs = 12 * HOUR_MS;
  const before = scene.server.requests.length;
  const run = scene.start();
  await scene.clock.advance(30 * MINUTE_MS);
  const refused = scene.server.requests.slice(before).filter(olderThan(12 * HOUR_MS));
  expect(refused.length).toBeLessThan(40);
  const gaps = gapsOf(scene);
  expect(gaps.filter(({ cause }) => cause !== 'EXPIRED')).toEqual([]);
  expect(Math.abs(gaps.at(-1)!.toMs - (scene.server.serverNowMs() - 12 * HOUR_MS))).toBeLessThan(
    32 * MINUTE_MS,
  );
  const known = scene.server.requests.length;
  await scene.clock.advance(2 * HOUR_MS);
  await run.stop();
  expect(scene.server.requests.slice(known).filter(olderThan(12 * HOUR_MS))).toEqual([]);
});

test('windows that are refused for minutes are not given up as too old', async () => {
  const scene = createScene({ settings: { backfillMs: 24 * HOUR_MS } });
  scene.server.script.fault = ({ toMs, serverNowMs }) =>
    toMs < serverNowMs - HOUR_MS ? failure('BAD_REQUEST', { status: 400 }) : null;
  const run = scene.start();
  await scene.clock.advance(5 * MINUTE_MS);
  scene.server.script.fault = () => null;
  await scene.clock.advance(15 * MINUTE_MS);
  await run.stop();
  expect(gapsOf(scene)).toEqual([]);
  expect(completeThrough(scene.coverage())).toBe(freshThrough(scene.coverage()));
});

test.each([0, 5 * MINUTE_MS])(
  'an upstream whose every answer is too large after %d ms is asked slowly, and the health says so',
  async (afterMs) => {
    const scene = createScene();
    const run = scene.start();
    await scene.clock.advance(afterMs);
    scene.server.script.fault = () => failure('TOO_LARGE');
    await scene.clock.advance(MINUTE_MS);
    const asked = scene.server.requests.length;
    const frames = scene.log.headSeq();
    await scene.clock.advance(10 * MINUTE_MS);
    expect(run.poller.status()).toMatchObject({
      health: 'UNREACHABLE',
      healthMessage: expect.stringContaining('TOO_LARGE'),
    });
    expect(scene.server.requests.length - asked).toBeLessThan(40);
    expect(scene.log.headSeq() - frames).toBeLessThan(5);
    await run.stop();
  },
);

test.each([0, 1, 5, 20])(
  "when %d failed answers show that the server's clock jumped, nothing stays settled that it did not see",
  async (failures) => {
    const scene = createScene();
    const run = scene.start();
    await scene.clock.advance(10 * MINUTE_MS);
    scene.server.script.serverOffsetMs -= 5 * MINUTE_MS;
    let left = failures;
    scene.server.script.fault = () => (left-- > 0 ? failure('SERVER_ERROR', { status: 503 }) : null);
    const frames = scene.log.headSeq();
    await scene.clock.advance(12_000);
    expect(freshThrough(scene.coverage())).toBeLessThan(scene.server.serverNowMs() - 15_000);
    const told = [...scene.log.tail(frames)].map(({ frame }) => frame.status?.health);
    expect(told).toContain('CLOCK_STEP');
    await run.stop();
  },
);

test('the present is asked for even where hardly any of the past is answered, and no clock is known', async () => {
  const scene = createScene({ script: { sendsDate: false } });
  scene.server.script.fault = ({ fromMs, serverNowMs }) =>
    fromMs < serverNowMs - 4 * MINUTE_MS ? failure('BAD_REQUEST', { status: 400 }) : null;
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  const asked = scene.server.requests.length;
  await scene.clock.advance(MINUTE_MS);
  expect(scene.server.requests.length - asked).toBeGreaterThan(9);
  await run.stop();
});

test('when a clock that was set back shows late, nothing stays settled that was read by the wrong one', async () => {
  const scene = createScene();
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  scene.server.script.serverOffsetMs -= 5 * MINUTE_MS;
  const setToMs = scene.server.serverNowMs();
  scene.server.script.sendsDate = false;
  await scene.clock.advance(3 * MINUTE_MS);
  scene.server.script.sendsDate = true;
  const before = scene.coverage();
  const seq = scene.log.headSeq();
  await scene.clock.advance(12_000);
  let coverage = before;
  for (const { frame } of scene.log.tail(seq)) {
    coverage = applyCoverage(coverage, frame.coverage);
    if (frame.status?.health === 'CLOCK_STEP') break;
  }
  expect(freshThrough(before)).toBeGreaterThan(setToMs);
  expect(freshThrough(coverage)).toBeLessThan(setToMs);
  await scene.clock.advance(MINUTE_MS);
  expect(freshThrough(scene.coverage())).toBeGreaterThan(scene.server.serverNowMs() - 30_000);
  await run.stop();
});

test('what was read by a clock that the first Date header proves wrong does not stay settled', async () => {
  const scene = createScene({ wallErrorMs: 10 * MINUTE_MS, script: { sendsDate: false } });
  const run = scene.start();
  await scene.clock.advance(5 * MINUTE_MS);
  expect(freshThrough(scene.coverage())).toBeGreaterThan(scene.server.serverNowMs());
  scene.server.script.sendsDate = true;
  await scene.clock.advance(6_000);
  expect(freshThrough(scene.coverage()) ?? 0).toBeLessThan(scene.server.serverNowMs() - 15_000);
  const asked = scene.server.requests.length;
  await scene.clock.advance(MINUTE_MS);
  expect(freshThrough(scene.coverage())).toBeGreaterThan(scene.server.serverNowMs() - 30_000);
  expect(scene.server.requests.slice(asked).every(isLegal)).toBe(true);
  await run.stop();
});

test('when the clock was set back between two lives, nothing is settled that is still to come', async () => {
  const scene = createScene();
  const first = scene.start();
  await scene.clock.advance(80 * MINUTE_MS);
  await first.stop();
  scene.server.script.serverOffsetMs -= HOUR_MS;
  const second = scene.start();
  await scene.clock.advance(6_000);
  // A new process knows the server's clock to a second or so.
  expect(freshThrough(scene.coverage())).toBeLessThan(scene.server.serverNowMs() - 13_000);
  await scene.clock.advance(2 * MINUTE_MS);
  // What is left of the time to come is nothing to fill.
  expect(second.poller.status().backfill?.complete ?? true).toBe(true);
  await second.stop();
});

test.each([
  ['UNREADABLE', 'UNREADABLE'],
  ['BAD_REQUEST', 'REFUSED'],
  ['UNAUTHORIZED', 'REFUSED'],
  ['SERVER_ERROR', 'OUTAGE'],
] as const)('a hole that %s left has the cause %s', async (code, cause) => {
  const scene = createScene();
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  scene.server.script.fault = () => failure(code);
  await scene.clock.advance(2 * HOUR_MS);
  await firstAnswer(scene);
  expect(hoursOf(gapsOf(scene))).toEqual([[cause, 2]]);
  await run.stop();
});

test('a hole has each of its causes where it was the cause', async () => {
  const scene = createScene();
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  scene.server.script.fault = () => failure('UNAUTHORIZED');
  await scene.clock.advance(2 * HOUR_MS);
  scene.server.script.fault = () => failure('UNREACHABLE');
  await scene.clock.advance(HOUR_MS);
  await run.stop();
  await scene.clock.advance(HOUR_MS);
  const again = scene.start();
  scene.server.script.fault = () => failure('UNREADABLE');
  await scene.clock.advance(50 * MINUTE_MS);
  await firstAnswer(scene);
  await again.stop();
  // Of the first process's failures the second knows nothing: nobody knows better than OUTAGE.
  const gaps = hoursOf(gapsOf(scene));
  expect(gaps).toEqual([
    ['OUTAGE', 4],
    ['UNREADABLE', 1],
  ]);
});

test('a hole that two faults left in one life has both causes', async () => {
  const scene = createScene();
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  scene.server.script.fault = () => failure('UNAUTHORIZED');
  await scene.clock.advance(3 * HOUR_MS);
  scene.server.script.fault = () => failure('UNREACHABLE');
  await scene.clock.advance(HOUR_MS);
  await firstAnswer(scene);
  await run.stop();
  const gaps = hoursOf(gapsOf(scene));
  expect(gaps).toEqual([
    ['REFUSED', 3],
    ['OUTAGE', 1],
  ]);
});

/** Hours of each cause, in order; what the first answers left between them is minutes. */
const hoursOf = (gaps: ReturnType<typeof gapsOf>) =>
  gaps
    .map(({ fromMs, toMs, cause }) => [cause, Math.round((toMs - fromMs) / HOUR_MS)])
    .filter(([, hours]) => hours !== 0);

/** Long enough for one reading of the present, and far too short for the past. */
const firstAnswer = async (scene: Scene): Promise<void> => {
  scene.server.script.fault = () => null;
  const asked = scene.server.requests.length;
  while (scene.server.requests.length === asked) await scene.clock.advance(10);
  await scene.clock.advance(60);
};

test('what was asked for when the poller is stopped is read and committed', async () => {
  const scene = createScene({ settings: { backfillMs: 0 }, script: { latencyMs: 2_000 } });
  const run = scene.start();
  await scene.clock.advance(10_000);
  const asked = scene.server.requests.length;
  while (scene.server.requests.length === asked) await scene.clock.advance(100);
  const frames = scene.log.headSeq();
  await run.stop();
  expect(scene.server.requests.length).toBe(asked + 1);
  expect(scene.log.headSeq()).toBe(frames + 1);
  expect(run.poller.status().health).toBe('STOPPED');
});

test('what takes too long when the poller is stopped is dropped whole', async () => {
  const scene = createScene();
  const run = scene.start();
  await scene.clock.advance(MINUTE_MS);
  scene.server.script.delayMs = () => HOUR_MS;
  await scene.clock.advance(10_000);
  const frames = scene.log.headSeq();
  const stoppedMs = scene.clock.monotonicMs();
  await run.stop();
  expect(scene.clock.monotonicMs() - stoppedMs).toBeLessThan(5_000);
  expect(scene.log.headSeq()).toBe(frames);
});

test('a feed much of which is no record is DEGRADED and settles nothing, until it is well', async () => {
  const scene = createScene({ settings: { backfillMs: HOUR_MS } });
  const row = { reason: 'NO_EVENT_ID' as const, rawJson: '{}' };
  scene.server.script.quarantined = ({ fromMs, toMs }) =>
    Array(Math.round((toMs - fromMs) / 1_000)).fill(row);
  const run = scene.start();
  await scene.clock.advance(5 * MINUTE_MS);
  expect(run.poller.status()).toMatchObject({
    health: 'DEGRADED',
    healthMessage: expect.stringContaining('no records'),
    lastPoll: { outcome: 'MALFORMED' },
  });
  expect(freshThrough(scene.coverage())).toBeNull();
  scene.server.script.quarantined = () => [row, row];
  await scene.clock.advance(2 * HOUR_MS);
  expect(run.poller.status().health).toBe('OK');
  expect(completeThrough(scene.coverage())).toBe(freshThrough(scene.coverage()));
  await run.stop();
});

test('nothing is asked for that upstream does not allow, whatever fails', async () => {
  const rows = [{ record: recordAt(BEGIN_MS - HOUR_MS), visibleMs: BEGIN_MS }];
  const scene = createScene({ script: { rows } });
  const codes = ['SERVER_ERROR', 'TOO_LARGE', 'BAD_REQUEST', 'UNREADABLE', 'TIMED_OUT'] as const;
  let turn = 0;
  scene.server.script.fault = ({ fromMs }) => {
    turn += 1;
    return Math.floor(fromMs / MINUTE_MS) % 3 === 0 ? failure(codes[turn % codes.length]!) : null;
  };
  const run = scene.start();
  await scene.clock.advance(HOUR_MS);
  expect(scene.server.requests.every(isLegal)).toBe(true);
  expect(scene.server.requests.length).toBeLessThan(20 * 60 * 10);
  scene.server.script.fault = () => null;
  await scene.clock.advance(3 * HOUR_MS);
  await run.stop();
  expect(gapsOf(scene)).toEqual([]);
  expect(scene.log.records.size).toBe(1);
});

test('a window of the past that is doubted is asked for again, but not at once', async () => {
  const rows = Array.from({ length: 1_200 }, (_, i) => {
    // From the first reading of the present on: with the clock still unknown it is two minutes old.
    const startMs = BEGIN_MS - 208_000 + i * 500;
    return { record: recordAt(startMs), visibleMs: startMs + 15_000 };
  });
  const scene = createScene({ script: { rows }, settings: { backfillMs: 14 * MINUTE_MS } });
  const run = scene.start();
  await scene.clock.advance(2 * MINUTE_MS);
  await run.stop();
  const past = scene.server.requests.filter(({ toMs }) => toMs < BEGIN_MS - 205_000);
  expect(past.length).toBeGreaterThan(1);
  expect(past.length).toBeLessThan(15);
  expect(scene.coverage().some(({ level, reads }) => level === 'PROVISIONAL' && reads > 1)).toBe(true);
});

test('a second that is still too large is asked for alone, so that the client may read it in pages', async () => {
  const poisonMs = BEGIN_MS - HOUR_MS + 500;
  const scene = createScene();
  scene.server.script.fault = ({ fromMs, toMs }) =>
    fromMs <= poisonMs && poisonMs < toMs && toMs - fromMs > 4_000 ? failure('TOO_LARGE') : null;
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  await run.stop();
  expect(gapsOf(scene)).toEqual([]);
});

test('when upstream goes down while days are filled, it is not asked as fast as it can refuse', async () => {
  const scene = createScene({ settings: { backfillMs: 48 * HOUR_MS, pollIntervalMs: 60_000 } });
  const run = scene.start();
  await scene.clock.advance(2_000);
  scene.server.script.fault = () => failure('UNREACHABLE');
  const asked = scene.server.requests.length;
  await scene.clock.advance(50_000);
  await run.stop();
  expect(scene.server.requests.length - asked).toBeLessThan(20);
});
