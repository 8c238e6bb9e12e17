import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { followChanges } from './support/changeFollower.ts';
import { readMirror, walkEvents } from './support/graphqlClient.ts';
import { startGateway, temporaryFolder } from './support/program.ts';
import { differences, mirrored, truthOf } from './support/truth.ts';
import { until } from './support/until.ts';
import { startUpstream } from './support/upstream.ts';

describe('SIGTERM', () => {
  it('tells streams their cursor, and ends with exit 0 within ten seconds', async () => {
    const { environment } = await startUpstream({ agents: 300 });
    const settings = { ...environment, RTA_DATABASE: join(temporaryFolder(), 'mirror.sqlite') };
    const gateway = await startGateway(settings);
    const { streamCursor } = await readMirror(gateway.url);
    const follower = followChanges(gateway.url, streamCursor);
    onTestFinished(() => follower.cut());
    await until('the stream runs', () => follower.changes.length > 0, 40_000);

    const askedMs = performance.now();
    gateway.child.kill('SIGTERM');
    expect(await gateway.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - askedMs).toBeLessThan(10_000);
    const ending = await until('the stream ended', () => follower.endedWith());
    expect(ending).toEqual({ code: 'SERVER_DRAINING', cursor: expect.any(String) });

    const next = await startGateway(settings);
    const resumed = followChanges(next.url, ending.cursor ?? '');
    onTestFinished(() => resumed.cut());
    await until('it goes on where it stopped', () => resumed.changes.length > 0, 40_000);
  }, 120_000);

  it('ends with exit 0 within ten seconds also when neither a client nor upstream answers any more', async () => {
    const { environment } = await startUpstream({ faults: { stall: 1 } });
    const gateway = await startGateway({
      ...environment,
      RTA_DATABASE: join(temporaryFolder(), 'mirror.sqlite'),
    });
    const deaf = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    onTestFinished(() => deaf.terminate());
    deaf.on('open', () => deaf.send('{"type":"connection_init"}'));
    await new Promise((resolve) => deaf.once('message', resolve));
    deaf.pause();
    const askedMs = performance.now();
    gateway.child.kill('SIGTERM');
    expect(await gateway.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - askedMs).toBeLessThan(10_000);
  }, 60_000);

  it('ends at once when asked twice', async () => {
    const { environment } = await startUpstream({ faults: { stall: 1 } });
    const gateway = await startGateway({
      ...environment,
      RTA_DATABASE: join(temporaryFolder(), 'mirror.sqlite'),
    });
    gateway.child.kill('SIGTERM');
    await until('it is stopping', () => gateway.err().includes('stopping'));
    gateway.child.kill('SIGTERM');
    const askedMs = performance.now();
    await gateway.exited;
    expect(performance.now() - askedMs).toBeLessThan(2_000);
  }, 60_000);
});

describe('kill -9 while the history is being read', () => {
  it("loses nothing that was covered: the next life ends with upstream's truth", async () => {
    const { simulator, environment } = await startUpstream({ agents: 200, historyMs: 6 * 3_600_000 });
    const settings = {
      ...environment,
      RTA_BACKFILL: '5h',
      RTA_DATABASE: join(temporaryFolder(), 'mirror.sqlite'),
    };
    const fromMs = simulator.nowMs() - 4 * 3_600_000;
    for (let life = 0; life < 2; life += 1) {
      const gateway = await startGateway(settings);
      const { streamCursor } = await readMirror(gateway.url);
      await until(
        'something was written',
        async () => (await readMirror(gateway.url)).streamCursor !== streamCursor,
      );
      gateway.child.kill('SIGKILL');
      expect(await gateway.exited).toEqual({ code: null, signal: 'SIGKILL' });
    }
    const gateway = await startGateway(settings);
    const untilMs = simulator.nowMs();
    await until(
      'the mirror has caught up',
      async () => Date.parse((await readMirror(gateway.url)).completeThrough ?? '') >= untilMs,
      120_000,
    );
    await until('both sides tell the same', async () => {
      const truth = truthOf(simulator, fromMs, untilMs);
      const events = mirrored(await walkEvents(gateway.url, fromMs, untilMs), truth);
      expect(truth.size).toBeGreaterThan(1_000);
      expect(differences(truth, events)).toEqual([]);
      return true;
    });
  }, 240_000);
});
