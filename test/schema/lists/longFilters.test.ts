import { afterAll, beforeAll, expect, test } from 'vitest';
import { floorRecords, writeFloor } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';

/** Filters as long as they may be: what SQLite makes of a chain of operators must not depend on its length. */
let gateway: Gateway;
const records = floorRecords(17, 200);

beforeAll(async () => {
  gateway = openGateway();
  await writeFloor(gateway, records);
});
afterAll(() => gateway.dispose());

const count = async (filter: unknown): Promise<number> => {
  const { events } = await gateway.ask<{ events: { nodes: unknown[]; totalCount: { value: number } } }>(
    'query ($filter: EventFilter) { events(filter: $filter, first: 1000) { nodes { start } totalCount { value } } }',
    { filter },
  );
  expect(events.nodes).toHaveLength(events.totalCount.value);
  return events.totalCount.value;
};
const busy = records.filter((one) => one.state === 'busy').length;
const times = <Value>(n: number, make: (i: number) => Value): Value[] =>
  Array.from({ length: n }, (_, i) => make(i));

test('a thousand alternatives', async () => {
  expect(await count({ or: times(990, (i) => ({ revision: { eq: i + 100 } })) })).toBe(0);
  expect(
    await count({ or: [...times(980, (i) => ({ revision: { eq: i + 100 } })), { state: { eq: 'BUSY' } }] }),
  ).toBe(busy);
});

test('a thousand conditions', async () => {
  expect(
    await count({ and: times(990, (i) => ({ revision: { ne: i + 100 } })), state: { eq: 'BUSY' } }),
  ).toBe(busy);
  expect(await count({ and: times(990, () => ({})), state: { eq: 'BUSY' } })).toBe(busy);
});

test('a list that names one value many times', async () => {
  expect(await count({ state: { in: times(1_500, () => 'BUSY') } })).toBe(busy);
  expect(await count({ state: { notIn: times(1_500, () => 'BUSY') } })).toBe(records.length - busy);
});

test('a filter past the limit is refused, and says where', async () => {
  const error = await gateway.refuse(
    'query ($filter: EventFilter) { events(filter: $filter) { nodes { start } } }',
    {
      filter: { or: times(2_100, () => ({})) },
    },
  );
  expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(error.extensions['argument']).toMatch(/^filter\.or/);
});

test('an empty cursor is a wrong one', async () => {
  const error = await gateway.refuse('{ events(after: "") { nodes { start } } }');
  expect(error.extensions).toMatchObject({ code: 'CURSOR_MALFORMED', argument: 'after' });
});
