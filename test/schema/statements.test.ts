import { afterAll, beforeAll, expect, test } from 'vitest';
import { floorRecords, writeFloor } from '../fixtures/floor.ts';
import { type Gateway, openGateway } from '../fixtures/gateway.ts';

/** How many statements an operation costs depends on its text, never on how many rows it returns. */
let gateway: Gateway;

beforeAll(async () => {
  gateway = openGateway();
  await writeFloor(gateway, floorRecords(7, 600));
});
afterAll(() => gateway.dispose());

const statementsOf = async (document: string, variables: Record<string, unknown> = {}): Promise<number> => {
  const before = gateway.reader.statements();
  await gateway.ask(document, variables);
  return gateway.reader.statements() - before;
};

const nested = `query ($n: Int!) {
  agents(first: $n) { nodes { name
    sessions(first: $n) { nodes { sessionId
      events(first: $n) { nodes { eventId
        transfers { start toAgent { name } } } } } } } }
}`;

test('agents, sessions, events and transfers of a hundred each take six statements', async () => {
  expect(await statementsOf(nested, { n: 100 })).toBeLessThanOrEqual(6);
});

test('five times the rows take no more statements', async () => {
  expect(await statementsOf(nested, { n: 100 })).toBe(await statementsOf(nested, { n: 20 }));
});

test('relations of a page of events are one statement each', async () => {
  const plain = await statementsOf('{ events(first: 200) { nodes { start } } }');
  const related = await statementsOf(
    `{ events(first: 200) { nodes { start agentName
        agent { name } session { sessionId } reason { name } capacity { load } next { start } previous { start } } } }`,
  );
  expect(related - plain).toBe(7);
});

test('ids of related rows cost what the relations cost, and nothing beside them', async () => {
  const ids = 'agentId sessionId transfers { fromAgentId toAgentId }';
  const rows = 'agent { name } session { end } transfers { fromAgent { name } toAgent { name } }';
  const both = await statementsOf(
    `{ events(first: 200) { nodes { ${ids} ${rows} } } sessions { nodes { agentId agent { name } } } }`,
  );
  expect(
    await statementsOf(`{ events(first: 200) { nodes { ${ids} } } sessions { nodes { agentId } } }`),
  ).toBe(both);
  expect(
    await statementsOf(`{ events(first: 200) { nodes { ${rows} } } sessions { nodes { agent { name } } } }`),
  ).toBe(both);
});

test('a relation asked for twice, under two names, is read once', async () => {
  const once = await statementsOf('{ events(first: 50) { nodes { agent { name } } } }');
  const twice = await statementsOf(
    '{ events(first: 50) { nodes { a: agent { name } b: agent { agentId } } } }',
  );
  expect(twice).toBe(once);
});

test('page facts cost statements only where they are asked for', async () => {
  const { events } = await gateway.ask<{ events: { pageInfo: { endCursor: string } } }>(
    '{ events(first: 10) { pageInfo { endCursor } } }',
  );
  const after = events.pageInfo.endCursor;
  const rows = await statementsOf(
    'query ($after: String) { events(first: 10, after: $after) { nodes { start } } }',
    { after },
  );
  const whole = await statementsOf(
    `query ($after: String) { events(first: 10, after: $after) { nodes { start } streamCursor totalCount { value }
       pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
    { after },
  );
  expect(whole - rows).toBe(3);
});

test('objects looked up one by one are read together', async () => {
  const { events } = await gateway.ask<{ events: { nodes: { eventId: string; id: string }[] } }>(
    '{ events(first: 30) { nodes { id eventId } } }',
  );
  const aliases = (of: (one: { eventId: string; id: string }, i: number) => string) =>
    `{ ${events.nodes.map(of).join(' ')} }`;
  const byId = aliases((one, i) => `e${i}: event(eventId: "${one.eventId}") { start agent { name } }`);
  expect(await statementsOf(byId)).toBeLessThanOrEqual(3);
  const byNode = aliases(
    (one, i) => `e${i}: node(id: "${one.id}") { ... on Event { start agent { name } } }`,
  );
  expect(await statementsOf(byNode)).toBeLessThanOrEqual(3);
});
