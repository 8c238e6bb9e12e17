import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFailed, onTestFinished } from 'vitest';
import { fixedPort } from '../e2e/support/fixedPort.ts';
import { ask, readMirror } from '../e2e/support/graphqlClient.ts';
import { temporaryFolder } from '../e2e/support/program.ts';
import { until } from '../e2e/support/until.ts';
import { noise } from '../fixtures/floor.ts';
import { recordChangeLog } from './support/changeLogRecorder.ts';
import { type ChaosClient, createChaosClient } from './support/chaosClient.ts';
import { createChaosEvents } from './support/chaosEvents.ts';
import { disturb } from './support/disturbance.ts';
import { type FilterWorld, nobody, pick } from './support/filters.ts';
import { followAsFloor } from './support/floorFollowers.ts';
import { createLives, pruneChanges, startFeed } from './support/lives.ts';
import { createSubscriber, type Subscriber } from './support/subscriber.ts';
import {
  followEvents,
  followStates,
  followTransfers,
  type StatusTopic,
  statesUnder,
  type Topic,
} from './support/topics.ts';
import { judgeBoards, judgePulls, judgeRuns, tally } from './support/verdict.ts';

const number = (name: string, fallback: number): number => {
  const value = Number(process.env[name] ?? fallback);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${name} must be a whole number`);
  return value;
};
const CLIENTS = number('RTA_CHAOS_CLIENTS', 200);
const SECONDS = number('RTA_CHAOS_SECONDS', 40);
const SEED = number('SEED', Math.floor(Math.random() * 1e6));

/**
 * Changes older than this are forgotten each time that the gateway is down: longer than a heartbeat takes, so that
 * only who stays away loses its place.
 */
const KEPT_MS = 20_000;
const AGENTS = 6_000;
/** For what all must have done in the end, on a machine that does other things besides. */
const SETTLED_MS = 180_000;

const EXPECTED_CODES = new Set(['STREAM_CURSOR_EXPIRED', 'CONSUMER_TOO_SLOW', 'SERVER_DRAINING']);

describe('streams', () => {
  it('lose nothing, repeat nothing and keep no ghosts, whoever is cut, stalled or killed', async () => {
    console.log(`chaos: SEED=${SEED} RTA_CHAOS_CLIENTS=${CLIENTS} RTA_CHAOS_SECONDS=${SECONDS}`);
    const random = noise(SEED);
    const feed = await startFeed(SEED, AGENTS);
    const file = join(temporaryFolder(), 'mirror.sqlite');
    const lives = createLives(await fixedPort(random), {
      ...feed.environment,
      RTA_DATABASE: file,
      RTA_BACKFILL: '5m',
      RTA_POLL_INTERVAL: '300ms',
      RTA_SETTLE: '1s',
      RTA_LOOKBACK: '20s',
      // Longer than the test: what is forgotten is forgotten by it, and never while it judges.
      RTA_CHANGE_RETENTION: '1h',
    });
    onTestFailed(() =>
      console.log(
        `chaos failed: SEED=${SEED}, ${lives.kills} kills, ${lives.stops} stops; the gateway's last words:\n${lives.lastWords()}`,
      ),
    );
    await lives.start();
    const log = recordChangeLog(file);
    onTestFinished(() => log.close());
    const recording = setInterval(() => log.record(), 250);
    onTestFinished(() => clearInterval(recording));

    const genesis = (await readMirror(lives.url)).streamCursor;
    const agentIds = await until('the floor is there', async () => {
      const { agents } = await ask<{ agents: { nodes: { agentId: string }[] } }>(
        lives.url,
        '{ agents(first: 1000) { nodes { agentId } } }',
      );
      return agents.nodes.length > 400 && agents.nodes.map(({ agentId }) => agentId);
    });

    // Filters come from a pool, so that many clients ask the same and share their batches.
    const world: FilterWorld = { random, agentIds, nowMs: Date.now() };
    const pool = (make: (world: FilterWorld) => Topic, size: number): Topic[] =>
      Array.from({ length: size }, () => make(world));
    const stateTopics: StatusTopic[] = Array.from({ length: 30 }, () => followStates(world));
    const [eventTopics, transferTopics] = [pool(followEvents, 15), pool(followTransfers, 8)];

    const wrongly: string[] = [];
    const onExpired = (cursor: string) => {
      if (log.positionOf(cursor) + 1 >= log.heldFromSeq()) wrongly.push(`expired, though held: ${cursor}`);
    };
    const newSubscriber = () => {
      const dice = random();
      if (dice < 0.5) {
        const options = { snapshot: true, batchSize: pick(random, [20, 100, 100, 1_000]), onExpired };
        return createSubscriber(pick(random, stateTopics), options);
      }
      const topics = dice < 0.65 ? stateTopics : dice < 0.9 ? eventTopics : transferTopics;
      const options = { snapshot: false, batchSize: pick(random, [1, 3, 20, 100, 100]), onExpired };
      const subscriber = createSubscriber(pick(random, topics), options);
      // Some want all there ever was: more than the kernel takes for them while they do not read.
      if (random() < 0.05) subscriber.beginAfter(genesis);
      return subscriber;
    };
    const socketUrl = `${lives.url.replace('http', 'ws')}/graphql`;
    const ownRandom = () => noise(Math.floor(random() * 1e9));
    const onSocket = (subscribers: Subscriber[]) =>
      createChaosClient({ url: socketUrl, subscribers, random: ownRandom() });
    const onEvents = (subscriber: Subscriber) =>
      createChaosEvents({ url: lives.url, subscriber, random: ownRandom() });
    const disturbed: ChaosClient[] = Array.from({ length: CLIENTS }, (_, n) =>
      n % 8 === 7
        ? onEvents(newSubscriber())
        : onSocket(Array.from({ length: pick(random, [1, 1, 2, 3]) }, newSubscriber)),
    );
    // Left in peace by all but the gateway's ends, and never told of a change.
    const quietTopic = statesUnder(nobody);
    const quiet = Array.from({ length: 6 }, () =>
      createSubscriber(quietTopic, { snapshot: false, batchSize: 100, onExpired }),
    );
    const clients = [
      ...disturbed,
      ...quiet.map((subscriber, n) => (n % 2 === 0 ? onSocket([subscriber]) : onEvents(subscriber))),
    ];
    onTestFinished(() => {
      for (const client of clients) client.dispose();
    });
    for (const client of clients) client.connect();

    // The project's own client is among them.
    const leaving = new AbortController();
    onTestFinished(() => leaving.abort());
    const floors = Array.from({ length: Math.ceil(CLIENTS / 20) }, () =>
      followAsFloor(socketUrl, pick(random, stateTopics), leaving.signal),
    );
    const disturbance = disturb({ clients: disturbed, floors, random, longestSleepMs: 1.6 * KEPT_MS });
    onTestFinished(() => disturbance.calm());

    const endMs = performance.now() + SECONDS * 1_000;
    for (let life = 0; performance.now() < endMs || lives.kills < 2 || lives.stops < 1; life += 1) {
      const admissions = new Map(clients.map((client) => [client, client.admissions()]));
      await sleep(3_000 + random() * 4_000);
      // One life is long enough for heartbeats.
      if (life === 1) {
        await until(
          'who is told of no change hears that there is none',
          () => quiet.every((subscriber) => subscriber.heartbeats() > 0),
          SETTLED_MS,
        );
      }
      // Who wakes now is still catching up when the gateway ends.
      for (const client of clients) if (random() < 0.3) client.wake();
      await sleep(random() * 500);
      if (life % 4 === 2) {
        // It has something to tell everybody: a life that was cut short before anybody came would be none.
        await until(
          'everybody who is awake has been let in',
          () =>
            clients.every(
              (client) => client.isAsleep() || client.admissions() > (admissions.get(client) ?? 0),
            ),
          SETTLED_MS,
        );
        await lives.stop();
      } else await lives.kill();
      log.record();
      pruneChanges(file, feed.environment['RTA_TENANT_ID'] ?? '', KEPT_MS);
      await sleep(random() * 1_500);
      await lives.start();
    }
    const heartbeats = quiet.reduce((sum, subscriber) => sum + subscriber.heartbeats(), 0);
    // What follows has no upstream any more, which the gateway complains of.
    const complaints = [...lives.complaints()];

    disturbance.calm();
    await feed.stop();
    const subscribers = clients.flatMap((client) => client.subscribers);
    const unexpectedCodes = () =>
      subscribers.flatMap((one) => one.codes.filter((code) => !EXPECTED_CODES.has(code)));
    // A heartbeat with the head's own cursor says that nothing more comes.
    await until(
      'everybody stands at the head, after quiet',
      () => {
        if (unexpectedCodes().length > 0) return true;
        log.record();
        const head = log.headSeq();
        const standing = [
          ...subscribers.map((one) => ({
            cursor: one.cursor(),
            tell: () => `${one.topic.field} ${JSON.stringify(one.topic.filter)} ${one.codes.join()}`,
          })),
          ...floors.map((one) => ({ cursor: one.cursor(), tell: () => `followFloor ${one.failed()}` })),
        ];
        const behind = standing.flatMap(({ cursor, tell }) => {
          const at = cursor ? log.positionOf(cursor) : null;
          return at === head ? [] : [`${tell()} at ${at}`];
        });
        if (behind.length > 0)
          throw new Error(`${behind.length} are not at ${head}:\n${behind.slice(0, 20).join('\n')}`);
        return true;
      },
      SETTLED_MS,
    );

    expect(unexpectedCodes()).toEqual([]);

    const runs = judgeRuns(subscribers, log);
    const boards = await judgeBoards(lives.url, [
      // Boards are kept of statuses only.
      ...subscribers.flatMap(({ topic, board }) => (board ? [{ topic: topic as StatusTopic, board }] : [])),
      ...floors.map(({ topic, board }) => ({ topic, board: board() })),
    ]);
    const pulls = await judgePulls(
      lives.url,
      log,
      stateTopics.flatMap((topic) => {
        const firsts = subscribers.flatMap((one) =>
          one.topic === topic ? one.segments.map(({ first }) => first) : [],
        );
        const after = firsts.find((cursor) => log.positionOf(cursor) + 1 >= log.heldFromSeq());
        return after === undefined ? [] : [{ topic, after }];
      }),
    );

    const codes = tally(subscribers.flatMap((one) => one.codes));
    const closes = tally(clients.flatMap((client) => client.closes));
    const counts = {
      clients: CLIENTS,
      streams: subscribers.length,
      ...disturbance.counts,
      kills: lives.kills,
      stops: lives.stops,
      changes: log.headSeq(),
      heartbeats,
      ...runs.counts,
      ...boards.counts,
      ...pulls.counts,
    };
    const said = (values: Iterable<readonly [string | number, number]>) =>
      [...values].map(([what, count]) => `${what} ${count}`).join(', ');
    console.log(
      `chaos: ${said(Object.entries(counts))}; codes: ${said(codes)}; closes: ${said(closes)}; SEED=${SEED}`,
    );

    expect([...runs.wrong, ...boards.wrong, ...pulls.wrong].slice(0, 5), `SEED=${SEED}`).toEqual([]);
    expect(counts).toMatchObject({ lost: 0, repeated: 0, ghosts: 0, missing: 0 });
    expect(wrongly).toEqual([]);
    expect(floors.flatMap((one) => (one.failed() === null ? [] : [one.failed()]))).toEqual([]);
    // It was no quiet afternoon.
    expect(runs.counts['delivered']).toBeGreaterThan(CLIENTS * 10);
    expect(codes.get('SERVER_DRAINING') ?? 0).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  }, 600_000);
});
