import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatDuration } from '../../src/schema/scalars/duration.ts';
import { DAY_MS, floorRecords, writeFloor } from '../fixtures/floor.ts';
import { type Gateway, openGateway } from '../fixtures/gateway.ts';
import { ANN, record, settled, uuidAt } from '../mirror/support/records.ts';

let gateway: Gateway;
const records = floorRecords(1, 400);

beforeAll(async () => {
  gateway = openGateway();
  await writeFloor(gateway, records);
});
afterAll(() => gateway.dispose());

test('an event has everything that upstream said of it', async () => {
  const wanted = records.find(
    (one) => one.capacity && one.reasonName && one.sessionId && one.endMs && one.state,
  )!;
  const { event } = await gateway.ask<{ event: Record<string, unknown> }>(
    `query ($id: UUID!) { event(eventId: $id) {
      eventId start end endSource durationSeconds duration agentName stateRaw eventTypeRaw revision
      agent { agentId platformAgentId } session { sessionId }
      reason { reasonId name list { reasonListId name } }
      capacity { channels { voice email other } allocation load capacity }
    } }`,
    { id: wanted.eventId.toUpperCase() },
  );
  expect(event).toMatchObject({
    eventId: wanted.eventId,
    start: new Date(wanted.startMs).toISOString(),
    end: new Date(wanted.endMs!).toISOString(),
    endSource: 'REPORTED',
    durationSeconds: (wanted.endMs! - wanted.startMs) / 1000,
    duration: formatDuration(wanted.endMs! - wanted.startMs),
    agentName: wanted.agentName,
    stateRaw: wanted.state,
    eventTypeRaw: wanted.eventType,
    revision: 1,
    agent: { agentId: wanted.agentId, platformAgentId: wanted.platformAgentId },
    session: { sessionId: wanted.sessionId },
    reason: {
      reasonId: wanted.reasonId,
      name: wanted.reasonName,
      list: { reasonListId: 'list-1', name: 'Pauses' },
    },
    capacity: [
      {
        channels: { voice: 1, email: null, other: { fax: 2 } },
        allocation: 'ALLOCATED',
        load: 1,
        capacity: 3,
      },
    ],
  });
});

test('every object is found again by its id', async () => {
  const { events, transfers } = await gateway.ask<{
    events: { nodes: { id: string; agent: { id: string }; session: { id: string } | null }[] };
    transfers: { nodes: { id: string }[] };
  }>(
    '{ events(first: 5, filter: { session: {} }) { nodes { id agent { id } session { id } } } transfers { nodes { id } } }',
  );
  const ids = [
    ...events.nodes.flatMap((one) => [one.id, one.agent.id, one.session!.id]),
    ...transfers.nodes.map((one) => one.id),
  ];
  const { nodes } = await gateway.ask<{ nodes: { id: string }[] }>(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    { ids },
  );
  expect(nodes.map((one) => one.id)).toEqual(ids);
  expect(ids.length).toBeGreaterThan(20);
});

const globalId = (text: string): string => Buffer.from(text).toString('base64');
const SOME_UUID = '00000000-0000-1000-8000-000000000000';

test.each([
  ['nonsense', 'node', 'nonsense'],
  ["upstream's id", 'node', SOME_UUID],
  ['an id of a type that has none', 'node', globalId('Reason:1')],
  ['an id of another shape', 'node', globalId(`Transfer:${SOME_UUID}`)],
  ['one wrong id among others', 'nodes', globalId('Mirror:1')],
  ["an object's id where upstream's is due", 'agent', globalId(`Agent:${SOME_UUID}`)],
])('%s is refused, not answered with null', async (_what, field, id) => {
  const documents: Record<string, string> = {
    node: 'query ($id: ID!) { node(id: $id) { id } }',
    nodes: `query ($id: ID!) { nodes(ids: ["${globalId(`Agent:${SOME_UUID}`)}", $id]) { id } }`,
    agent: 'query ($id: UUID!) { agent(agentId: $id) { id } }',
  };
  expect((await gateway.refuse(documents[field]!, { id })).extensions['code']).toBe('BAD_USER_INPUT');
});

test('an id of an object that is not there finds null', async () => {
  const id = Buffer.from('Event:00000000-0000-1000-8000-000000000000').toString('base64');
  expect(await gateway.ask('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null });
});

test('targets of transfers that were never seen are listed only when asked for', async () => {
  const names = async (filter: string) =>
    (
      await gateway.ask<{ agents: { nodes: { seen: boolean }[] } }>(
        `{ agents(first: 100${filter}) { nodes { seen } } }`,
      )
    ).agents.nodes;
  expect((await names('')).every((one) => one.seen)).toBe(true);
  expect((await names(', filter: { seen: false }')).every((one) => !one.seen)).toBe(true);
  expect((await names(', filter: { seen: false }')).length).toBeGreaterThan(0);
  expect(await names(', filter: { or: [{ seen: true }, { seen: false }] }')).toHaveLength(
    (await names('')).length + (await names(', filter: { seen: false }')).length,
  );
});

test("an interaction's transfers come as a chain, with its breaks", async () => {
  const { transfers } = await gateway.ask<{ transfers: { nodes: { interactionId: string }[] } }>(
    '{ transfers(last: 1) { nodes { interactionId } } }',
  );
  const { interaction } = await gateway.ask<{
    interaction: {
      transfers: { id: string; start: string; fromAgent: { id: string }; toAgent: { id: string } }[];
      chain: {
        transfer: { id: string; fromAgent: { id: string } };
        after: { toAgent: { id: string } } | null;
        broken: boolean;
      }[];
    };
  }>(
    `query ($id: UUID!) { interaction(interactionId: $id) {
      transfers { id start fromAgent { id } toAgent { id } }
      chain { transfer { id fromAgent { id } } after { toAgent { id } } broken }
    } }`,
    { id: transfers.nodes[0]!.interactionId },
  );
  expect(interaction.transfers.length).toBeGreaterThan(1);
  expect(interaction.chain.map((link) => link.transfer.id)).toEqual(
    interaction.transfers.map((one) => one.id),
  );
  for (const link of interaction.chain) {
    if (link.after) expect(link.after.toAgent.id).toBe(link.transfer.fromAgent.id);
    else expect(link.broken).toBe(link.transfer.fromAgent.id !== interaction.transfers[0]!.fromAgent.id);
  }
});

test('next and previous walk a session in order', async () => {
  const { sessions } = await gateway.ask<{
    sessions: {
      nodes: {
        events: {
          nodes: {
            eventId: string;
            next: { eventId: string } | null;
            previous: { eventId: string } | null;
          }[];
        };
      }[];
    };
  }>(
    '{ sessions { nodes { events(orderBy: START_ASC, first: 1000) { nodes { eventId next { eventId } previous { eventId } } } } } }',
  );
  for (const { events } of sessions.nodes) {
    const ids = events.nodes.map((one) => one.eventId);
    expect(events.nodes.map((one) => one.next?.eventId ?? null)).toEqual([...ids.slice(1), null]);
    expect(events.nodes.map((one) => one.previous?.eventId ?? null)).toEqual([null, ...ids.slice(0, -1)]);
  }
});

test('reasons are listed as seen', async () => {
  const { reasons } = await gateway.ask<{ reasons: { name: string; firstSeen: string }[] }>(
    '{ reasons { name firstSeen } }',
  );
  expect(reasons.map((one) => one.name)).toEqual(['Break', 'Lunch']);
  const lunches = records.filter((one) => one.reasonName === 'Lunch').map((one) => one.startMs);
  expect(Date.parse(reasons[1]!.firstSeen)).toBe(Math.min(...lunches));
  expect(Math.min(...lunches)).toBeGreaterThanOrEqual(DAY_MS);
});

test('ids beside relations are those of the related rows', async () => {
  type Id = { agentId: string };
  const { events, sessions, transfers } = await gateway.ask<{
    events: {
      nodes: {
        agentId: string;
        agent: Id;
        sessionId: string | null;
        session: { sessionId: string } | null;
      }[];
    };
    sessions: { nodes: { agentId: string; agent: Id }[] };
    transfers: { nodes: { fromAgentId: string; fromAgent: Id; toAgentId: string; toAgent: Id }[] };
  }>(`{
    events(first: 100) { nodes { agentId agent { agentId } sessionId session { sessionId } } }
    sessions { nodes { agentId agent { agentId } } }
    transfers { nodes { fromAgentId fromAgent { agentId } toAgentId toAgent { agentId } } }
  }`);
  for (const one of events.nodes) {
    expect([one.agentId, one.sessionId]).toEqual([one.agent.agentId, one.session?.sessionId ?? null]);
  }
  expect(new Set(events.nodes.map((one) => one.sessionId === null)).size).toBe(2);
  for (const one of sessions.nodes) expect(one.agentId).toBe(one.agent.agentId);
  for (const one of transfers.nodes) {
    expect([one.fromAgentId, one.toAgentId]).toEqual([one.fromAgent.agentId, one.toAgent.agentId]);
  }
});

test('sessions are found by when they began, also where upstream gave no login', async () => {
  type Session = { sessionId: string; began: string; loginTimestamp: string | null };
  const { sessions } = await gateway.ask<{ sessions: { nodes: Session[] } }>(
    '{ sessions(orderBy: LOGIN_ASC) { nodes { sessionId began loginTimestamp } } }',
  );
  const middle = sessions.nodes[Math.floor(sessions.nodes.length / 2)]!;
  expect(new Set(sessions.nodes.map((one) => one.loginTimestamp === null)).size).toBe(2);
  const found = await gateway.ask<{ sessions: { nodes: Session[] } }>(
    'query ($at: DateTime!) { sessions(orderBy: LOGIN_ASC, filter: { began: { gte: $at } }) { nodes { sessionId began loginTimestamp } } }',
    { at: middle.began },
  );
  expect(found.sessions.nodes).toEqual(sessions.nodes.filter((one) => one.began >= middle.began));
});

test('ids of related rows are short for the relations', async () => {
  const one = records.find((record) => record.sessionId)!;
  const { short, long } = await gateway.ask<Record<string, { totalCount: { value: number } }>>(
    `query ($agent: UUID!, $session: UUID!) {
      short: events(filter: { agentId: { eq: $agent }, sessionId: { ne: $session } }) { totalCount { value } }
      long: events(filter: { agent: { agentId: { eq: $agent } }, session: { sessionId: { ne: $session } } }) { totalCount { value } }
    }`,
    { agent: one.agentId, session: one.sessionId },
  );
  expect(short).toEqual(long);
  expect(short!.totalCount.value).toBeGreaterThan(0);
});

test('lengths of time are told as ISO 8601 too, and absent where there is none', async () => {
  const other = openGateway();
  try {
    const closed = { sessionId: uuidAt(0, 6), login: 0, eventId: uuidAt(0, 6), agentId: uuidAt(0, 7) };
    await other.mirror.append({
      records: [
        record({ start: 0, login: 0 }),
        record({ ...closed, start: 0, end: 90_250 }),
        // Logged in, it is said, after all was over.
        record({
          start: 0,
          end: 1_000,
          login: 5_000,
          sessionId: uuidAt(0, 8),
          eventId: uuidAt(0, 8),
          agentId: uuidAt(0, 9),
        }),
      ],
      coverage: [settled(0, 9 * 3_600_000)],
    });
    const { events, sessions, agent } = await other.ask<{
      events: { nodes: object[] };
      sessions: { nodes: object[] };
      agent: object;
    }>(
      `query ($ann: UUID!, $at: DateTime!) {
         events(orderBy: DURATION_ASC) { nodes { duration } }
         sessions(orderBy: DURATION_ASC) { nodes { duration } }
         agent(agentId: $ann) { status(at: $at) { duration } before: status(at: "2026-01-01T00:00:00Z") { duration }
           timeline(from: $at) { duration } } }`,
      { ann: ANN, at: new Date(DAY_MS + 86_400).toISOString() },
    );
    expect(events.nodes).toEqual([{ duration: 'PT1S' }, { duration: 'PT1M30.250S' }, { duration: null }]);
    expect(sessions.nodes).toEqual([{ duration: null }, { duration: 'PT1M30.250S' }, { duration: null }]);
    expect(agent).toEqual({
      status: { duration: 'PT1M26.400S' },
      before: { duration: null },
      timeline: [{ duration: 'PT8H58M33.600S' }],
    });
  } finally {
    other.dispose();
  }
});

test('an agent who was renamed has both names, with when each was borne, the newest first', async () => {
  const renamed = openGateway();
  try {
    const named = (start: number, agentName: string | null) => record({ start, agentName });
    await renamed.mirror.append({
      records: [
        named(0, 'Ann Old'),
        named(10, 'Ann Old'),
        named(20, 'Ann New'),
        named(30, null),
        named(40, 'Ann New'),
      ],
    });
    const at = (ms: number) => new Date(DAY_MS + ms).toISOString();
    const { agent, events } = await renamed.ask<Record<string, unknown>>(
      `query ($ann: UUID!) {
         agent(agentId: $ann) { name names { name from to } }
         events(orderBy: START_ASC) { nodes { agentName } } }`,
      { ann: ANN },
    );
    expect(agent).toEqual({
      name: 'Ann New',
      names: [
        { name: 'Ann New', from: at(20), to: at(40) },
        { name: 'Ann Old', from: at(0), to: at(10) },
      ],
    });
    expect(events).toEqual({
      nodes: ['Ann Old', 'Ann Old', 'Ann New', null, 'Ann New'].map((agentName) => ({ agentName })),
    });
  } finally {
    renamed.dispose();
  }
});
