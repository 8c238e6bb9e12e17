import { describe, expect, it } from 'vitest';
import { agentIdOf } from '../fixtures/floor.ts';
import { record, uuidAt } from '../mirror/support/records.ts';
import { startIssuer } from './support/issuer.ts';
import { type MirrorServer, startMirrorServer } from './support/mirrorServer.ts';
import { openEvents, type SseClient } from './support/sseClient.ts';
import { startServer } from './support/startServer.ts';

const STATES = `subscription ($after: Cursor, $snapshot: Boolean) {
  stateChanges(after: $after, snapshot: $snapshot, batchSize: 2) {
    phase cursor changes { kind agent { agentId } after { state } }
  }
}`;

type Batch = { phase: string; cursor: string; changes: { agent: { agentId: string } }[] };

const batchesOf = ({ results }: SseClient): Batch[] =>
  // As the query above asks.
  results.flatMap(({ data }) => (data ? [data['stateChanges'] as Batch] : []));

const activeStreams = async ({ url }: MirrorServer) =>
  // /status counts them.
  ((await (await fetch(`${url}/status`)).json()) as { activeStreams: number }).activeStreams;

/** Agent `n` is busy, from second `n` on. */
const busy = (n: number) =>
  record({ eventId: uuidAt(n * 1_000, n), agentId: agentIdOf(n), start: n * 1_000, state: 'busy' });

const startFloor = async (agents: number): Promise<MirrorServer> => {
  const server = await startMirrorServer();
  await server.append(Array.from({ length: agents }, (_, n) => busy(n)));
  return server;
};

const agentsIn = (batches: readonly Batch[]): string[] =>
  batches.flatMap(({ changes }) => changes.map(({ agent }) => agent.agentId));

describe('stateChanges over server-sent events', () => {
  it('brings the snapshot in pieces, then each change', async () => {
    const server = await startFloor(3);
    const client = await openEvents(server.url, STATES, { snapshot: true });
    await expect.poll(() => batchesOf(client).length).toBe(3);
    for (const n of [3, 4]) {
      await server.append([busy(n)]);
      await expect.poll(() => batchesOf(client).length).toBe(n + 1);
    }
    const batches = batchesOf(client);
    expect(batches.map(({ phase }) => phase)).toEqual([
      'SNAPSHOT',
      'SNAPSHOT',
      'SNAPSHOT_END',
      'LIVE',
      'LIVE',
    ]);
    expect(agentsIn(batches).toSorted()).toEqual([0, 1, 2, 3, 4].map(agentIdOf).toSorted());
    expect(agentsIn(batches.slice(3))).toEqual([3, 4].map(agentIdOf));
  });

  it('goes on after the last cursor of a connection that was cut, with what came meanwhile', async () => {
    const server = await startFloor(1);
    const first = await openEvents(server.url, STATES);
    await expect.poll(() => activeStreams(server)).toBe(1);
    await server.append([busy(1)]);
    await expect.poll(() => batchesOf(first).length).toBe(1);
    first.cut();
    await expect.poll(() => activeStreams(server)).toBe(0);
    for (const n of [2, 3, 4]) await server.append([busy(n)]);
    const second = await openEvents(server.url, STATES, { after: batchesOf(first)[0]?.cursor });
    await expect.poll(() => agentsIn(batchesOf(second)).length).toBe(3);
    await server.append([busy(5)]);
    await expect.poll(() => agentsIn(batchesOf(second))).toEqual([2, 3, 4, 5].map(agentIdOf));
  });

  it('ends with SERVER_DRAINING and the cursor to go on from, whether it had heard anything or not', async () => {
    const server = await startFloor(1);
    const heard = await openEvents(server.url, STATES);
    await expect.poll(() => activeStreams(server)).toBe(1);
    await server.append([busy(1)]);
    await expect.poll(() => batchesOf(heard).length).toBe(1);
    const heardNothing = await openEvents(server.url, STATES);
    await expect.poll(() => activeStreams(server)).toBe(2);
    await server.drain();
    for (const client of [heard, heardNothing]) {
      await expect.poll(() => client.completed()).toBe(true);
      expect(client.results.at(-1)?.errors).toMatchObject([
        { extensions: { code: 'SERVER_DRAINING', cursor: batchesOf(heard)[0]?.cursor } },
      ]);
    }
  });

  it('ends with the error of a cursor that is none', async () => {
    const server = await startFloor(1);
    const client = await openEvents(server.url, STATES, { after: 'no cursor' });
    await expect.poll(() => client.completed()).toBe(true);
    expect(client.results).toMatchObject([{ errors: [{ extensions: { code: 'CURSOR_MALFORMED' } }] }]);
  });
});

describe('a client of server-sent events', () => {
  it('that leaves while its token is looked at leaves no stream behind', async () => {
    const issuer = await startIssuer();
    const { url, registry } = await startServer({ settings: { auth: { apiKeys: [], jwt: issuer.jwt } } });
    const answerNow = issuer.holdBack();
    const leaving = new AbortController();
    const left = fetch(
      `${url}/graphql?query=${encodeURIComponent('subscription { ticks(count: 0) { n } }')}`,
      {
        headers: {
          accept: 'text/event-stream',
          authorization: `Bearer ${await issuer.sign({}, Date.now() / 1000 + 600)}`,
        },
        signal: leaving.signal,
      },
    ).catch(() => 'left');
    await expect.poll(issuer.asked).toBe(1);
    leaving.abort();
    expect(await left).toBe('left');
    const says = async (line: RegExp) => line.test(await registry.metrics());
    await expect
      .poll(() => says(/rta_http_request_duration_seconds_count\{route="\/graphql".*\} 1/))
      .toBe(true);
    answerNow();
    await expect.poll(() => says(/rta_streams_ended_total\{.*code="NONE"\} 1/)).toBe(true);
    expect(await says(/rta_active_streams\{.*\} 0/)).toBe(true);
  });
});
