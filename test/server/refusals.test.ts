import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { post, postForEvents } from './support/httpClient.ts';
import { openSocket, type Result } from './support/socketClient.ts';
import { startServer } from './support/startServer.ts';

type Case = {
  why: string;
  query: string;
  variables?: Record<string, unknown>;
  /** Of the first error; null: the operation must pass. */
  code: string | null;
  /** For clients of application/graphql-response+json. */
  status: number;
};

const deep = (levels: number): string =>
  `{ item ${'{ child '.repeat(levels)}{ name }${' }'.repeat(levels)} }`;

/** Each fragment spreads the next one twice: 2^30 fields out of sixty lines. */
const fragmentBomb = [
  '{ item { ...F0 } }',
  ...Array.from(
    { length: 30 },
    (_, n) => `fragment F${n} on Item { a: child { ...F${n + 1} } b: child { ...F${n + 1} } }`,
  ),
  'fragment F30 on Item { name }',
].join('\n');

const cases: Case[] = [
  { why: 'a syntax error', query: '{ hello', code: 'GRAPHQL_PARSE_FAILED', status: 400 },
  { why: 'an unknown field', query: '{ nothing }', code: 'GRAPHQL_VALIDATION_FAILED', status: 400 },
  {
    why: 'a variable of the wrong type',
    query: 'query ($n: Int) { items(first: $n) { totalCount } }',
    variables: { n: 'x' },
    code: 'BAD_USER_INPUT',
    status: 400,
  },
  { why: 'too many tokens', query: `{ ${'hello '.repeat(600)} }`, code: 'QUERY_TOO_EXPENSIVE', status: 400 },
  { why: 'too deep', query: deep(12), code: 'QUERY_TOO_EXPENSIVE', status: 400 },
  {
    why: 'deep only through fragments',
    query: `{ item { ...A } } fragment A on Item { child { ...B } } fragment B on Item { child { child { child { child { child { child { child { child { child { name } } } } } } } } } }`,
    code: 'QUERY_TOO_EXPENSIVE',
    status: 400,
  },
  {
    why: 'fragments in a circle',
    query: '{ item { ...A } } fragment A on Item { child { ...A } }',
    code: 'QUERY_TOO_EXPENSIVE',
    status: 400,
  },
  { why: 'fragments that multiply', query: fragmentBomb, code: 'QUERY_TOO_EXPENSIVE', status: 400 },
  {
    why: 'too many aliases',
    query: `{ ${Array.from({ length: 11 }, (_, n) => `a${n}: hello`).join(' ')} }`,
    code: 'QUERY_TOO_EXPENSIVE',
    status: 400,
  },
  {
    why: 'too many root fields',
    query: `{ ${'hello '.repeat(9)} }`,
    code: 'QUERY_TOO_EXPENSIVE',
    status: 400,
  },
  {
    why: 'a page that costs too much, as a literal',
    query: '{ items(first: 600) { nodes { child { name } } } }',
    code: 'QUERY_TOO_EXPENSIVE',
    status: 400,
  },
  {
    why: 'a page that costs too much, as a variable',
    query: 'query ($n: Int) { items(first: $n) { nodes { child { name } } } }',
    variables: { n: 600 },
    code: 'QUERY_TOO_EXPENSIVE',
    status: 400,
  },
  {
    why: 'a page that costs too much, as a default of a variable',
    query: 'query ($n: Int = 600) { items(last: $n) { nodes { child { name } } } }',
    code: 'QUERY_TOO_EXPENSIVE',
    status: 400,
  },
  {
    why: 'pages in pages without any size',
    query: '{ items { nodes { items { nodes { name } } } } }',
    code: 'QUERY_TOO_EXPENSIVE',
    status: 400,
  },
  {
    why: 'no operation of that many',
    query: 'query A { hello } query B { hello }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    status: 400,
  },
  { why: "the schema's own refusal", query: '{ refused }', code: 'RANGE_TOO_LARGE', status: 200 },
  { why: 'an unexpected error', query: '{ boom }', code: 'INTERNAL_SERVER_ERROR', status: 200 },
  {
    why: 'a page within the cost',
    query: 'query ($n: Int) { items(first: $n) { nodes { child { name } } } }',
    variables: { n: 400 },
    code: null,
    status: 200,
  },
  {
    why: "GraphiQL's introspection",
    query: getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }),
    code: null,
    status: 200,
  },
];

const limits = { tokens: 500, depth: 10, aliases: 10, rootFields: 8, cost: 1000 };

const overSocket = async (url: string, { query, variables }: Case): Promise<Result> => {
  const client = await openSocket(url);
  await client.init();
  client.subscribe('1', query, variables);
  const answer = await client.next((message) => message.id === '1');
  // By the protocol: `error` carries errors, `next` a result.
  return answer.type === 'error'
    ? { errors: answer.payload as Result['errors'] & object }
    : (answer.payload as Result);
};

describe('every refusal is the same on HTTP, SSE and WebSocket', () => {
  it.each(cases)('$why', async (one) => {
    const { url } = await startServer({ limits });
    const params = { query: one.query, variables: one.variables };
    const http = await post(url, params);
    const sse = await postForEvents(url, params);
    const socket = await overSocket(url, one);

    const codes = [http.body, sse.results[0], socket].map(
      (result) => result?.errors?.[0]?.extensions?.['code'] ?? null,
    );
    expect(codes).toEqual([one.code, one.code, one.code]);
    expect(http.status).toBe(one.status);
    expect(sse.completed).toBe(true);
    expect(JSON.stringify([http.body, sse.results, socket])).not.toContain('secret path');
  });
});

describe('limits', () => {
  it('tells the cost of what it executes', async () => {
    const { url } = await startServer({ limits });
    const { body } = await post(url, {
      query: '{ items(first: 10) { nodes { name child { name } } totalCount } }',
    });
    expect(body).toMatchObject({ extensions: { cost: { requested: 21, limit: 1000 } } });
  });

  it('names the field that is dearest where the operation costs too much, and its share', async () => {
    const { url } = await startServer({ limits });
    const query = `query ($n: Int) {
      hello
      wide: items(first: 10) { nodes { child { name } } }
      items(first: $n) { nodes { ...Items } }
    }
    fragment Items on Item { own: items(first: 50) { nodes { child { name } } totalCount } }`;
    const { body } = await post(url, { query, variables: { n: 20 } });
    // 1 + 10 * 2, and 1 + 20 * (1 + 1 + 50 * 2).
    expect(body.errors?.[0]?.extensions).toMatchObject({
      code: 'QUERY_TOO_EXPENSIVE',
      cost: {
        requested: 2062,
        limit: 1000,
        dearest: { path: 'items.nodes.own.nodes', objects: 1000, share: 1000 / 2062 },
      },
    });
    expect(body.errors?.[0]?.message).toMatch(/`items\.nodes\.own\.nodes` alone makes 48 %/);
  });

  it('counts what @skip and @include leave over', async () => {
    const { url } = await startServer({ limits });
    const query = 'query ($no: Boolean!) { item { child @include(if: $no) { name } name } }';
    expect((await post(url, { query, variables: { no: false } })).body).toMatchObject({
      extensions: { cost: { requested: 1 } },
    });
    expect((await post(url, { query, variables: { no: true } })).body).toMatchObject({
      extensions: { cost: { requested: 2 } },
    });
  });

  it('measures a document of multiplying fragments in no time', async () => {
    const { url } = await startServer({ limits: { tokens: 5_000, depth: 100, aliases: 2 ** 40 } });
    const startedMs = performance.now();
    const { body } = await post(url, { query: fragmentBomb });
    expect(body.errors?.[0]?.extensions?.['code']).toBe('QUERY_TOO_EXPENSIVE');
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});

describe('unexpected errors', () => {
  it('are masked with an id under which the log has them whole', async () => {
    const { url, logged } = await startServer();
    const { body, headers } = await post(url, { query: '{ boom }' });
    const requestId = body.errors?.[0]?.extensions?.['requestId'];
    expect(requestId).toBe(headers.get('x-request-id'));
    expect(body.errors?.[0]).toMatchObject({ path: ['boom'] });
    const line = logged.find(({ level }) => level === 'error');
    expect(line?.details).toMatchObject({ requestId, err: { message: 'the secret path of the database' } });
  });

  it('end a stream with a code and the cursor of the last batch, on SSE and WebSocket', async () => {
    const { url } = await startServer();
    const query = 'subscription { failing { n cursor } }';
    const { results } = await postForEvents(url, { query });
    const client = await openSocket(url);
    await client.init();
    client.subscribe('1', query);
    await client.next((message) => message.type === 'complete');
    for (const given of [results, client.resultsOf('1')]) {
      expect(given).toHaveLength(2);
      expect(given[0]?.data).toEqual({ failing: { n: 1, cursor: 'c1' } });
      expect(given[1]?.errors?.[0]).toMatchObject({
        extensions: { code: 'INTERNAL_SERVER_ERROR', cursor: 'c1' },
      });
    }
  });

  it('are told apart from what the schema refuses when a stream opens', async () => {
    const { url } = await startServer();
    const { results } = await postForEvents(url, { query: 'subscription { expiredCursor { n } }' });
    expect(results).toMatchObject([{ errors: [{ extensions: { code: 'STREAM_CURSOR_EXPIRED' } }] }]);
  });
});
