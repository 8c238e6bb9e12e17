import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { post } from './support/httpClient.ts';
import { openSocket } from './support/socketClient.ts';
import { startServer } from './support/startServer.ts';

const waiting = 'subscription { ticks(count: 0) { n cursor } }';
const flood = 'subscription { ticks(count: 100000, sizeBytes: 65536) { n cursor text } }';

/** A server that drains, and goes on draining, as somebody does not read what is sent to them. */
const startDraining = async () => {
  const server = await startServer({ settings: { drainMs: 30_000 } });
  const stalled = await openSocket(server.url);
  await stalled.init();
  stalled.subscribe('flood', flood);
  await stalled.next((message) => message.type === 'next');
  stalled.socket.pause();
  return { server, stalled };
};

describe('while it drains, a server', () => {
  it('answers probes: alive, and with 503 not ready', async () => {
    const { server, stalled } = await startDraining();
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    const drained = server.drain();
    const response = await fetch(`${server.url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ ready: false });
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    stalled.socket.terminate();
    await drained;
    await expect(fetch(`${server.url}/readyz`)).rejects.toThrow();
  });

  it('refuses new operations and new sockets', async () => {
    const { server, stalled } = await startDraining();
    const other = await openSocket(server.url);
    await other.init();
    const drained = server.drain();
    expect((await post(server.url, { query: '{ hello }' })).body.errors?.[0]?.extensions).toMatchObject({
      code: 'SERVER_DRAINING',
    });
    other.subscribe('late', waiting);
    expect(await other.next((message) => message.id === 'late')).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'SERVER_DRAINING' } }],
    });
    const refused = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const status = await new Promise((resolve) => {
      refused.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      refused.on('error', () => undefined);
    });
    expect(status).toBe(503);
    stalled.socket.terminate();
    await drained;
  });

  it('lets each of many streams on many sockets say its own cursor, then closes with 1001', async () => {
    const server = await startServer();
    const clients = await Promise.all(Array.from({ length: 20 }, () => openSocket(server.url)));
    for (const client of clients) {
      await client.init();
      for (const id of ['1', '2', '3']) client.subscribe(id, waiting);
    }
    const activeStreams = async () =>
      // /status counts them.
      ((await (await fetch(`${server.url}/status`)).json()) as { activeStreams: number }).activeStreams;
    await expect.poll(activeStreams).toBe(60);
    await server.drain();
    for (const client of clients) {
      expect((await client.closed).code).toBe(1001);
      for (const id of ['1', '2', '3']) {
        expect(client.resultsOf(id)).toMatchObject([
          { errors: [{ extensions: { code: 'SERVER_DRAINING', cursor: 'c0' } }] },
        ]);
      }
    }
  });

  it('tells a client that does not read its last cursor too, once it reads again', async () => {
    const { server, stalled } = await startDraining();
    const drained = server.drain();
    // It stops listening when every stream has ended.
    await expect
      .poll(() => fetch(`${server.url}/livez`).catch(() => 'refused'), { timeout: 10_000 })
      .toBe('refused');
    stalled.socket.resume();
    expect((await stalled.closed).code).toBe(1001);
    await drained;
    const results = stalled.resultsOf('flood');
    expect(results.at(-1)?.errors?.[0]?.extensions).toEqual({
      code: 'SERVER_DRAINING',
      cursor: `c${results.length - 1}`,
    });
    expect(results.slice(0, -1).map(({ data }) => data?.['ticks'])).toMatchObject(
      results.slice(0, -1).map((_result, index) => ({ n: index + 1 })),
    );
  });
});
