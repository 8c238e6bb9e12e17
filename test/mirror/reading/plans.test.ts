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
import { agentIdOf, floorRecords, writeFloor } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { record, uuidAt } from '../support/records.ts';

let gateway: Gateway;
let database: Database.Database;
const statements: { sql: string; params: readonly SqlValue[] }[] = [];
let spying: MirrorReader;

const spyOn = (reader: MirrorReader): MirrorReader => ({
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
});

beforeAll(async () => {
  gateway = openGateway();
  await writeFloor(gateway, floorRecords(11, 300));
  const logouts = [0, 1, 2, 3].map((agent) =>
    record({
      start: 2 * 3_600_000,
      eventId: uuidAt(2 * 3_600_000, agent + 1),
      agentId: agentIdOf(agent),
      sessionId: uuidAt(1000, 0xb00 + agent * 10 + 1),
      state: 'offline',
    }),
  );
  await gateway.mirror.append({ records: logouts });
  database = new Database(gateway.mirror.file, { readonly: true });
  spying = spyOn(createMirrorReader(database));
});
afterAll(() => {
  database.close();
  gateway.dispose();
});

/** What SQLite would do for each statement that the document runs on lists. */
const plansOf = (
  document: string,
  variables: Record<string, unknown> = {},
  mirror: MirrorReader = spying,
): string[] => {
  statements.length = 0;
  const context = gateway.context();
  const result = execute({
    schema: createSchema(),
    document: parse(document),
    variableValues: variables,
    contextValue: {
      ...context,
      tenant: { ...context.tenant, mirror, aggregates: aggregatesOn(mirror) },
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

/** Steps of a plan that look at more than they show: walking json_each, or what walks merge, is walking a page's own. */
const bad = (plan: string[]) =>
  plan.filter(
    (step) =>
      (step.startsWith('SCAN') &&
        !/^SCAN (parent|wanted|point|json_each|CONSTANT ROW|found|\(subquery-\d+\))/.test(step) &&
        // What upstream's now is, for ranges that must have begun; held in memory while nothing is committed.
        !/^SCAN (coverage|pragma_data_version)/.test(step)) ||
      step.includes('TEMP B-TREE'),
  );

const RANGE = '{ from: "2026-11-23T00:00:01Z", to: "2026-11-23T01:00:00Z" }';
const lasting = {
  'that began in a time': `startedIn: ${RANGE}`,
  'that overlap a time': `overlaps: ${RANGE}`,
  'that overlap a time and are over': `overlaps: ${RANGE}, end: { isNull: false }`,
  'that ended since': 'end: { gte: "2026-11-23T00:00:01Z" }',
  'that last': 'end: { isNull: true }',
};
const ANN = agentIdOf(0);

/** Every ordering of every list, with the filters that are asked for most. */
const lists = {
  events: {
    orderings: ['START_ASC', 'START_DESC', 'DURATION_ASC', 'DURATION_DESC'],
    filters: {
      of: '',
      'of one state': 'state: { eq: BUSY }',
      'of one agent': `agentId: { eq: "${ANN}" }`,
      'of one agent that overlap a time': `agentId: { eq: "${ANN}" }, overlaps: ${RANGE}`,
      'of one state that began in a time': `state: { in: [BUSY, IDLE] }, startedIn: ${RANGE}`,
      ...lasting,
    },
  },
  sessions: {
    orderings: ['LOGIN_ASC', 'LOGIN_DESC', 'DURATION_ASC', 'DURATION_DESC'],
    filters: {
      of: '',
      'of one agent': `agentId: { eq: "${ANN}" }`,
      'of one agent that overlap a time': `agentId: { eq: "${ANN}" }, overlaps: ${RANGE}`,
      ...lasting,
    },
  },
  transfers: {
    orderings: ['START_ASC', 'START_DESC', 'DURATION_ASC', 'DURATION_DESC'],
    filters: {
      of: '',
      'from one agent': `fromAgentId: { eq: "${ANN}" }`,
      'to one agent': `toAgentId: { eq: "${ANN}" }`,
      'from one agent that overlap a time': `fromAgentId: { eq: "${ANN}" }, overlaps: ${RANGE}`,
      'to one agent that began in a time': `toAgentId: { eq: "${ANN}" }, startedIn: ${RANGE}`,
      ...lasting,
    },
  },
  agents: {
    orderings: ['NAME_ASC', 'NAME_DESC'],
    filters: { of: '', seen: 'seen: true', 'of one id': `agentId: { eq: "${ANN}" }` },
  },
} as const;

const cases = Object.entries(lists).flatMap(([list, { orderings, filters }]) =>
  orderings.flatMap((orderBy) =>
    Object.entries(filters).map(([what, filter]) => [list, what, orderBy, filter] as const),
  ),
);

test.each(cases)(
  '%s %s by %s are searched without a sort, page after page',
  async (list, _what, orderBy, filter) => {
    const page = (arguments_: string, filtered = filter) =>
      `{ page: ${list}(orderBy: ${orderBy}, filter: { ${filtered} } ${arguments_}) {
      nodes { id } pageInfo { endCursor hasNextPage hasPreviousPage } totalCount { value } } }`;
    const { page: first } = await gateway.ask<{ page: { pageInfo: { endCursor: string } } }>(
      page('first: 2'),
    );
    expect(first.pageInfo.endCursor).toBeTruthy();
    for (const after of [
      'first: 2',
      `first: 2, after: "${first.pageInfo.endCursor}"`,
      `last: 2, before: "${first.pageInfo.endCursor}"`,
    ]) {
      const plan = plansOf(page(after));
      expect(bad(plan)).toEqual([]);
      expect(
        plan.some((step) => step.startsWith(`SEARCH ${list.slice(0, -1)}`) || step.startsWith('SEARCH walk')),
      ).toBe(true);
    }
  },
);

test.each(lists.events.orderings)(
  "one agent's events %s are searched by the agent's index",
  async (orderBy) => {
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
  },
);

test.each(['DURATION_ASC', 'DURATION_DESC'])(
  "a session's events are found by the session, some hundreds, and by %s sorted: an index would cost every record",
  (orderBy) => {
    for (const filter of [``, `overlaps: ${RANGE}`]) {
      const plan = plansOf(
        `{ events(orderBy: ${orderBy}, filter: { sessionId: { eq: "${uuidAt(1000, 0xb01)}" }, ${filter} }) { nodes { id } } }`,
      );
      expect(plan).toContainEqual(
        expect.stringMatching(/^SEARCH event USING INDEX event_by_session \(session=\?/),
      );
      expect(bad(plan)).toEqual(['USE TEMP B-TREE FOR ORDER BY']);
    }
  },
);

test.each([
  ['events', 'event_by_start'],
  ['transfers', 'transfer_by_start'],
])(
  'the longest %s of a time, where they are rare among the longest of all time, are sorted: what began in it, no more',
  (list, index) => {
    // In the order of lengths it may look at a row or two.
    const reader = createMirrorReader(gateway.mirror.file, { maxWalkRows: 20 });
    const narrow = spyOn(reader);
    const SECONDS = '{ from: "2026-11-23T00:00:01Z", to: "2026-11-23T00:01:01Z" }';
    const plan = plansOf(
      `{ ${list}(first: 1, orderBy: DURATION_ASC, filter: { startedIn: ${SECONDS} }) { nodes { id } } }`,
      {},
      narrow,
    );
    reader.close();
    const sorted = plan.indexOf('USE TEMP B-TREE FOR ORDER BY');
    expect(plan[sorted - 1]).toMatch(
      new RegExp(`^SEARCH ${list.slice(0, -1)} USING INDEX ${index} \\(start_ms>\\? AND start_ms<\\?\\)`),
    );
  },
);

test('a page over several agents merges the first rows of each: what is sorted is a page an agent', () => {
  const plan = plansOf(
    `{ events(first: 5, filter: { agent: { name: { startsWith: "a" } }, overlaps: ${RANGE} }) { nodes { id } } }`,
  );
  expect(plan.filter((step) => /^(SEARCH|SCAN) walk/.test(step))).toEqual(
    plan.filter((step) =>
      /^SEARCH walk USING (COVERING )?INDEX event_(by|long_by)_agent \(agent=\?/.test(step),
    ),
  );
  expect(plan.filter((step) => step.includes('TEMP B-TREE'))).toEqual(['USE TEMP B-TREE FOR ORDER BY']);
  const merged = statements.find(({ sql }) => sql.includes('json_each(?) as parent'));
  // The page of each agent, and then the page: one more than asked, to know whether the list goes on.
  expect(merged?.params.filter((param) => param === 6)).toHaveLength(2);
});

test.each(['START_ASC', 'START_DESC'])(
  'what overlaps a time by %s is merged, class by class, out of one index',
  (orderBy) => {
    const plan = plansOf(
      `{ events(first: 1000, orderBy: ${orderBy}, filter: { overlaps: ${RANGE} }) { nodes { id } } }`,
    );
    const walks = plan.filter((step) => step.includes('event_long'));
    // Seven classes of those that ended, and those that last.
    expect(walks).toHaveLength(8);
    for (const step of walks) {
      expect(step).toMatch(
        /^SEARCH walk USING (COVERING )?INDEX event_long \(length_class=\? AND start_ms[<>]\?/,
      );
    }
    expect(plan.filter((step) => step === 'MERGE (UNION ALL)')).toHaveLength(7);
    expect(plan).toContainEqual(
      expect.stringMatching(/^SEARCH event USING INDEX event_by_start \(start_ms>\? AND start_ms<\?\)/),
    );
  },
);

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
  ['agents', 'transfersIn(first: 3, orderBy: DURATION_DESC)'],
  ['agents', 'sessions(first: 3, orderBy: DURATION_ASC)'],
  ['agents', `events(first: 3, filter: { overlaps: ${RANGE} })`],
  ['agents', `sessions(first: 3, orderBy: LOGIN_ASC, filter: { overlaps: ${RANGE} })`],
  ['agents', `transfersOut(first: 3, orderBy: START_ASC, filter: { overlaps: ${RANGE} })`],
  ['sessions', 'events(first: 3)'],
])('under many %s, %s walks only their own rows', (parents, field) => {
  const plan = plansOf(`{ ${parents} { nodes { ${field} { nodes { id } } } } }`);
  const steps = plan.filter((step) => / walk /.test(`${step} `));
  expect(steps.length).toBeGreaterThan(0);
  for (const step of steps)
    expect(step).toMatch(/^SEARCH walk USING (COVERING )?INDEX \w+ \((agent|session|from_agent|to_agent)=\?/);
  expect(plan.filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
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
  );
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
