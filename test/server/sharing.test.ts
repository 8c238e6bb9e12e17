import { GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { GatewayContext } from '../../src/schema/context.ts';
import { openSocket } from './support/socketClient.ts';
import { openEvents } from './support/sseClient.ts';
import { startServer } from './support/startServer.ts';
import { createSteppedSchema } from './support/steppedSchema.ts';

/** One batch object for all subscribers, as a source that reads the log once for all would make it. */
const batch = { cursor: 'c1', n: 1 };

const createSharedSchema = () => {
  const executions = { count: 0 };
  const type = new GraphQLObjectType<typeof batch, GatewayContext>({
    name: 'Batch',
    fields: {
      n: {
        type: GraphQLInt,
        resolve: () => {
          executions.count += 1;
          return 1;
        },
      },
      tenant: { type: GraphQLString, resolve: (_batch, _args, { tenant }) => tenant.tenantId },
    },
  });
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { hello: { type: GraphQLString } } }),
    subscription: new GraphQLObjectType<unknown, GatewayContext>({
      name: 'Subscription',
      fields: {
        batches: {
          type,
          args: { filter: { type: GraphQLString }, after: { type: GraphQLString } },
          subscribe: async function* (_root, _args, context) {
            await context.tenant.doorbell.wait(60_000, context.signal);
            yield batch;
          },
          resolve: (payload) => payload,
        },
      },
    }),
  });
  return { schema, executions };
};

const query = 'subscription ($filter: String) { batches(filter: $filter) { n tenant } }';
const resuming =
  'subscription ($filter: String, $after: String) { batches(filter: $filter, after: $after) { n tenant } }';

describe('identical operations on one batch', () => {
  it('run once, and each subscriber gets the result under its own id', async () => {
    const { schema, executions } = createSharedSchema();
    const { url, ring, registry } = await startServer({ schema });
    const clients = await Promise.all(Array.from({ length: 5 }, () => openSocket(url)));
    for (const [index, client] of clients.entries()) {
      await client.init();
      client.subscribe(`id "${index}"`, query);
    }
    await expect
      .poll(async () => /rta_active_streams\{.*\} (\d+)/.exec(await registry.metrics())?.[1])
      .toBe('5');
    ring();
    for (const [index, client] of clients.entries()) {
      const message = await client.next(({ type }) => type === 'next');
      expect(message).toMatchObject({
        id: `id "${index}"`,
        payload: { data: { batches: { n: 1, tenant: 'acme' } } },
      });
    }
    expect(executions.count).toBe(1);
  });

  it.each([
    ['of one byte', '1'],
    ['beyond ASCII', 'Äda "zoë" 😀 \\ \u0000'],
    ['longer than a header', 'x'.repeat(1_000)],
  ])('come under an id %s as it was given', async (_what, id) => {
    const { schema } = createSharedSchema();
    const { url, ring, registry } = await startServer({ schema });
    const client = await openSocket(url);
    await client.init();
    for (const one of [id, `${id}, too`]) client.subscribe(one, query);
    await expect
      .poll(async () => /rta_active_streams\{.*\} (\d+)/.exec(await registry.metrics())?.[1])
      .toBe('2');
    ring();
    for (const one of [id, `${id}, too`]) {
      expect(await client.next((message) => message.type === 'next' && message.id === one)).toMatchObject({
        payload: { data: { batches: { n: 1, tenant: 'acme' } } },
      });
    }
  });

  it('are not identical when variables or tenants differ', async () => {
    const { schema, executions } = createSharedSchema();
    const { url, ring, registry } = await startServer({ schema, tenantIds: ['acme', 'globex'] });
    const tenantsSeen: unknown[] = [];
    const open = async (tenantId: string, filter: string) => {
      const client = await openSocket(url);
      await client.init({ tenantId });
      client.subscribe('1', query, { filter });
      return client;
    };
    const clients = [await open('acme', 'a'), await open('acme', 'b'), await open('globex', 'a')];
    await expect
      .poll(async () => /rta_active_streams\{.*\} (\d+)/.exec(await registry.metrics())?.[1])
      .toBe('3');
    ring();
    for (const client of clients) {
      await client.next(({ type }) => type === 'next');
      tenantsSeen.push(client.resultsOf('1')[0]?.data?.['batches']);
    }
    expect(tenantsSeen).toMatchObject([{ tenant: 'acme' }, { tenant: 'acme' }, { tenant: 'globex' }]);
    expect(executions.count).toBe(3);
  });
});

describe('equal streams', () => {
  it('that are told of one error hear of no other client by it, and the log knows it', async () => {
    const { schema, log } = createSteppedSchema();
    const { url, ring, registry, logged } = await startServer({ schema });
    const own = ['first-client', 'second-client'];
    const clients = await Promise.all(
      own.map((id) => openEvents(url, 'subscription { texts { broken } }', {}, { 'x-request-id': id })),
    );
    await expect
      .poll(async () => /rta_active_streams\{.*\} (\d+)/.exec(await registry.metrics())?.[1])
      .toBe('2');
    log.push('something');
    ring();
    for (const { results } of clients) await expect.poll(() => results.length).toBe(1);
    const told = clients.map(({ results }) => results[0]?.errors?.[0]?.extensions?.['requestId']);
    expect(new Set(told).size).toBe(1);
    expect(own).not.toContain(told[0]);
    expect(logged.map(({ details }) => 'requestId' in details && details.requestId)).toContain(told[0]);
  });

  it('that differ in where they began run once on what they both get', async () => {
    const { schema, executions } = createSharedSchema();
    const { url, ring, registry } = await startServer({ schema });
    const clients = await Promise.all(['c7', 'c8'].map(() => openSocket(url)));
    for (const [index, client] of clients.entries()) {
      await client.init();
      client.subscribe('1', resuming, { after: `c${index}` });
    }
    await expect
      .poll(async () => /rta_active_streams\{.*\} (\d+)/.exec(await registry.metrics())?.[1])
      .toBe('2');
    ring();
    for (const client of clients) await client.next(({ type }) => type === 'next');
    expect(executions.count).toBe(1);
  });

  it('go on together while one of them does not read, and it misses nothing when it reads again', async () => {
    const { schema, log, steps } = createSteppedSchema();
    const { url, ring, registry } = await startServer({ schema });
    const clients = await Promise.all([1, 2, 3].map(() => openSocket(url)));
    // The second message of each waits in memory behind the first, where all share the text and each has a head, of
    // another length, before it.
    const idsOf = (client: (typeof clients)[number]) =>
      [0, 1].map((n) => 'x'.repeat(1 + 20 * (2 * clients.indexOf(client) + n)));
    for (const client of clients) {
      await client.init();
      for (const id of idsOf(client)) client.subscribe(id, 'subscription { texts { text } }');
    }
    await expect
      .poll(async () => /rta_active_streams\{.*\} (\d+)/.exec(await registry.metrics())?.[1])
      .toBe('6');
    const [slow, ...others] = clients;
    slow!.socket.pause(); // there are three

    const textsOf = (client: (typeof clients)[number]) =>
      idsOf(client).map((id) =>
        // As the query asks.
        client.resultsOf(id).map(({ data }) => (data?.['texts'] as { text: string } | undefined)?.text),
      );
    const countsOf = (client: (typeof clients)[number]) => textsOf(client).map((texts) => texts.length);
    for (let n = 0; n < 200; n++) log.push(`${n} ${'x'.repeat(65_536)}`);
    ring();
    for (const client of others)
      await expect.poll(() => countsOf(client), { timeout: 10_000 }).toEqual([200, 200]);
    expect(textsOf(others[0]!)).toEqual([log, log]);
    for (const count of countsOf(slow!)) expect(count).toBeLessThan(200);
    slow!.socket.resume();
    for (const client of clients)
      await expect.poll(() => countsOf(client), { timeout: 10_000 }).toEqual([200, 200]);
    for (const client of clients) expect(textsOf(client)).toEqual([log, log]);
    log.push('last');
    ring();
    for (const client of clients)
      await expect.poll(() => textsOf(client).map((texts) => texts.at(-1))).toEqual(['last', 'last']);
    expect(steps.taken).toBe(201);
  }, 30_000);
});
