import { expect, test } from 'vitest';
import { packId } from '../../../src/mirror/index.ts';
import { agentIdOf, DAY_MS, floorRecords, MINUTE_MS, writeFloor } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { record, transfer, uuidAt } from '../../mirror/support/records.ts';
import { type Fact, type Filter, listOf, readFacts } from './oracle.ts';

/** Rows come and are revised while a client pages: what stays as it is must be met once, in its place. */
type List = 'event' | 'session' | 'agent' | 'transfer';
const orderings = {
  event: ['START_ASC', 'START_DESC', 'DURATION_ASC', 'DURATION_DESC'],
  session: ['LOGIN_ASC', 'LOGIN_DESC', 'DURATION_ASC', 'DURATION_DESC'],
  agent: ['NAME_ASC', 'NAME_DESC'],
  transfer: ['START_ASC', 'START_DESC', 'DURATION_ASC', 'DURATION_DESC'],
};
const iso = (minute: number) => new Date(DAY_MS + minute * MINUTE_MS).toISOString();
const filters: Record<List, Filter> = {
  event: { state: { ne: 'IDLE' }, start: { lt: iso(100) } },
  session: { agent: { name: { isNull: false } } },
  agent: { name: { isNull: false } },
  transfer: { start: { gte: iso(20) } },
};

const AGENTS = 40;
/** Enough of everything: each agent has sessions of their own, and hands over. */
const firstRecords = () =>
  floorRecords(41, 120).map((one, i) => ({
    ...one,
    agentId: agentIdOf(i % AGENTS),
    agentName: i % 7 === 0 ? null : `Agent ${(i * 7) % AGENTS}`,
    sessionId: uuidAt((i % 60) * 1000, 0xb000 + (i % AGENTS)),
    transfers:
      i % 2 === 0
        ? [
            transfer({
              interaction: uuidAt(i, 0xc00),
              to: agentIdOf((i + 3) % AGENTS),
              start: (i % 90) * MINUTE_MS,
            }),
          ]
        : [],
  }));

/** What the turn brings: new agents with all that they do, and revisions of events, ends, names and hand-overs. */
const news = (turn: number) => {
  const own = firstRecords();
  const revised = own
    .filter((_, i) => i % 13 === turn)
    .map((one) => ({
      ...one,
      state: 'busy',
      agentName: `Renamed ${turn}`,
      endMs: one.startMs + turn * MINUTE_MS,
      transfers: one.transfers.map((each) => ({ ...each, endMs: each.startMs + turn * 90_000 })),
    }));
  const come = Array.from({ length: 5 }, (_, n) => {
    const start = ((turn * 17 + n * 29) % 120) * MINUTE_MS;
    const node = 1_000 + turn * 10 + n;
    return record({
      start,
      eventId: uuidAt(start, node),
      agentId: agentIdOf(node),
      agentName: `Agent ${(turn * 5 + n * 9) % AGENTS}½`,
      sessionId: uuidAt(start, node),
      state: n % 2 ? 'away' : 'offline',
      ...(n % 3 ? { end: start + n * MINUTE_MS } : {}),
      transfers: [
        transfer({ interaction: uuidAt(start, node), to: agentIdOf(n), start, end: start + n * 60_000 }),
      ],
    });
  });
  return [...revised, ...come];
};

const idOf = (list: List, fact: Fact): string => String(fact['rowId']) + list;
/** What the row is told apart, ordered and filtered by. */
const keyOf = (fact: Fact): string =>
  JSON.stringify([fact['nameKey'], fact['startMs'], fact['endMs'], fact['durationSeconds']]);

const listed = (gateway: Gateway, list: List, filter: Filter, orderBy: string): Map<string, string> => {
  const whole = list === 'agent' ? { and: [filter, { seen: true }] } : filter;
  const found = listOf(readFacts(gateway.mirror), list, whole, orderBy);
  return new Map(found.map((fact) => [idOf(list, fact), keyOf(fact)]));
};

/** The row behind an id of GraphQL's. */
const rowOf = (gateway: Gateway, list: List, id: string): string => {
  const [, ...rest] = Buffer.from(id, 'base64').toString().split(':');
  const [first] = rest.join(':').split('/');
  const column = { event: 'event_id', session: 'session_id', agent: 'agent_id', transfer: 'interaction_id' }[
    list
  ];
  const rows = gateway.mirror.rows<{ id: number }>(
    `select id from ${list} where ${column} = ?`,
    packId(first!),
  );
  expect(rows).toHaveLength(1);
  return String(rows[0]!.id) + list;
};

type Page = {
  nodes: { id: string }[];
  pageInfo: { startCursor: string; endCursor: string; hasNextPage: boolean; hasPreviousPage: boolean };
};

const cases = (Object.keys(orderings) as List[]).flatMap(
  (
    list, // its own keys
  ) =>
    orderings[list].flatMap((orderBy) =>
      [{}, filters[list]].flatMap((filter) =>
        (['first', 'last'] as const).map((size) => ({
          list,
          orderBy,
          filter,
          size,
          filtered: filter === filters[list] ? 'with a filter' : 'all',
        })),
      ),
    ),
);

test.each(cases)('$list by $orderBy, $filtered, from the $size', async ({ list, orderBy, filter, size }) => {
  const gateway = openGateway();
  try {
    await writeFloor(gateway, firstRecords());
    const before = listed(gateway, list, filter, orderBy);
    const steady = new Map(before);
    const got: string[] = [];
    let cursor: string | null = null;
    for (let turn = 1; ; turn += 1) {
      const [edge, type] = [
        size === 'first' ? 'after' : 'before',
        `${list[0]!.toUpperCase()}${list.slice(1)}`,
      ];
      const { page }: { page: Page } = await gateway.ask<{ page: Page }>(
        `query ($filter: ${type}Filter, $orderBy: ${type}OrderBy, $cursor: String) {
          page: ${list}s(filter: $filter, orderBy: $orderBy, ${size}: 7, ${edge}: $cursor) {
            nodes { id } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`,
        { filter, orderBy, cursor },
      );
      const ids = page.nodes.map(({ id }) => rowOf(gateway, list, id));
      if (size === 'first') got.push(...ids);
      else got.unshift(...ids);
      const goesOn = size === 'first' ? page.pageInfo.hasNextPage : page.pageInfo.hasPreviousPage;
      if (!goesOn) break;
      cursor = size === 'first' ? page.pageInfo.endCursor : page.pageInfo.startCursor;
      // Not for ever: what only grows would run ahead of the cursor.
      if (turn > 6) continue;
      await gateway.mirror.append({ records: news(turn) });
      const now = listed(gateway, list, filter, orderBy);
      for (const [id, key] of steady) if (now.get(id) !== key) steady.delete(id);
    }
    const order = [...listed(gateway, list, filter, orderBy).keys()];
    const wanted = order.filter((id) => steady.has(id));
    expect(got.filter((id) => steady.has(id))).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(before.size / 4);
    // What came or was revised on the way was met where it lay ahead.
    expect(order.length).toBeGreaterThan(wanted.length);
  } finally {
    gateway.dispose();
  }
});
