import { expect, it, onTestFinished } from 'vitest';
import { readMirror } from '../e2e/support/graphqlClient.ts';
import { until } from '../e2e/support/until.ts';
import { agentIdOf, floorRecords, noise } from '../fixtures/floor.ts';
import { recordChangeLog } from './support/changeLogRecorder.ts';
import { createChaosClient } from './support/chaosClient.ts';
import { startImpatientServer } from './support/impatientServer.ts';
import { createSubscriber } from './support/subscriber.ts';
import { followEvents, followStates } from './support/topics.ts';
import { judgeRuns } from './support/verdict.ts';

it('a server that drains leaves each of many streams, in the middle of its history, a cursor that fits', async () => {
  const random = noise(5);
  const { url, file, append, drain } = await startImpatientServer();
  const log = recordChangeLog(file);
  onTestFinished(() => log.close());
  const genesis = (await readMirror(url)).streamCursor;
  const floor = floorRecords(1, 4_000);
  for (let from = 0; from < floor.length; from += 500) await append(floor.slice(from, from + 500));
  log.record();

  const world = { random, agentIds: Array.from({ length: 10 }, (_, n) => agentIdOf(n)), nowMs: Date.now() };
  const subscribers = Array.from({ length: 60 }, (_, n) => {
    const topic = n % 3 === 0 ? followStates(world) : followEvents(world);
    const subscriber = createSubscriber(topic, {
      snapshot: false,
      batchSize: 1 + (n % 3),
      onExpired: (cursor) => {
        throw new Error(`nothing was pruned, yet ${cursor} has expired`);
      },
    });
    subscriber.beginAfter(genesis);
    return subscriber;
  });
  const clients = [0, 1, 2].map((n) =>
    createChaosClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      subscribers: subscribers.slice(n * 20, n * 20 + 20),
      random,
    }),
  );
  onTestFinished(() => {
    for (const client of clients) client.dispose();
  });
  for (const client of clients) client.connect();
  const begun = () => subscribers.filter((one) => (one.segments[0]?.changes.length ?? 0) > 20).length;
  await until('most are on their way', () => begun() > 30);
  await drain();
  await until('all have been told', () => clients.every((client) => client.closes.length > 0));

  expect(clients.map((client) => client.closes[0])).toEqual([1001, 1001, 1001]);
  expect(subscribers.map((one) => one.codes.join())).toEqual(subscribers.map(() => 'SERVER_DRAINING'));
  const { wrong } = judgeRuns(subscribers, log);
  expect(wrong).toEqual([]);
  const inTheMiddle = subscribers.filter((one) => log.positionOf(one.cursor() ?? '') < log.headSeq());
  expect(inTheMiddle.length).toBeGreaterThan(10);
});
