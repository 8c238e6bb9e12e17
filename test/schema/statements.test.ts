import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentIdOf, floorRecords, writeFloor } from '../fixtures/floor.ts';
import { type Gateway, openGateway } from '../fixtures/gateway.ts';
import { record, transfer, uuidAt } from '../mirror/support/records.ts';

/** How many statements an operation costs depends on its text, never on how many rows it returns. */
let gateway: Gateway;

const AGENTS = 120;
/** Of everybody some sessions with some events; of the first agent, and of its newest session, more than a page. */
const wideFloor = () =>
  Array.from({ length: AGENTS }, (_, agent) =>
    Array.from({ length: agent === 0 ? 120 : 3 }, (_, session) =>
      Array.from({ length: agent === 0 && session === 119 ? 120 : 2 }, (_, nth) => {
        const start = session * 60_000 + nth * 300;
        return record({
          start,
          eventId: uuidAt(start, 0xe0000 + agent),
          agentId: agentIdOf(1_000 + agent),
          agentName: `Agent ${String(agent).padStart(3, '0')}`,
          sessionId: uuidAt(session * 60_000, 0xb0000 + agent),
          transfers: [
            transfer({
              interaction: uuidAt(start, 0xc0000 + agent),
              to: agentIdOf(1_000 + ((agent + 1) % AGENTS)),
              start,
            }),
          ],
        });
      }),
    ),
  ).flat(2);

beforeAll(async () => {
  gateway = openGateway();
  await writeFloor(gateway, floorRecords(7, 600));
  await writeFloor(gateway, wideFloor());
});
afterAll(() => gateway.dispose());

const statementsOf = async (document: string, variables: Record<string, unknown> = {}): Promise<number> => {
  const before = gateway.reader.statements();
  await gateway.ask(document, variables);
  return gateway.reader.statements() - before;
};

type Nested = {
  agents: {
    nodes: { sessions: { nodes: { events: { nodes: { transfers: { toAgent: object }[] }[] } }[] } }[];
  };
};
const nested = `query ($n: Int!) {
  agents(first: $n, filter: { name: { startsWith: "agent " } }) { nodes { name
    sessions(first: $n) { nodes { sessionId
      events(first: $n) { nodes { eventId
        transfers { start toAgent { name } } } } } } } }
}`;

test('agents, sessions, events and transfers of a hundred each take six statements', async () => {
  expect(await statementsOf(nested, { n: 100 })).toBeLessThanOrEqual(6);
  const { agents } = await gateway.ask<Nested>(nested, { n: 100 });
  const sessions = agents.nodes.flatMap((one) => one.sessions.nodes);
  const events = sessions.flatMap((one) => one.events.nodes);
  expect(agents.nodes).toHaveLength(100);
  expect(agents.nodes[0]?.sessions.nodes).toHaveLength(100);
  expect(agents.nodes[0]?.sessions.nodes[0]?.events.nodes).toHaveLength(100);
  expect([sessions.length, events.length]).toEqual([100 + 99 * 3, 100 + 99 * 2 + 99 * 3 * 2]);
  expect(events.every((one) => one.transfers.length === 1 && one.transfers[0]?.toAgent)).toBe(true);
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
