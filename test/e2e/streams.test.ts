import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ChangeFollower, followChanges } from './support/changeFollower.ts';
import { readMirror } from './support/graphqlClient.ts';
import { startGateway, temporaryFolder } from './support/program.ts';
import { until } from './support/until.ts';
import { startUpstream } from './support/upstream.ts';

const follow = (url: string, after: string): ChangeFollower => {
  const follower = followChanges(url, after);
  onTestFinished(() => follower.cut());
  return follower;
};

const grown = (follower: ChangeFollower, by: number): Promise<true> => {
  const target = follower.changes.length + by;
  return until(`${by} more changes`, () => follower.changes.length >= target, 40_000);
};

/** Busy enough that changes come while the test watches. */
const busy = { agents: 600 };

describe('a client of eventChanges that is cut off and comes back with its last cursor', () => {
  it('gets every change once, in order', async () => {
    const { environment } = await startUpstream(busy);
    const { url } = await startGateway({
      ...environment,
      RTA_DATABASE: join(temporaryFolder(), 'mirror.sqlite'),
    });
    const { streamCursor } = await readMirror(url);
    const steady = follow(url, streamCursor);
    const received: ChangeFollower['changes'] = [];
    let cursor = streamCursor;
    for (let life = 0; life < 4; life += 1) {
      const follower = follow(url, cursor);
      await grown(follower, 15);
      follower.cut();
      received.push(...follower.changes);
      cursor = follower.cursor();
    }
    await until('the steady client has seen as much', () => steady.changes.length >= received.length);
    expect(received).toEqual(steady.changes.slice(0, received.length));
  }, 120_000);

  it('gets every change once across kill -9 of the gateway', async () => {
    const { environment } = await startUpstream(busy);
    const settings = { ...environment, RTA_DATABASE: join(temporaryFolder(), 'mirror.sqlite') };
    let gateway = await startGateway(settings);
    const { streamCursor } = await readMirror(gateway.url);
    const received: ChangeFollower['changes'] = [];
    let cursor = streamCursor;
    for (let life = 0; life < 3; life += 1) {
      const follower = follow(gateway.url, cursor);
      await grown(follower, 10);
      gateway.child.kill('SIGKILL');
      await gateway.exited;
      follower.cut();
      received.push(...follower.changes);
      cursor = follower.cursor();
      gateway = await startGateway(settings);
    }
    const replay = follow(gateway.url, streamCursor);
    await until('the replay has seen as much', () => replay.changes.length >= received.length);
    expect(received).toEqual(replay.changes.slice(0, received.length));
  }, 120_000);
});
