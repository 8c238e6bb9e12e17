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

it('clients that never read are told CONSUMER_TOO_SLOW, lose nothing by it, and hold up nobody', async () => {
  const random = noise(11);
  const { url, file, append } = await startImpatientServer();
  const log = recordChangeLog(file);
  onTestFinished(() => log.close());
  const genesis = (await readMirror(url)).streamCursor;
  const floor = fatRecords(6_000);
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
  const stalled = Array.from({ length: 3 }, () => clientOf(fat, false, genesis));
  for (const { client } of [...others, ...stalled]) client.connect();
  await until('everybody follows', () => others.every(({ subscriber }) => subscriber.cursor() !== null));
  await until('the stalled ones have begun', () =>
    stalled.every(({ subscriber }) => (subscriber.segments[0]?.changes.length ?? 0) > 0),
  );
  for (const { client } of stalled) client.pause();

  for (const record of floorRecords(2, 300)) await append([record]);
  log.record();
  const hasAll = ({ subscriber }: (typeof others)[number]) => {
    const segment = subscriber.segments[0];
    if (!segment) return false;
    const expected = subscriber.topic.expected(log, log.positionOf(segment.first), log.headSeq());
    return segment.changes.length >= expected.length;
  };
  await until('the others have all of it, while the stalled ones stall', () => others.every(hasAll));
  const activeStreams = async () =>
    // /status counts them.
    ((await (await fetch(`${url}/status`)).json()) as { activeStreams: number }).activeStreams;
  await until('the stalled ones are given up', async () => (await activeStreams()) === others.length);
  expect(stalled.some(hasAll)).toBe(false);

  for (const { client } of stalled) client.resume();
  await until('they have all of it too, in a second life', () => stalled.every(hasAll));
  for (const { client, subscriber } of stalled) {
    expect(subscriber.codes).toEqual(['CONSUMER_TOO_SLOW']);
    expect(client.closes).toEqual([1013]);
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
