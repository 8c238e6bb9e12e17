import { afterAll, beforeAll, expect, test } from 'vitest';
import { seal } from '../../../src/schema/cursors/seal.ts';
import { floorRecords, writeFloor } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = openGateway({ maxWalkRows: 50 });
  await writeFloor(gateway, floorRecords(5, 300));
});
afterAll(() => gateway.dispose());

const code = async (document: string, variables?: Record<string, unknown>) => {
  const { extensions } = await gateway.refuse(document, variables);
  return [extensions['code'], extensions['argument']];
};

test.each([
  ['a negative page', '{ events(first: -1) { nodes { id } } }', 'BAD_USER_INPUT', 'first'],
  ['a page from both ends', '{ events(first: 1, last: 1) { nodes { id } } }', 'BAD_USER_INPUT', 'last'],
  ['a page over the limit', '{ events(first: 1001) { nodes { id } } }', 'PAGE_SIZE_OVER_LIMIT', 'first'],
  ['a last page over the limit', '{ sessions(last: 1001) { nodes { id } } }', 'PAGE_SIZE_OVER_LIMIT', 'last'],
  [
    'a time range that ends before it begins',
    '{ events(filter: { overlaps: { from: "2026-11-23T10:00:00Z", to: "2026-11-23T10:00:00Z" } }) { nodes { id } } }',
    'BAD_USER_INPUT',
    'filter.overlaps',
  ],
  [
    'a time range inside a filter of a relation',
    '{ agents(filter: { sessions: { some: { startedIn: { from: "2026-11-23T10:00:00Z", to: "2026-11-23T09:00:00Z" } } } }) { nodes { id } } }',
    'BAD_USER_INPUT',
    'filter.sessions.some.startedIn',
  ],
  [
    'a comparison with null',
    '{ events(filter: { state: { eq: null } }) { nodes { id } } }',
    'BAD_USER_INPUT',
    'filter.state.eq',
  ],
  ['a cursor of no kind', '{ events(after: "nonsense") { nodes { id } } }', 'CURSOR_MALFORMED', 'after'],
  ['a cursor of no letter', '{ events(before: "_") { nodes { id } } }', 'CURSOR_MALFORMED', 'before'],
  ['an empty cursor', '{ events(after: "") { nodes { id } } }', 'CURSOR_MALFORMED', 'after'],
  [
    'an empty cursor of statuses',
    '{ agentStatuses(after: "") { nodes { at } } }',
    'CURSOR_MALFORMED',
    'after',
  ],
  [
    'an empty cursor of statuses, backwards',
    '{ agentStatuses(last: 1, before: "") { nodes { at } } }',
    'CURSOR_MALFORMED',
    'before',
  ],
])('%s is refused by name', async (_what, document, expectedCode, argument) => {
  expect(await code(document)).toEqual([expectedCode, argument]);
});

test('first: 0 is a page', async () => {
  const { events } = await gateway.ask<{ events: unknown }>(
    '{ events(first: 0) { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor } } }',
  );
  expect(events).toEqual({
    nodes: [],
    pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null },
  });
});

const cursorOf = async (list: string) =>
  (
    await gateway.ask<{ list: { pageInfo: { endCursor: string } } }>(
      `{ list: ${list} { pageInfo { endCursor } } }`,
    )
  ).list.pageInfo.endCursor;

test('a cursor belongs to its ordering, its filter and its connection', async () => {
  const cursor = await cursorOf(
    'events(first: 3, filter: { revision: { gte: 1 }, endSource: { ne: OPEN } })',
  );
  const ask = (rest: string) => code(`query ($after: String) { ${rest} }`, { after: cursor });
  expect(
    await ask(
      'events(after: $after, orderBy: START_ASC, filter: { revision: { gte: 1 }, endSource: { ne: OPEN } }) { nodes { id } }',
    ),
  ).toEqual(['CURSOR_MISMATCH', 'after']);
  expect(await ask('events(after: $after, filter: { revision: { gte: 1 } }) { nodes { id } }')).toEqual([
    'CURSOR_MISMATCH',
    'after',
  ]);
  expect(await ask('sessions(after: $after) { nodes { id } }')).toEqual(['CURSOR_MISMATCH', 'after']);
  expect(await ask('agents(first: 1) { nodes { events(after: $after) { nodes { id } } } }')).toEqual([
    'CURSOR_MISMATCH',
    'after',
  ]);
  await expect(
    gateway.ask(
      'query ($after: String) { events(first: 3, after: $after, filter: { endSource: { ne: OPEN }, revision: { gte: 1 } }) { nodes { id } } }',
      { after: cursor },
    ),
  ).resolves.toBeDefined();
});

const nested = [
  ['agents', 'events'],
  ['agents', 'sessions'],
  ['agents', 'transfersOut'],
  ['agents', 'transfersIn'],
  ['sessions', 'events'],
] as const;

test.each(nested)('a cursor of the %s of one is none of another: %s', async (parents, list) => {
  type Owner = { id: string; list: { edges: { cursor: string }[]; pageInfo: { endCursor: string | null } } };
  const { owners } = await gateway.ask<{ owners: { nodes: Owner[] } }>(
    `{ owners: ${parents} { nodes { id list: ${list}(first: 1) { edges { cursor } pageInfo { endCursor } } } } }`,
  );
  const [one, other] = owners.nodes.filter((owner) => owner.list.pageInfo.endCursor !== null);
  const ask = (owner: Owner, argument: 'after' | 'before') =>
    [
      `query ($id: ID!, $cursor: String) { node(id: $id) { ... on ${parents === 'agents' ? 'Agent' : 'Session'} {
       ${list}(${argument === 'after' ? 'first' : 'last'}: 2, ${argument}: $cursor) { nodes { id } totalCount { value } pageInfo { hasNextPage } } } } }`,
      { id: owner.id, cursor: one!.list.pageInfo.endCursor },
    ] as const;
  for (const argument of ['after', 'before'] as const) {
    expect(await code(...ask(other!, argument))).toEqual(['CURSOR_MISMATCH', argument]);
    await expect(gateway.ask(...ask(one!, argument))).resolves.toBeDefined();
  }
  const among = `query ($cursor: String) { ${parents}(first: 2) { nodes { ${list}(first: 2, after: $cursor) { nodes { id } } } } }`;
  const error = await gateway.refuse(among, { cursor: one!.list.pageInfo.endCursor });
  expect(error.extensions).toMatchObject({ code: 'CURSOR_MISMATCH', argument: 'after' });
  expect(error.path?.slice(0, 4)).toEqual([parents, 'nodes', expect.any(Number), list]);
});

test('a cursor that was touched is malformed, wherever it was touched', async () => {
  const cursor = await cursorOf('events(first: 3)');
  for (let i = 0; i < cursor.length; i += 1) {
    const touched = `${cursor.slice(0, i)}${cursor[i] === 'A' ? 'B' : 'A'}${cursor.slice(i + 1)}`;
    expect(
      await code('query ($after: String) { events(after: $after) { nodes { id } } }', { after: touched }),
    ).toEqual(['CURSOR_MALFORMED', 'after']);
  }
});

const pageAfter = (after: string) =>
  code('query ($after: String) { events(after: $after) { nodes { id } } }', { after });

test('a cursor that was cut is malformed, wherever it was cut', async () => {
  const cursor = await cursorOf('events(first: 3)');
  for (let length = 0; length < cursor.length; length += 1) {
    expect(await pageAfter(cursor.slice(0, length))).toEqual(['CURSOR_MALFORMED', 'after']);
  }
});

test('a cursor of another mirror is malformed, though that held the same rows', async () => {
  const other = openGateway({ mirror: { randomBytes: (size) => Buffer.alloc(size, 8) } });
  try {
    await writeFloor(other, floorRecords(5, 300));
    const { events } = await other.ask<{ events: { pageInfo: { endCursor: string } } }>(
      '{ events(first: 3) { pageInfo { endCursor } } }',
    );
    expect(await pageAfter(events.pageInfo.endCursor)).toEqual(['CURSOR_MALFORMED', 'after']);
  } finally {
    other.dispose();
  }
});

test('a cursor of another version is told so', async () => {
  for (const version of [1, 3]) {
    const after = seal(gateway.reader, 'page', [version, 'Query.events', 'START_DESC', 'filter', 0, 'ab']);
    const error = await gateway.refuse('query ($after: String) { events(after: $after) { nodes { id } } }', {
      after,
    });
    expect(error.extensions).toMatchObject({ code: 'CURSOR_MALFORMED', argument: 'after' });
    expect(error.message).toContain('another version');
  }
});

test('a stream cursor is no cursor of a page', async () => {
  const { events } = await gateway.ask<{ events: { streamCursor: string } }>('{ events { streamCursor } }');
  expect(
    await code('query ($after: String) { events(after: $after) { nodes { id } } }', {
      after: events.streamCursor,
    }),
  ).toEqual(['CURSOR_MALFORMED', 'after']);
});

const RARE = 'filter: { stateRaw: { eq: "never" } }';
test('a filter that few rows satisfy is refused rather than answered slowly, and never wrongly', async () => {
  const error = await gateway.refuse(`{ events(${RARE}) { nodes { id } } }`);
  expect(error.extensions).toMatchObject({ code: 'QUERY_TOO_EXPENSIVE', argument: 'filter', maxRows: 50 });
  expect(error.message).toContain('startedIn');
});
test('a filter that bounds time already is told what else would narrow it', async () => {
  const { message } = await gateway.refuse(
    '{ events(filter: { stateRaw: { eq: "never" }, startedIn: { from: "2026-11-23T00:00:00Z", to: "2026-11-23T03:00:00Z" } }) { nodes { id } } }',
  );
  expect(message).toContain('shorter time');
  expect(message).not.toContain('startedIn');
});
test('narrowed to few rows it is answered', async () => {
  const narrow =
    'filter: { stateRaw: { eq: "never" }, startedIn: { from: "2026-11-23T00:00:00Z", to: "2026-11-23T00:10:00Z" } }';
  expect(await gateway.ask(`{ events(${narrow}) { nodes { id } pageInfo { hasNextPage } } }`)).toEqual({
    events: { nodes: [], pageInfo: { hasNextPage: false } },
  });
});
test('the longest of a short time are answered, though they are rare among the longest of all time', async () => {
  const { events } = await gateway.ask<{ events: { nodes: { durationSeconds: number; start: string }[] } }>(
    `{ events(first: 30, orderBy: DURATION_DESC, filter: { end: { isNull: false }, startedIn: { from: "2026-11-23T00:00:00Z", to: "2026-11-23T00:10:00Z" } }) {
       nodes { durationSeconds start } } }`,
  );
  expect(events.nodes.length).toBeGreaterThan(5);
  const lengths = events.nodes.map((one) => one.durationSeconds);
  expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
});
test('a condition over the rows of each row is bounded as a whole', async () => {
  const error = await gateway.refuse(
    '{ agents(filter: { events: { some: { stateRaw: { eq: "never" } } } }) { nodes { id } } }',
  );
  expect(error.extensions['code']).toBe('QUERY_TOO_EXPENSIVE');
});
test('a page that is full early is answered, whatever lies behind it', async () => {
  const { events } = await gateway.ask<{
    events: { nodes: unknown[]; totalCount: { precision: string; value: number } };
  }>('{ events(first: 5, filter: { state: { ne: IDLE } }) { nodes { id } totalCount { value precision } } }');
  expect(events.nodes).toHaveLength(5);
  expect(events.totalCount.precision).toBe('AT_LEAST');
  expect(events.totalCount.value).toBeGreaterThanOrEqual(5);
  expect(events.totalCount.value).toBeLessThanOrEqual(50);
});

test('a filter may be large, but not without end', async () => {
  const many = Array.from({ length: 2001 }, (_, i) => `s${i}`);
  expect(
    await code('query ($in: [String!]) { events(filter: { stateRaw: { in: $in } }) { nodes { id } } }', {
      in: many,
    }),
  ).toEqual(['BAD_USER_INPUT', 'filter.stateRaw.in']);
  const deep = `${'{ not: '.repeat(13)}{ revision: { eq: 1 } }${' }'.repeat(13)}`;
  expect((await code(`{ events(filter: ${deep}) { nodes { id } } }`))[0]).toBe('BAD_USER_INPUT');
});
