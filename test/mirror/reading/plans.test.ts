import Database from 'better-sqlite3';
import { execute, parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  aggregatesOn,
  compareKeys,
  createMirrorReader,
  type MirrorReader,
  type SqlValue,
  WHOLE,
} from '../../../src/mirror/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { floorRecords, writeFloor } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';

let gateway: Gateway;
let database: Database.Database;
const statements: { sql: string; params: readonly SqlValue[] }[] = [];
let spying: MirrorReader;

beforeAll(async () => {
  gateway = openGateway();
  await writeFloor(gateway, floorRecords(11, 300));
  database = new Database(gateway.mirror.file, { readonly: true });
  const reader = createMirrorReader(database);
  spying = {
    ...reader,
    all: <Row>(sql: string, ...params: readonly SqlValue[]) => {
      statements.push({ sql, params });
      return reader.all<Row>(sql, ...params);
    },
    get: <Row>(sql: string, ...params: readonly SqlValue[]) => {
      statements.push({ sql, params });
      return reader.get<Row>(sql, ...params);
    },
    iterate: <Row>(sql: string, ...params: readonly SqlValue[]) => {
      statements.push({ sql, params });
      return reader.iterate<Row>(sql, ...params);
    },
  };
});
afterAll(() => {
  database.close();
  gateway.dispose();
});

/** What SQLite would do for each statement that the document runs on lists. */
const plansOf = (document: string, variables: Record<string, unknown> = {}): string[] => {
  statements.length = 0;
  const context = gateway.context();
  const result = execute({
    schema: createSchema(),
    document: parse(document),
    variableValues: variables,
    contextValue: {
      ...context,
      tenant: { ...context.tenant, mirror: spying, aggregates: aggregatesOn(spying) },
    },
  });
  expect(result).not.toHaveProperty('errors');
  return statements.flatMap(({ sql, params }) =>
    // The columns of EXPLAIN QUERY PLAN.
    (database.prepare(`explain query plan ${sql}`).all(...params) as { detail: string }[]).map(
      (row) => row.detail,
    ),
  );
};

/** Walking json_each is walking the statement's own list of ids. */
const bad = (plan: string[]) =>
  plan.filter(
    (step) =>
      (step.startsWith('SCAN') && !/^SCAN (parent|wanted|point|json_each|CONSTANT ROW)/.test(step)) ||
      step.includes('TEMP B-TREE'),
  );

const RANGE = '{ from: "2026-11-23T00:10:00Z", to: "2026-11-23T01:00:00Z" }';
const commonFilters = {
  none: '',
  state: 'state: { eq: BUSY }',
  'started in': `startedIn: ${RANGE}`,
  'state and range': `state: { in: [BUSY, IDLE] }, startedIn: ${RANGE}`,
};

const eventOrderings = ['START_ASC', 'START_DESC', 'DURATION_ASC', 'DURATION_DESC'];
const cases = eventOrderings.flatMap((orderBy) =>
  Object.entries(commonFilters).map(([name, filter]) => [orderBy, name, filter] as const),
);

test.each(cases)('events %s with filter %s are searched, page after page', async (orderBy, _name, filter) => {
  const page = (arguments_: string) =>
    `{ events(orderBy: ${orderBy}, filter: { ${filter} } ${arguments_}) { nodes { eventId } pageInfo { endCursor hasNextPage hasPreviousPage } } }`;
  const { events } = await gateway.ask<{ events: { pageInfo: { endCursor: string } } }>(page('first: 3'));
  for (const after of [
    `first: 3, after: "${events.pageInfo.endCursor}"`,
    `last: 3, before: "${events.pageInfo.endCursor}"`,
  ]) {
    const plan = plansOf(page(after));
    expect(bad(plan)).toEqual([]);
    expect(plan.some((step) => step.startsWith('SEARCH event'))).toBe(true);
  }
});

test.each(eventOrderings)("one agent's events %s are searched by the agent's index", async (orderBy) => {
  const { agents } = await gateway.ask<{ agents: { nodes: { agentId: string }[] } }>(
    '{ agents { nodes { agentId } } }',
  );
  const plan = plansOf(
    `query ($id: UUID!) { events(orderBy: ${orderBy}, filter: { agent: { agentId: { eq: $id } } }) { nodes { eventId } totalCount { value } } }`,
    { id: agents.nodes[0]!.agentId },
  );
  const own = plan.filter((step) => /(SEARCH|SCAN) event/.test(step));
  expect(own.length).toBeGreaterThan(1);
  for (const step of own)
    expect(step).toMatch(/SEARCH event USING (COVERING )?INDEX event_by_agent.*\(agent=\?/);
  expect(plan.filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
});

test.each([
  ['sessions', 'LOGIN_ASC'],
  ['sessions', 'LOGIN_DESC'],
  ['sessions', 'DURATION_ASC'],
  ['sessions', 'DURATION_DESC'],
  ['agents', 'NAME_ASC'],
  ['agents', 'NAME_DESC'],
  ['transfers', 'START_ASC'],
  ['transfers', 'START_DESC'],
])('%s %s behind a cursor are searched', async (list, orderBy) => {
  const { page } = await gateway.ask<{ page: { pageInfo: { endCursor: string } } }>(
    `{ page: ${list}(orderBy: ${orderBy}, first: 2) { pageInfo { endCursor } } }`,
  );
  const plan = plansOf(
    `query ($after: String) { ${list}(orderBy: ${orderBy}, first: 2, after: $after) { nodes { id } pageInfo { hasNextPage hasPreviousPage } } }`,
    { after: page.pageInfo.endCursor },
  );
  expect(bad(plan)).toEqual([]);
});

test.each([
  ['SINCE_ASC', 'agent_status_by_since'],
  ['SINCE_DESC', 'agent_status_by_since'],
  ['NAME_ASC', 'agent_status_by_name'],
  ['NAME_DESC', 'agent_status_by_name'],
])('the floor now by %s is searched, filtered or not, page after page', async (orderBy, index) => {
  for (const filter of ['', 'filter: { not: { state: { eq: BUSY } } }']) {
    const page = (after: string) =>
      `{ agentStatuses(orderBy: ${orderBy}, first: 2 ${filter} ${after}) { nodes { state } pageInfo { endCursor hasNextPage hasPreviousPage } } }`;
    const { agentStatuses } = await gateway.ask<{ agentStatuses: { pageInfo: { endCursor: string } } }>(
      page(''),
    );
    for (const after of ['', `after: "${agentStatuses.pageInfo.endCursor}"`]) {
      const plan = plansOf(page(after)).filter((step) => step.includes('agent_status'));
      expect(plan.length).toBeGreaterThan(0);
      for (const step of plan) expect(step).toContain(`SEARCH agent_status USING INDEX ${index} (`);
      expect(bad(plan)).toEqual([]);
    }
  }
});

test.each([
  ['agents', 'events(first: 3, orderBy: START_ASC)'],
  ['agents', 'events(first: 3, orderBy: DURATION_DESC)'],
  ['agents', 'sessions(first: 3)'],
  ['agents', 'transfersOut(first: 3)'],
  ['agents', 'transfersIn(first: 3)'],
  ['sessions', 'events(first: 3)'],
])('under many %s, %s walks only their own rows', (parents, field) => {
  const plan = plansOf(`{ ${parents} { nodes { ${field} { nodes { id } } } } }`);
  const steps = plan.filter((step) => / walk /.test(`${step} `));
  expect(steps.length).toBeGreaterThan(0);
  for (const step of steps)
    expect(step).toMatch(/^SEARCH walk USING (COVERING )?INDEX \w+ \((agent|session|from_agent|to_agent)=\?/);
  expect(plan.filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
});

test('events that overlap a time are searched by their start, and long ones by their length', () => {
  const plan = plansOf(`{ events(first: 1000, filter: { overlaps: ${RANGE} }) { nodes { id } } }`);
  const searches = plan.filter((step) => step.includes('event_by_'));
  expect(searches).toHaveLength(2);
  expect(searches[0]).toMatch(/SEARCH event USING INDEX event_by_start \(start_ms>\? AND start_ms<\?\)/);
  expect(searches[1]).toMatch(/SEARCH event USING INDEX event_by_duration \(duration_key>\?\)/);
});

test('keys compare as SQLite orders them', () => {
  expect(compareKeys([1, Buffer.from([2])], [1, Buffer.from([1, 9])])).toBeGreaterThan(0);
  expect(compareKeys(['é', 1], ['z', 1])).toBeGreaterThan(0);
  expect(compareKeys(['a', 2], ['a', 10])).toBeLessThan(0);
  expect(WHOLE).toBe(0);
});

test('timelines are searched by agent and by session, however many agents', () => {
  gateway.clock.jumpWallClock(Date.parse('2026-11-23T06:00:00Z') - gateway.clock.nowMs());
  const plan = plansOf(
    '{ agents { nodes { timeline(from: "2026-11-23T00:10:00Z", to: "2026-11-23T01:00:00Z") { state } } } }',
  ).filter((step) => !/^SCAN (coverage|pragma_data_version)/.test(step));
  expect(bad(plan)).toEqual([]);
  expect(plan).toContainEqual(
    expect.stringMatching(/^SEARCH event USING INDEX event_by_agent .*start_ms>\?/),
  );
  expect(plan).toContainEqual(expect.stringMatching(/^SEARCH s USING INDEX session_by_agent .*began_ms/));
});

test.each([
  '{ agents { nodes { stateDurations(RANGE, groupBy: [STATE]) { durationMs } } } }',
  '{ stateDurations(RANGE, groupBy: [STATE], filter: { agent: { name: { eq: "bob" } } }) { durationMs } }',
])('time in state of a few agents is searched by their events alone: %s', (document) => {
  const plan = plansOf(
    document.replace('RANGE', 'from: "2026-11-23T00:10:00Z", to: "2026-11-23T01:00:00Z"'),
  ).filter((step) => /(SEARCH|SCAN) event/.test(step));
  expect(plan).toEqual([
    expect.stringMatching(/^SEARCH event USING INDEX event_by_agent .*agent=\? AND start_ms>\?/),
    expect.stringMatching(/^SEARCH event USING INDEX event_by_agent_duration .*agent=\? AND duration_key>\?/),
  ]);
});
