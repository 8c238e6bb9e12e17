import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { followChanges } from './support/changeFollower.ts';
import { readMirror, walkEvents } from './support/graphqlClient.ts';
import { startGateway, temporaryFolder } from './support/program.ts';
import { until } from './support/until.ts';
import { startUpstream } from './support/upstream.ts';

const DAY_MS = 86_400_000;

it("nothing is past its retention because this machine's clock is half a year ahead", async () => {
  const { simulator, environment } = await startUpstream({ clockOffsetMs: -180 * DAY_MS });
  const settings = { ...environment, RTA_DATABASE: join(temporaryFolder(), 'mirror.sqlite') };
  let gateway = await startGateway(settings);
  const { streamCursor } = await readMirror(gateway.url);
  const untilMs = simulator.nowMs();
  const eventsBefore = async () =>
    (await walkEvents(gateway.url, untilMs - DAY_MS, untilMs)).map(({ eventId }) => eventId);
  await until('the history is there', async () => {
    const { completeThrough } = await readMirror(gateway.url);
    return Date.parse(completeThrough ?? '') >= untilMs;
  });
  const known = await eventsBefore();
  expect(known.length).toBeGreaterThan(100);
  gateway.child.kill('SIGTERM');
  await gateway.exited;

  gateway = await startGateway(settings);
  const restartedMs = simulator.nowMs();
  await until('it reads on', async () => {
    const { freshThrough } = await readMirror(gateway.url);
    return Date.parse(freshThrough ?? '') > restartedMs;
  });
  expect(await eventsBefore()).toEqual(expect.arrayContaining(known));
  const follower = followChanges(gateway.url, streamCursor);
  onTestFinished(() => follower.cut());
  await until('the log still goes back to the start', () => follower.changes.length > 100);
  expect(follower.endedWith()).toBe(null);
});
