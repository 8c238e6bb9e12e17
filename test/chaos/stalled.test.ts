import { Registry } from 'prom-client';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock/systemClock.ts';
import { createMirrorReader } from '../../src/mirror/index.ts';
import { createSchema } from '../../src/schema/index.ts';
import { createGatewayServer } from '../../src/server/index.ts';
import { createDoorbell } from '../../src/tenant/doorbell.ts';
import { readMirror } from '../e2e/support/graphqlClient.ts';
import { until } from '../e2e/support/until.ts';
import { agentIdOf, floorRecords, noise } from '../fixtures/floor.ts';
import { openMirrorFile, TENANT } from '../mirror/support/mirrorFile.ts';
import { recordChangeLog } from './support/changeLogRecorder.ts';
import { createChaosClient } from './support/chaosClient.ts';
import { pick } from './support/filters.ts';
import { createSubscriber } from './support/subscriber.ts';
import { followEvents, followStates, followTransfers, type Topic } from './support/topics.ts';

/** The server as it is, over a real mirror, but for its patience. */
const startImpatientServer = async () => {
  const mirror = openMirrorFile();
  const reader = createMirrorReader(mirror.file);
  const doorbell = createDoorbell(systemClock);
  const draining = new AbortController();
  const tenant = {
    tenantId: TENANT,
    mirror: reader,
    doorbell,
    liveStatus: () => null,
    draining: draining.signal,
  };
  const silent = () => undefined;
  const server = createGatewayServer({
    schema: createSchema(),
    tenants: new Map([[TENANT, tenant]]),
    accountOf: () => ({
      tenantId: TENANT,
      health: 'OK',
      healthMessage: null,
      covered: true,
      freshThroughMs: null,
      completeThroughMs: null,
      lagSeconds: null,
    }),
    clock: systemClock,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    registry: new Registry(),
    draining,
    settings: { port: 0, drainMs: 1_000, keepAliveMs: 500, slowConsumerMs: 2_000 },
  });
  const { url } = await server.listen();
  onTestFinished(async () => {
    await server.drain();
    reader.close();
    mirror.dispose();
  });
  const append = async (records: Parameters<typeof mirror.append>[0]['records'] = []) => {
    await mirror.append({ records });
    doorbell.ring();
  };
  return { url, file: mirror.file, append };
};

it('clients that never read are told CONSUMER_TOO_SLOW, lose nothing by it, and hold up nobody', async () => {
  const random = noise(11);
  const { url, file, append } = await startImpatientServer();
  const log = recordChangeLog(file);
  onTestFinished(() => log.close());
  const genesis = (await readMirror(url)).streamCursor;
  // More than the kernel takes for somebody who does not read.
  const extra = { note: 'x'.repeat(4_000) };
  const floor = floorRecords(1, 6_000).map((one) => ({ ...one, extra }));
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
