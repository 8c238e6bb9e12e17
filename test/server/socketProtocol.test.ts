import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openSocket, sendTogether } from './support/socketClient.ts';
import { startServer } from './support/startServer.ts';
import { createSteppedSchema } from './support/steppedSchema.ts';
import { createTextSchema } from './support/textSchema.ts';

const apiKeys = [
  // SHA-256 of "right-key".
  {
    name: 'wallboard',
    sha256hex: '5ad7a7e9ae42a4c3ff7b3c3a7b4b6e3a7b2a2a7a5a7e9ae42a4c3ff7b3c3a7b4',
    tenantId: null,
  },
];

describe('graphql-transport-ws', () => {
  it('answers ping with pong, before and after init', async () => {
    const client = await openSocket((await startServer()).url);
    client.send({ type: 'ping', payload: { mark: 1 } });
    expect(await client.next((message) => message.type === 'pong')).toEqual({
      type: 'pong',
      payload: { mark: 1 },
    });
  });

  it('runs queries, mutations and subscriptions, each with its complete', async () => {
    const client = await openSocket((await startServer()).url);
    await client.init();
    client.subscribe('q', '{ hello }');
    client.subscribe('m', 'mutation { touch }');
    client.subscribe('s', 'subscription { ticks(count: 3) { n } }');
    for (const id of ['q', 'm', 's'])
      await client.next((message) => message.type === 'complete' && message.id === id);
    expect(client.resultsOf('q')).toMatchObject([{ data: { hello: 'world' } }]);
    expect(client.resultsOf('m')).toMatchObject([{ data: { touch: 'touched' } }]);
    expect(client.resultsOf('s').map(({ data }) => data)).toEqual([1, 2, 3].map((n) => ({ ticks: { n } })));
  });

  it('tells the cost with the first result of a stream only', async () => {
    const client = await openSocket((await startServer()).url);
    await client.init();
    client.subscribe('s', 'subscription { ticks(count: 2) { n } }');
    await client.next((message) => message.type === 'complete');
    expect(client.resultsOf('s').map(({ extensions }) => extensions?.['cost'])).toEqual([
      { requested: 1, limit: 25_000 },
      undefined,
    ]);
  });

  it('answers a syntax error to its own id; the socket and its other operations live on', async () => {
    const { schema, log } = createSteppedSchema();
    const { url, ring, registry } = await startServer({ schema });
    const client = await openSocket(url);
    await client.init();
    for (const id of ['1', '2']) client.subscribe(id, 'subscription { texts { text } }');
    await expect
      .poll(async () => /rta_active_streams\{.*\} (\d+)/.exec(await registry.metrics())?.[1])
      .toBe('2');
    client.subscribe('bad', '{ hello');
    const error = await client.next((message) => message.id === 'bad');
    expect(error).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }],
    });
    log.push('after the error');
    ring();
    for (const id of ['1', '2']) {
      expect(await client.next((message) => message.id === id)).toMatchObject({
        type: 'next',
        payload: { data: { texts: { text: 'after the error' } } },
      });
    }
    client.subscribe('good', '{ hello }');
    await client.next((message) => message.id === 'good' && message.type === 'next');
    expect(client.messages.filter((message) => message.id === 'bad')).toHaveLength(1);
  });

  it('gives each batch a context of its own', async () => {
    const client = await openSocket((await startServer()).url);
    await client.init();
    client.subscribe('s', 'subscription { ticks(count: 3) { context } }');
    await client.next((message) => message.type === 'complete');
    const contexts = client.resultsOf('s').map(({ data }) => JSON.stringify(data));
    expect(new Set(contexts).size).toBe(3);
  });

  it('lets an id be used again after its operation is complete', async () => {
    const client = await openSocket((await startServer()).url);
    await client.init();
    client.subscribe('1', '{ hello }');
    await client.next((message) => message.type === 'complete');
    client.subscribe('1', '{ hello }');
    await expect.poll(() => client.resultsOf('1').length).toBe(2);
  });

  it('keeps two operations apart that a client runs under one id, leaving the first, in one burst', async () => {
    const { schema, log } = createSteppedSchema();
    const { url, ring, registry } = await startServer({ schema });
    const active = async () => /rta_active_streams\{.*\} (\d+)/.exec(await registry.metrics())?.[1];
    const client = await openSocket(url);
    await client.init();
    client.subscribe('1', 'subscription { texts { text } }');
    await expect.poll(active).toBe('1');
    sendTogether(client, () => {
      client.send({ id: '1', type: 'complete' });
      client.subscribe('1', 'subscription { second: texts { text } }');
    });
    client.subscribe('after', '{ hello }');
    await client.next((message) => message.id === 'after' && message.type === 'complete');
    log.push('for the second');
    ring();
    await client.next((message) => message.id === '1');
    expect(client.messages.filter(({ id }) => id === '1')).toMatchObject([
      { type: 'next', payload: { data: { second: { text: 'for the second' } } } },
    ]);
    client.send({ id: '1', type: 'complete' });
    await expect.poll(active).toBe('0');
  });

  it('says nothing of a query that was left while its answer waited to be sent, and frees its id', async () => {
    const { url } = await startServer({ schema: createTextSchema() });
    const client = await openSocket(url);
    await client.init();
    sendTogether(client, () => {
      client.subscribe('1', '{ text(bytes: 4000000) }');
      client.send({ id: '1', type: 'complete' });
      client.subscribe('1', '{ text(bytes: 1) }');
    });
    client.subscribe('after', '{ text(bytes: 1) }');
    await client.next((message) => message.id === 'after' && message.type === 'complete');
    const told = client.messages.filter(({ id }) => id === '1').map(({ type }) => type);
    // Of the first its result, which was on its way.
    expect(told).toEqual(['next', 'next', 'complete']);
  });

  it('sends nothing for an operation after the client completed it', async () => {
    const { url, ring } = await startServer();
    const client = await openSocket(url);
    await client.init();
    client.subscribe('s', 'subscription { ticks(count: 0) { n } }');
    client.send({ id: 's', type: 'complete' });
    ring();
    client.subscribe('after', '{ hello }');
    await client.next((message) => message.id === 'after' && message.type === 'complete');
    expect(client.messages.filter((message) => message.id === 's')).toEqual([]);
  });
});

describe('keep-alive', () => {
  it('terminates a peer that answers no ping, and keeps one that does', async () => {
    const { url } = await startServer({ settings: { keepAliveMs: 30, slowConsumerMs: 90 } });
    const alive = await openSocket(url);
    await alive.init();
    const dead = await openSocket(url, { autoPong: false });
    await dead.init();
    expect((await dead.closed).code).toBe(1006);
    alive.subscribe('1', '{ hello }');
    await alive.next((message) => message.type === 'next');
  });
});

describe('close codes', () => {
  it('4400 on a message that is no message', async () => {
    const client = await openSocket((await startServer()).url);
    client.send('not json');
    expect((await client.closed).code).toBe(4400);
  });

  it('4400 on a message of an unknown type', async () => {
    const client = await openSocket((await startServer()).url);
    client.send({ type: 'start', id: '1' });
    expect((await client.closed).code).toBe(4400);
  });

  it.each(['next', 'error', 'connection_ack'])('4400 on `%s`, which only a server says', async (type) => {
    const { url, logged } = await startServer();
    const client = await openSocket(url);
    await client.init();
    client.send(JSON.stringify({ type, id: '1', payload: type === 'error' ? [{ message: 'no' }] : {} }));
    expect((await client.closed).code).toBe(4400);
    expect(logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('4400 on an operation without an id', async () => {
    const client = await openSocket((await startServer()).url);
    await client.init();
    client.subscribe('', '{ hello }');
    expect((await client.closed).code).toBe(4400);
  });

  it('4401 on an operation before the ack', async () => {
    const client = await openSocket((await startServer()).url);
    client.subscribe('1', '{ hello }');
    expect((await client.closed).code).toBe(4401);
  });

  it('4401 on missing credentials', async () => {
    const client = await openSocket((await startServer({ settings: { auth: { apiKeys, jwt: null } } })).url);
    client.send({ type: 'connection_init' });
    const { code, reason } = await client.closed;
    expect(code).toBe(4401);
    expect(reason).toContain('UNAUTHENTICATED');
  });

  it('4403 on a tenant that is not served', async () => {
    const client = await openSocket((await startServer()).url);
    client.send({ type: 'connection_init', payload: { tenantId: 'other' } });
    expect((await client.closed).code).toBe(4403);
  });

  it('4406 on another subprotocol', async () => {
    const { url } = await startServer();
    // ws refuses to connect when none of its subprotocols is chosen, so none is asked for.
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`);
    const code = await new Promise((resolve) => socket.on('close', resolve));
    expect(code).toBe(4406);
  });

  it('4408 when no init comes in time', async () => {
    const client = await openSocket((await startServer({ settings: { initTimeoutMs: 50 } })).url);
    expect((await client.closed).code).toBe(4408);
  });

  it.each([
    ['', '1'],
    [', also where it is longer than a close frame', 'ä'.repeat(100)],
  ])('4409 on an id that is in use%s', async (_what, id) => {
    const client = await openSocket((await startServer()).url);
    await client.init();
    client.subscribe(id, 'subscription { ticks(count: 0) { n } }');
    client.subscribe(id, '{ hello }');
    const { code, reason } = await client.closed;
    expect([code, reason]).toEqual([4409, expect.stringMatching(/^Subscriber.* already exists$/)]);
  });

  it('4429 on a second init', async () => {
    const client = await openSocket((await startServer()).url);
    await client.init();
    client.send({ type: 'connection_init' });
    expect((await client.closed).code).toBe(4429);
  });

  it('1009 on a message over the limit', async () => {
    const client = await openSocket((await startServer()).url);
    client.send({ type: 'ping', payload: { text: 'x'.repeat(129 * 1024) } });
    expect((await client.closed).code).toBe(1009);
  });
});

describe('the door', () => {
  const refusedStatus = (url: string, options: object): Promise<number> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url, 'graphql-transport-ws', options);
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('open', () => reject(new Error('it opened')));
      socket.on('error', () => undefined);
    });

  it('refuses foreign origins, and a foreign Host while everybody is let in', async () => {
    const { url } = await startServer({ settings: { allowedOrigins: ['https://board.example'] } });
    const socketUrl = `${url.replace('http', 'ws')}/graphql`;
    expect(await refusedStatus(socketUrl, { origin: 'https://evil.example' })).toBe(403);
    expect(await refusedStatus(socketUrl, { headers: { host: 'rebound.example' } })).toBe(403);
    expect(await refusedStatus(socketUrl.replace('/graphql', '/other'), {})).toBe(404);
  });

  it("lets allowed origins and the server's own pages in", async () => {
    const { url } = await startServer({ settings: { allowedOrigins: ['https://board.example'] } });
    for (const origin of ['https://board.example', url]) await (await openSocket(url, { origin })).init();
  });

  it('refuses sockets over the limit', async () => {
    const { url } = await startServer({ settings: { socketLimit: 1 } });
    await openSocket(url);
    expect(await refusedStatus(`${url.replace('http', 'ws')}/graphql`, {})).toBe(503);
  });
});
