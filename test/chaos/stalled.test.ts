import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, onTestFinished } from 'vitest';
import { readMirror } from '../e2e/support/graphqlClient.ts';
import { until } from '../e2e/support/until.ts';
import { agentIdOf, floorRecords, noise } from '../fixtures/floor.ts';
import { recordChangeLog } from './support/changeLogRecorder.ts';
import { createChaosClient } from './support/chaosClient.ts';
import { pick } from './support/filters.ts';
import { fatRecords, startImpatientServer } from './support/impatientServer.ts';
import { createSubscriber } from './support/subscriber.ts';
import { followEvents, followStates, followTransfers, type Topic } from './support/topics.ts';

/** As long as the stalled ones are borne with: longer than the others need for what happens meanwhile. */
const STALLED_MS = 15_000;
const STALLED = 10;
const FAT_EVENTS = 6_000;

/** What this process, the server in it, holds when all is freed that can be. */
const heldBytes = async (): Promise<number> => {
  setFlagsFromString('--expose-gc');
  // The flag above makes it, in contexts that come after.
  const collect = runInNewContext('gc') as () => void;
  // Buffers are freed a turn after what held them.
  for (let n = 0; n < 3; n += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

it('clients that never read are told CONSUMER_TOO_SLOW, lose nothing by it, and hold up nobody', async () => {
  const random = noise(11);
  const { url, file, append } = await startImpatientServer({ slowConsumerMs: STALLED_MS });
  const log = recordChangeLog(file);
  onTestFinished(() => log.close());
  const genesis = (await readMirror(url)).streamCursor;
  const floor = fatRecords(FAT_EVENTS);
  for (let from = 0; from < floor.length; from += 500) await append(floor.slice(from, from + 500));

  const world = { random, agentIds: Array.from({ length: 10 }, (_, n) => agentIdOf(n)), nowMs: Date.now() };
  const onExpired = (cursor: string) => {
    throw new Error(`nothing was pruned, yet ${cursor} has expired`);
  };
  const clientOf = (topic: Topic, snapshot: boolean, after: string | null) => {
    const subscriber = createSubscriber(topic, { snapshot, batchSize: 50, onExpired });
    if (after !== null) subscriber.beginAfter(after);
    const client = createChaosClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      subscribers: [subscriber],
      random,
    });
    onTestFinished(() => client.dispose());
    return { client, subscriber };
  };
  const others = Array.from({ length: 40 }, () => {
    const topic = pick(random, [followStates, followEvents, followTransfers])(world);
    return clientOf(topic, topic.field === 'stateChanges' && random() < 0.5, null);
  });
  const everyEvent = followEvents({ ...world, random: () => 0 });
  const fat = { ...everyEvent, document: everyEvent.document.replaceAll('revision', 'revision extra') };
  const stalled = Array.from({ length: STALLED }, () => clientOf(fat, false, genesis));
  for (const { client } of others) client.connect();
  await until('everybody follows', () => others.every(({ subscriber }) => subscriber.cursor() !== null));
  const beforeBytes = await heldBytes();
  for (const { client } of stalled) client.connect();
  await until('the stalled ones have begun', () =>
    stalled.every(({ subscriber }) => (subscriber.segments[0]?.changes.length ?? 0) > 0),
  );
  for (const { client } of stalled) client.pause();

  const fresh = floorRecords(2, 300);
  for (let from = 0; from < fresh.length; from += 5) await append(fresh.slice(from, from + 5));
  log.record();
  const hasAll = ({ subscriber }: (typeof others)[number]) => {
    const segment = subscriber.segments[0];
    if (!segment) return false;
    const expected = subscriber.topic.expected(log, log.positionOf(segment.first), log.headSeq());
    return segment.changes.length >= expected.length;
  };
  const activeStreams = async () =>
    // /status counts them.
    ((await (await fetch(`${url}/status`)).json()) as { activeStreams: number }).activeStreams;
  await until('the others have all of it, while the stalled ones stall', () => others.every(hasAll));
  const grownBytes = (await heldBytes()) - beforeBytes;
  // All of them were still to be told something, and what waits for them is not held for them.
  expect(await activeStreams()).toBe(others.length + STALLED);
  expect(grownBytes).toBeLessThan(0.3 * STALLED * FAT_EVENTS * 4_000);
  await until('the stalled ones are given up', async () => (await activeStreams()) === others.length);
  expect(stalled.some(hasAll)).toBe(false);

  for (const { client } of stalled) client.resume();
  await until('they have all of it too, in a second life', () => stalled.every(hasAll));
  for (const { client, subscriber } of stalled) {
    expect(subscriber.codes).toEqual(['CONSUMER_TOO_SLOW']);
    // Whoever reads again just then has a sound socket.
    expect([[], [1013]]).toContainEqual(client.closes);
  }
  for (const { subscriber } of others) expect(subscriber.codes).toEqual([]);
  for (const { subscriber } of [...others, ...stalled]) {
    const [segment, ...more] = subscriber.segments;
    expect(more).toEqual([]);
    expect(segment?.changes).toEqual(
      subscriber.topic.expected(log, log.positionOf(segment?.first ?? ''), log.headSeq()),
    );
  }
});
