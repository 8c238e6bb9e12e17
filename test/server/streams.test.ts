import { createConnection } from 'node:net';
import { describe, expect, it } from 'vitest';
import { post, postForEvents } from './support/httpClient.ts';
import { openSocket } from './support/socketClient.ts';
import { startServer, type TestServer } from './support/startServer.ts';
import { openSources } from './support/testSchema.ts';

const activeStreams = async ({ url }: TestServer): Promise<number> => {
  const response = await fetch(`${url}/status`);
  // /status counts them.
  return ((await response.json()) as { activeStreams: number }).activeStreams;
};

const waiting = 'subscription { ticks(count: 0) { n cursor } }';

describe('streams', () => {
  it('over the limit of a connection are refused; the others go on', async () => {
    const { url } = await startServer({ settings: { streamsPerConnection: 2 } });
    const client = await openSocket(url);
    await client.init();
    for (const id of ['1', '2', '3']) client.subscribe(id, waiting);
    const refused = await client.next((message) => message.type === 'error');
    expect(refused).toMatchObject({
      id: '3',
      payload: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', limit: 2 } }],
    });
    client.send({ id: '1', type: 'complete' });
    client.subscribe('4', 'subscription { ticks(count: 1) { n } }');
    await client.next((message) => message.id === '4' && message.type === 'next');
  });

  it('over the limit of the server are refused on every transport', async () => {
    const { url } = await startServer({ settings: { streamLimit: 1 } });
    const first = await openSocket(url);
    await first.init();
    first.subscribe('1', waiting);
    const second = await openSocket(url);
    await second.init();
    await expect
      .poll(
        async () =>
          (await postForEvents(url, { query: 'subscription { ticks(count: 1) { n } }' })).results[0],
      )
      .toMatchObject({ errors: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }] });
    second.subscribe('1', waiting);
    expect(await second.next((message) => message.id === '1')).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }],
    });
  });

  it('are given up when the socket goes, even while their source sleeps', async () => {
    const server = await startServer();
    const client = await openSocket(server.url);
    await client.init();
    for (const id of ['1', '2', '3']) client.subscribe(id, waiting);
    await expect.poll(() => activeStreams(server)).toBe(3);
    client.socket.terminate();
    await expect.poll(() => activeStreams(server)).toBe(0);
    await expect.poll(() => openSources.count).toBe(0);
  });

  it('are given up when an SSE client goes', async () => {
    const server = await startServer();
    const abort = new AbortController();
    await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: waiting }),
      signal: abort.signal,
    });
    await expect.poll(() => activeStreams(server)).toBe(1);
    abort.abort();
    await expect.poll(() => activeStreams(server)).toBe(0);
  });

  it('are not served as plain JSON', async () => {
    const { url } = await startServer();
    const { status, body } = await post(url, { query: waiting });
    expect(status).toBe(406);
    expect(body.errors?.[0]?.extensions?.['code']).toBe('NOT_ACCEPTABLE');
  });

  it('get comments while they are quiet, so that no proxy closes them', async () => {
    const { url } = await startServer({ settings: { keepAliveMs: 20 } });
    const response = await fetch(`${url}/graphql?query=${encodeURIComponent(waiting)}`, {
      headers: { accept: 'text/event-stream' },
    });
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += new TextDecoder().decode(chunk);
      if (text.split(':\n\n').length > 3) break;
    }
    expect(text).toMatch(/^(:\n\n)+$/);
  });
});

describe('a slow consumer', () => {
  const flood = 'subscription { ticks(count: 100000, sizeBytes: 65536) { n cursor text } }';

  it('over WebSocket is told CONSUMER_TOO_SLOW with its last cursor, then closed with 1013', async () => {
    const server = await startServer({ settings: { keepAliveMs: 100, slowConsumerMs: 400 } });
    const client = await openSocket(server.url);
    await client.init();
    client.subscribe('s', flood);
    await client.next((message) => message.type === 'next');
    client.socket.pause();
    await expect.poll(() => activeStreams(server), { timeout: 5_000 }).toBe(0);
    client.socket.resume();
    const { code } = await client.closed;
    const results = client.resultsOf('s');
    const last = results.at(-1);
    expect(code).toBe(1013);
    expect(last?.errors?.[0]?.extensions).toEqual({
      code: 'CONSUMER_TOO_SLOW',
      cursor: `c${results.length - 1}`,
    });
    // What came before is whole: nothing was dropped in between.
    expect(results.slice(0, -1).map(({ data }) => data?.['ticks'])).toMatchObject(
      results.slice(0, -1).map((_result, index) => ({ n: index + 1 })),
    );
  });

  it('over WebSocket costs a few batches of memory, not a queue', async () => {
    const server = await startServer({ settings: { keepAliveMs: 60_000 } });
    const client = await openSocket(server.url);
    await client.init();
    client.subscribe('s', flood);
    await client.next((message) => message.type === 'next');
    client.socket.pause();
    const delivered = async () =>
      /rta_stream_deliveries_total\{.*\} (\d+)/.exec(await server.registry.metrics())?.[1];
    // Stops at what the kernel's buffers take.
    let before: string | undefined;
    await expect
      .poll(
        async () => {
          const now = await delivered();
          const still = now === before;
          before = now;
          return still;
        },
        { interval: 200, timeout: 5_000 },
      )
      .toBe(true);
    expect(Number(before)).toBeLessThan(500);
  });

  it('over SSE is told CONSUMER_TOO_SLOW with its last cursor', async () => {
    const server = await startServer({ settings: { slowConsumerMs: 100 } });
    const { hostname, port } = new URL(server.url);
    const socket = createConnection(Number(port), hostname);
    const body = JSON.stringify({ query: flood });
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    await expect.poll(() => activeStreams(server), { timeout: 5_000 }).toBe(0);
    let text = '';
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.resume();
    await new Promise((resolve) => socket.on('close', resolve));
    expect(text).toMatch(/"code":"CONSUMER_TOO_SLOW","cursor":"c\d+"/);
    expect(text).toContain('event: complete');
  });
});

describe('draining', () => {
  it('lets streams say SERVER_DRAINING with their cursor, closes sockets with 1001, and stops', async () => {
    const server = await startServer();
    const client = await openSocket(server.url);
    await client.init();
    client.subscribe('s', waiting);
    await expect.poll(() => activeStreams(server)).toBe(1);
    const sse = postForEvents(server.url, { query: waiting });
    await expect.poll(() => activeStreams(server)).toBe(2);
    const startedMs = performance.now();
    await server.drain();
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    expect((await client.closed).code).toBe(1001);
    for (const results of [client.resultsOf('s'), (await sse).results]) {
      expect(results).toMatchObject([
        { errors: [{ extensions: { code: 'SERVER_DRAINING', cursor: 'c0' } }] },
      ]);
    }
    await expect(fetch(`${server.url}/livez`)).rejects.toThrow();
  });
});
