import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unpackId } from '../../../src/mirror/index.ts';
import { DAY_MS } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { A_DAY_MS, writeLongHistory } from '../../fixtures/longHistory.ts';

/**
 * A hundred days: forty thousand sessions, eighty thousand events, half of which last a night, and forty thousand
 * transfers, a twentieth of which never end. A read may look at four thousand rows; a day has four hundred sessions.
 */
let gateway: Gateway;
beforeAll(() => {
  gateway = openGateway({ maxWalkRows: 4_000 });
  writeLongHistory(gateway.mirror.file, { agents: 400, days: 100, events: 2, transfers: 1 });
});
afterAll(() => gateway.dispose());

const iso = (ms: number) => new Date(ms).toISOString();
type Range = { from: number; to: number };
const times: Record<string, Range> = {
  'the last day': { from: DAY_MS - A_DAY_MS, to: DAY_MS },
  'twenty minutes': { from: DAY_MS - A_DAY_MS, to: DAY_MS - A_DAY_MS + 1_200_000 },
  'a day two months ago': { from: DAY_MS - 60 * A_DAY_MS, to: DAY_MS - 59 * A_DAY_MS },
};

const lists = {
  session: { id: 'session_id', begin: 'began_ms', tie: 'session_id', by: 'LOGIN', node: 'id: sessionId' },
  event: { id: 'event_id', begin: 'start_ms', tie: 'event_id', by: 'START', node: 'id: eventId' },
  transfer: { id: 'interaction_id', begin: 'start_ms', tie: 'id', by: 'START', node: 'id: interactionId' },
} as const;
type List = keyof typeof lists;

/** What a filter asks, as GraphQL has it and as SQL over the whole table. */
type Asked = { filter: string; where: (begin: string) => string };
const overlapping = ({ from, to }: Range): Asked => ({
  filter: `overlaps: { from: "${iso(from)}", to: "${iso(to)}" }`,
  where: (begin) => `${begin} < ${to} and (end_ms > ${from} or end_ms is null or ${begin} >= ${from})`,
});
const startedIn = ({ from, to }: Range): Asked => ({
  filter: `startedIn: { from: "${iso(from)}", to: "${iso(to)}" }`,
  where: (begin) => `${begin} >= ${from} and ${begin} < ${to}`,
});
const ended = ({ filter, where }: Asked): Asked => ({
  filter: `${filter}, end: { isNull: false }`,
  where: (begin) => `${where(begin)} and end_ms is not null`,
});
const endedSince = (atMs: number): Asked => ({
  filter: `end: { gte: "${iso(atMs)}" }`,
  where: () => `end_ms >= ${atMs}`,
});
const open: Asked = { filter: 'end: { isNull: true }', where: () => 'end_ms is null' };

const asked: [string, Asked][] = [
  ...Object.entries(times).flatMap(([time, range]): [string, Asked][] => [
    [`that overlap ${time}`, overlapping(range)],
    [`that overlap ${time} and are over`, ended(overlapping(range))],
    [`that began in ${time}`, startedIn(range)],
    [`that began in ${time} and are over`, ended(startedIn(range))],
  ]),
  ['that ended on the last day', endedSince(DAY_MS - A_DAY_MS)],
  ['that last', open],
];

/** The ids of the whole list, by a plain statement that no index of ours is made for. */
const expected = (list: List, { where }: Asked, orderBy: string): string[] => {
  const { id, begin, tie, by } = lists[list];
  const key = orderBy.startsWith(by) ? begin : 'coalesce(end_ms - +begin, 9e15)'.replace('begin', begin);
  const way = orderBy.endsWith('DESC') ? 'desc' : 'asc';
  return gateway.mirror
    .rows<{ id: Buffer }>(
      `select ${id} as id from ${list} not indexed where ${where(begin)} order by ${key} ${way}, ${tie} ${way}`,
    )
    .map((row) => unpackId(row.id));
};

const cases = (Object.keys(lists) as List[]).flatMap(
  (
    list, // its own keys
  ) =>
    [lists[list].by, 'DURATION'].flatMap((by) =>
      ['ASC', 'DESC'].flatMap((way) =>
        asked.map(([what, one]) => [list, what, `${by}_${way}`, one] as const),
      ),
    ),
);

test.each(cases)(
  '%ss %s by %s are found in a long history, in small pages and large',
  async (list, _what, orderBy, one) => {
    const wanted = expected(list, one, orderBy);
    expect(wanted.length).toBeGreaterThan(0);
    for (const [size, first] of [
      ['first', 50],
      ['last', 50],
      ['first', 1000],
    ] as const) {
      const { page } = await gateway.ask<{ page: { nodes: { id: string }[] } }>(
        `{ page: ${list}s(orderBy: ${orderBy}, ${size}: ${first}, filter: { ${one.filter} }) { nodes { ${lists[list].node} } } }`,
      );
      const kept = size === 'first' ? wanted.slice(0, first) : wanted.slice(-first);
      expect(page.nodes.map(({ id }) => id)).toEqual(kept);
    }
  },
);

test.each(asked)('all %s are counted', async (_what, one) => {
  for (const list of Object.keys(lists) as List[]) {
    const { page } = await gateway.ask<{ page: { totalCount: object } }>(
      `{ page: ${list}s(filter: { ${one.filter} }) { totalCount { value precision } } }`,
    );
    const value = expected(list, one, 'DURATION_ASC').length;
    expect(page.totalCount).toEqual({ value, precision: 'EXACT' });
  }
});

describe('under every agent', () => {
  test.each([
    ['events', 'START_ASC'],
    ['sessions', 'LOGIN_ASC'],
    ['sessions', 'DURATION_DESC'],
    ['transfersOut', 'START_ASC'],
    ['transfersIn', 'START_ASC'],
    ['transfersIn', 'DURATION_DESC'],
  ])('%s that overlap a day two months ago by %s are found', async (list, orderBy) => {
    const { filter } = ended(overlapping(times['a day two months ago']!));
    const { agents } = await gateway.ask<{ agents: { nodes: { list: { nodes: object[] } }[] } }>(
      `{ agents(first: 1000) { nodes { list: ${list}(first: 2, orderBy: ${orderBy}, filter: { ${filter} }) { nodes { id } } } } }`,
    );
    expect(agents.nodes).toHaveLength(400);
    expect(agents.nodes.filter((agent) => agent.list.nodes.length > 0).length).toBeGreaterThan(200);
  });
});
