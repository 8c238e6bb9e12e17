import { expect, test } from 'vitest';
import { applyCoverage, type CoverageSlice, completeThrough, freshThrough } from '../../src/poller/index.ts';
import { subtractSpans, unionSpans } from '../../src/poller/spans.ts';
import { BEGIN_MS, createScene, HOUR_MS, isLegal, MINUTE_MS } from './scene.ts';
import { type Asked, failure, recordAt } from './scriptedUpstream.ts';

type Scene = ReturnType<typeof createScene>;

/** One in ten seconds, since two hours before the beginning. */
const rowsUntil = (toMs: number) =>
  Array.from({ length: (toMs - BEGIN_MS + 2 * HOUR_MS) / 10_000 }, (_, i) => {
    const startMs = BEGIN_MS - 2 * HOUR_MS + i * 10_000;
    return { record: recordAt(startMs, { endMs: startMs + 10_000 }), visibleMs: startMs };
  });
const noRecord = { reason: 'NO_EVENT_ID' as const, rawJson: '{}' };
const oneASecond = ({ fromMs, toMs }: Asked) => Array(Math.ceil((toMs - fromMs) / 1_000)).fill(noRecord);
/** Every row of these times is no record, whenever they are asked for. */
const illTimes =
  (spans: readonly { fromMs: number; toMs: number }[]) =>
  (asked: Asked): (typeof noRecord)[] =>
    spans.flatMap(({ fromMs, toMs }) =>
      oneASecond({
        ...asked,
        fromMs: Math.max(fromMs, asked.fromMs),
        toMs: Math.max(fromMs, asked.fromMs, Math.min(toMs, asked.toMs)),
      }),
    );

const isOfThePresent = ({ toMs, serverNowMs }: Asked) => serverNowMs - toMs < 5_000;
const spanMs = ({ fromMs, toMs }: Asked) => toMs - fromMs;
const lagMs = (scene: Scene) => scene.server.serverNowMs() - freshThrough(scene.coverage())!;
const levelsIn = (scene: Scene, fromMs: number, toMs: number) => [
  ...new Set(
    scene
      .coverage()
      .filter((slice) => slice.fromMs < toMs && slice.toMs > fromMs)
      .map(({ level }) => level),
  ),
];

test('while most of the feed is no record the present is asked for in short windows, and told of as provisional', async () => {
  const lateMs = BEGIN_MS + HOUR_MS + 1;
  const late = { record: recordAt(lateMs, { endMs: lateMs + 1 }), visibleMs: lateMs + 40 * MINUTE_MS };
  const rows = [...rowsUntil(BEGIN_MS + 4 * HOUR_MS), late];
  const scene = createScene({ script: { rows } });
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  const settledMs = freshThrough(scene.coverage())!;
  scene.server.script.quarantined = oneASecond;
  await scene.clock.advance(20_000);
  const before = scene.server.requests.length;
  await scene.clock.advance(3 * HOUR_MS);

  const asked = scene.server.requests.slice(before);
  // The look back of 90 s, and the seconds by which the server's clock is in doubt.
  for (const hot of asked.filter(isOfThePresent)) expect(spanMs(hot)).toBeLessThan(105_000);
  const past = asked.filter((one) => !isOfThePresent(one));
  // Each ten minutes of five hours at five ages or so, in two or three parts each.
  expect(past.length).toBeGreaterThan(30);
  expect(past.length).toBeLessThan(450);
  expect(run.poller.status()).toMatchObject({ health: 'DEGRADED', lastPoll: { outcome: 'MALFORMED' } });
  expect(freshThrough(scene.coverage())).toBe(settledMs);
  expect(levelsIn(scene, settledMs, scene.server.serverNowMs())).toEqual(['PROVISIONAL']);
  const lastMs = scene.server.serverNowMs() - 10_000;
  for (const { record } of scene.server.script.rows) {
    if (record.startMs < lastMs) expect(scene.log.records.has(record.eventId)).toBe(true);
  }
  await run.stop();
});

test('while the feed is ill events that are closed in place are seen closed, with few requests', async () => {
  const AGENTS = 60;
  const stayMs = 10 * MINUTE_MS;
  const rows = rowsUntil(BEGIN_MS + 2 * HOUR_MS).flatMap(({ record: { startMs } }, i) => {
    const endMs = startMs + stayMs;
    const open = recordAt(startMs, { agentId: `agent ${i % AGENTS}` });
    return [
      { record: open, visibleMs: startMs },
      { record: { ...open, endMs }, visibleMs: endMs },
    ];
  });
  const scene = createScene({ script: { rows } });
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  scene.server.script.quarantined = oneASecond;
  await scene.clock.advance(MINUTE_MS);
  const before = scene.server.requests.length;
  await scene.clock.advance(HOUR_MS);
  const past = scene.server.requests.slice(before).filter((asked) => !isOfThePresent(asked));
  expect(past.length).toBeLessThan(700);
  await run.stop();
  const overdue = [...scene.log.records.values()].filter(
    ({ startMs, endMs }) => endMs === null && startMs + stayMs + 3 * MINUTE_MS < scene.server.serverNowMs(),
  );
  expect(overdue).toEqual([]);
});

test('when the feed is well again everything is read whole within minutes', async () => {
  const scene = createScene({ script: { rows: rowsUntil(BEGIN_MS + 10 * HOUR_MS) } });
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  scene.server.script.quarantined = oneASecond;
  await scene.clock.advance(9 * HOUR_MS);
  scene.server.script.quarantined = () => [];
  await scene.clock.advance(3 * MINUTE_MS);
  expect(run.poller.status().health).toBe('OK');
  expect(lagMs(scene)).toBeLessThan(25_000);
  expect(completeThrough(scene.coverage())).toBe(freshThrough(scene.coverage()));
  await run.stop();
});

test('how far back upstream answers is found out by answers that nobody believes as well', async () => {
  const scene = createScene({
    settings: { backfillMs: 72 * HOUR_MS },
    script: { rows: rowsUntil(BEGIN_MS + HOUR_MS), reachMs: 24 * HOUR_MS, quarantined: oneASecond },
  });
  const run = scene.start();
  await scene.clock.advance(20 * MINUTE_MS);
  await run.stop();
  const tooOld = scene.server.requests.filter(
    ({ fromMs, serverNowMs }) => fromMs < serverNowMs - 24 * HOUR_MS,
  );
  expect(tooOld.length).toBeLessThan(30);
  const past = scene.server.requests.filter((asked) => !isOfThePresent(asked));
  expect(past.length).toBeLessThan(400);
  expect(scene.coverage()[0]).toMatchObject({ level: 'GAP', cause: 'EXPIRED' });
  const toldMs = scene
    .coverage()
    .filter(({ level }) => level === 'PROVISIONAL')
    .reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  expect(toldMs).toBeGreaterThan(23 * HOUR_MS);
});

test('a poller that is started while the feed is ill asks in short windows too, and heals as well', async () => {
  const scene = createScene({ script: { rows: rowsUntil(BEGIN_MS + 2 * HOUR_MS) } });
  const first = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  scene.server.script.quarantined = oneASecond;
  await scene.clock.advance(HOUR_MS);
  await first.stop();
  const second = scene.start();
  await scene.clock.advance(20_000);
  const before = scene.server.requests.length;
  await scene.clock.advance(10 * MINUTE_MS);
  const hot = scene.server.requests.slice(before).filter(isOfThePresent);
  for (const one of hot) expect(spanMs(one)).toBeLessThan(105_000);
  scene.server.script.quarantined = () => [];
  await scene.clock.advance(3 * MINUTE_MS);
  expect(completeThrough(scene.coverage())).toBe(freshThrough(scene.coverage()));
  await second.stop();
});

test('minutes that stay ill for ever keep neither the present nor their neighbours from being settled', async () => {
  const ill = { fromMs: BEGIN_MS + 20 * MINUTE_MS, toMs: BEGIN_MS + 22 * MINUTE_MS };
  const scene = createScene({
    script: { rows: rowsUntil(BEGIN_MS + 6 * HOUR_MS), quarantined: illTimes([ill]) },
  });
  const run = scene.start();
  await scene.clock.advance(26 * MINUTE_MS);
  const told = new Set<string>();
  for (let i = 0; i < 20 * 12; i++) {
    await scene.clock.advance(5_000);
    told.add(run.poller.status().health);
    expect(lagMs(scene)).toBeLessThan(25_000);
  }
  // The past's doubts may be told of for one poll each; the present must not flicker with what lies behind it.
  const frames = [...scene.log.tail(0)].filter(({ frame }) => frame.observedMs > BEGIN_MS + 30 * MINUTE_MS);
  const degraded = frames.filter(({ frame }) => frame.status?.health === 'DEGRADED');
  expect(degraded.length).toBeLessThan(12);
  const before = scene.server.requests.length;
  await scene.clock.advance(4 * HOUR_MS);
  const tries = scene.server.requests
    .slice(before)
    .filter(({ fromMs, toMs }) => fromMs < ill.toMs && toMs > ill.fromMs);
  expect(tries.length).toBeLessThan(20);
  await run.stop();
  expect(levelsIn(scene, ill.fromMs + 20_000, ill.toMs - 20_000)).toEqual(['PROVISIONAL']);
  // To the minute, and the guard of a second.
  const around = scene
    .coverage()
    .filter(({ fromMs, toMs }) => toMs <= ill.fromMs - 62_000 || fromMs >= ill.toMs + 62_000);
  const unsettled = around.filter(({ level, toMs }) => level !== 'SETTLED' && toMs < BEGIN_MS + 4 * HOUR_MS);
  expect(unsettled).toEqual([]);
  // Read again at their ages, so that late records among them are found.
  for (const { toMs, stage } of around)
    if (toMs < BEGIN_MS + HOUR_MS) expect(stage).toBeGreaterThanOrEqual(5);
});

test('rows that are no records settle with the others where they are few, however few the others are', async () => {
  const MINUTES = [21, 22, 23];
  const ill = MINUTES.map((minute) => ({
    fromMs: BEGIN_MS + minute * MINUTE_MS,
    toMs: BEGIN_MS + minute * MINUTE_MS + 1_000,
  }));
  const scene = createScene({ script: { quarantined: illTimes(ill) } });
  const run = scene.start();
  await scene.clock.advance(20 * MINUTE_MS);
  scene.server.script.fault = () => failure('UNREACHABLE');
  await scene.clock.advance(10 * MINUTE_MS);
  scene.server.script.fault = () => null;
  await scene.clock.advance(10 * MINUTE_MS);
  await run.stop();
  const doubted = [...scene.log.tail(0)].filter(
    ({ frame }) => frame.status?.lastPoll?.outcome === 'MALFORMED',
  );
  expect(doubted.length).toBeGreaterThan(0);
  expect(completeThrough(scene.coverage())).toBe(freshThrough(scene.coverage()));
});

test('a feed that is ill by turns is not asked as fast as the budget allows', async () => {
  const ill = Array.from({ length: 24 }, (_, i) => ({
    fromMs: BEGIN_MS - 2 * HOUR_MS + i * 5 * MINUTE_MS,
    toMs: BEGIN_MS - 2 * HOUR_MS + i * 5 * MINUTE_MS + 2 * MINUTE_MS,
  }));
  const scene = createScene({ script: { rows: rowsUntil(BEGIN_MS + 2 * HOUR_MS) } });
  const always = illTimes(ill);
  scene.server.script.quarantined = (asked) =>
    Math.floor(asked.serverNowMs / 10_000) % 2 === 0 ? oneASecond(asked) : always(asked);
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  const before = scene.server.requests.length;
  await scene.clock.advance(HOUR_MS);
  await run.stop();
  const past = scene.server.requests.slice(before).filter((asked) => !isOfThePresent(asked));
  expect(past.length).toBeLessThan(600);
});

test.each([1, 2, 3, 4])(
  'whatever comes and goes, nothing is settled that no whole answer has shown (play %d)',
  async (play) => {
    // Ill for minutes or for an hour, by a rule that every play shifts.
    const isIll = (serverMs: number) => {
      const minute = Math.floor((serverMs - BEGIN_MS) / MINUTE_MS);
      return (minute * play) % 7 < 2 || (minute > 60 * play && minute < 60 * play + 50);
    };
    const vouched: { fromMs: number; toMs: number }[] = [];
    const scene = createScene({
      script: {
        rows: rowsUntil(BEGIN_MS + 6 * HOUR_MS),
        quarantined: (asked) => {
          if (isIll(asked.serverNowMs)) return oneASecond(asked);
          vouched.push({
            fromMs: asked.fromMs + 1_000,
            toMs: Math.min(asked.toMs - 1_000, asked.serverNowMs - 15_000),
          });
          return [];
        },
      },
    });
    const run = scene.start();
    await scene.clock.advance(6 * HOUR_MS);
    await run.stop();
    let coverage: CoverageSlice[] = [];
    for (const { frame } of scene.log.tail(0)) coverage = applyCoverage(coverage, frame.coverage);
    const settled = coverage.filter(({ level }) => level === 'SETTLED' || level === 'SEALED');
    expect(subtractSpans(unionSpans(settled), unionSpans(vouched))).toEqual([]);
    expect(settled.length).toBeGreaterThan(10);
    expect(scene.server.requests.every(isLegal)).toBe(true);
  },
);
