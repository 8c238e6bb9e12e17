import { afterAll, beforeAll, expect, test } from 'vitest';
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

test('a cursor that was touched is malformed, wherever it was touched', async () => {
  const cursor = await cursorOf('events(first: 3)');
  for (let i = 0; i < cursor.length; i += 1) {
    const touched = `${cursor.slice(0, i)}${cursor[i] === 'A' ? 'B' : 'A'}${cursor.slice(i + 1)}`;
    expect(
      await code('query ($after: String) { events(after: $after) { nodes { id } } }', { after: touched }),
    ).toEqual(['CURSOR_MALFORMED', 'after']);
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
