import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  allOf,
  anyOf,
  type Condition,
  compare,
  countRows,
  createMirrorReader,
  everything,
  isNull,
  type ListName,
  type ListRequest,
  type MirrorReader,
  not,
  overlaps,
  packId,
  type RowKey,
  readWindow,
  related,
} from '../../../src/mirror/index.ts';
import { agentIdOf, floorRecords, writeFloor } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { DAY_MS, uuidAt } from '../support/records.ts';

/** How SQLite would run what the reads ask of it: on the schema alone, without statistics, as the gateway runs. */
let gateway: Gateway;
let database: Database.Database;
let reader: MirrorReader;
const asked = new Map<string, readonly unknown[]>();

beforeAll(async () => {
  gateway = openGateway();
  await writeFloor(gateway, floorRecords(3, 50));
  database = new Database(gateway.mirror.file, { readonly: true });
  const plain = createMirrorReader(database);
  reader = {
    ...plain,
    all<Row>(sql: string, ...params: Parameters<MirrorReader['all']>[1][]) {
      asked.set(sql, params);
      return plain.all<Row>(sql, ...params);
    },
    iterate<Row>(sql: string, ...params: Parameters<MirrorReader['all']>[1][]) {
      asked.set(sql, params);
      return plain.iterate<Row>(sql, ...params);
    },
  };
});
afterAll(() => {
  database.close();
  gateway.dispose();
});

const plansOf = (read: () => void): string[] => {
  asked.clear();
  read();
  return [...asked].flatMap(([sql, params]) =>
    database
      .prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
      .all(...params)
      .map((row) => row.detail),
  );
};

/** Tables of the mirror that are walked whole, and sorts. Arguments, rows already cut to a limit, and dictionaries of a few rows are neither. */
const mistakesIn = (plans: readonly string[]): string[] =>
  plans.filter(
    (detail) =>
      /TEMP B-TREE/.test(detail) ||
      (/^SCAN/.test(detail) &&
        !/VIRTUAL TABLE|^SCAN (\(subquery-|(agent|unknown_value|reason)\b)/.test(detail)),
  );

const time = { from: DAY_MS + 3_600_000, to: DAY_MS + 5_400_000 };
const ann = related('agent', compare('agentId', 'eq', packId(agentIdOf(0))));
const inTime = allOf([compare('startMs', 'gte', time.from), compare('startMs', 'lt', time.to)]);

const eventConditions: Record<string, Condition> = {
  nothing: everything,
  'a state': compare('state', 'eq', 2),
  'a state or none': anyOf([compare('state', 'eq', 2), isNull('state')]),
  'an unknown state by its word': { kind: 'text', field: 'stateRaw', operator: 'startsWith', text: 'sl' },
  'not a reason': not(related('reason', compare('name', 'eq', 'Lunch'))),
  'an agent': ann,
  'an agent and a state': allOf([ann, compare('state', 'eq', 2)]),
  'a session': related('session', compare('sessionId', 'eq', packId(uuidAt(1000, 0xb01)))),
  'a stretch of time': inTime,
  'an agent and a stretch of time': allOf([ann, inTime]),
  'what is open': isNull('endMs'),
  'what is long': compare('durationMs', 'gte', 600_000),
  'hand-overs': related('transfers', everything),
  'one id': compare('eventId', 'eq', packId(uuidAt(0))),
};

const key: Record<string, RowKey> = {
  START: [DAY_MS + 3_700_000, packId(uuidAt(3_700_000))],
  DURATION: [120_000, packId(uuidAt(3_700_000))],
  LOGIN: [DAY_MS + 1000, packId(uuidAt(1000))],
  NAME: ['bob', 3],
};

const windows = (ordering: string) => [
  { after: null, before: null, limit: 51, fromEnd: false },
  { after: key[ordering]!, before: null, limit: 51, fromEnd: false },
  { after: null, before: key[ordering]!, limit: 51, fromEnd: true },
];

const readAll = (request: ListRequest & { list: ListName }): void => {
  for (const descending of [false, true]) {
    for (const window of windows(request.ordering)) readWindow(reader, { ...request, descending }, window);
  }
  countRows(reader, request, 10_000);
};

const request = (
  list: ListName,
  ordering: string,
  condition: Condition,
): ListRequest & { list: ListName } => ({
  list,
  ordering,
  descending: true,
  condition,
  parents: null,
});

describe('no page of events walks or sorts a table', () => {
  test.each(Object.entries(eventConditions))('by start, filtered by %s', (_name, condition) => {
    expect(mistakesIn(plansOf(() => readAll(request('event', 'START', condition))))).toEqual([]);
  });

  test.each(Object.entries(eventConditions).filter(([name]) => name !== 'a session'))(
    'by length, filtered by %s',
    (_name, condition) => {
      expect(mistakesIn(plansOf(() => readAll(request('event', 'DURATION', condition))))).toEqual([]);
    },
  );

  test('what overlaps a stretch of time is found by its start, or by its length where it is long', () => {
    const condition = overlaps(time.from, time.to);
    const plans = plansOf(() =>
      readWindow(reader, request('event', 'START', condition), {
        after: null,
        before: null,
        limit: 1000,
        fromEnd: false,
      }),
    );
    expect(plans.filter((detail) => detail.startsWith('SEARCH event'))).toEqual([
      'SEARCH event USING INDEX event_by_start (start_ms>? AND start_ms<?)',
      'SEARCH event USING INDEX event_by_duration (duration_key>?)',
    ]);
  });

  test('a few agents are one walk each, whose first rows alone are sorted', () => {
    const named = related('agent', { kind: 'text', field: 'name', operator: 'contains', text: 'b' });
    const plans = plansOf(() => readAll(request('event', 'START', named)));
    expect(plans).toContain('SEARCH walk USING COVERING INDEX event_by_agent (agent=?)');
    expect(mistakesIn(plans).filter((detail) => !/TEMP B-TREE/.test(detail))).toEqual([]);
  });

  test('a bounded stretch of an agent is one range of one index', () => {
    const plans = plansOf(() =>
      readAll(request('event', 'START', eventConditions['an agent and a stretch of time']!)),
    );
    expect(
      plans
        .filter((detail) => /event_by_/.test(detail))
        .every((detail) => /event_by_agent \(agent=\? AND /.test(detail)),
    ).toBe(true);
  });
});

describe('no page of sessions, agents or transfers walks or sorts a table', () => {
  const lists: [ListName, string, string, Condition][] = [
    ['session', 'LOGIN', 'nothing', everything],
    ['session', 'LOGIN', 'an agent', ann],
    ['session', 'LOGIN', 'what is open', isNull('endMs')],
    ['session', 'LOGIN', 'a stretch of time', overlaps(time.from, time.to)],
    ['session', 'LOGIN', 'their events', related('events', compare('state', 'eq', 2))],
    ['session', 'DURATION', 'nothing', everything],
    ['session', 'DURATION', 'what is open', isNull('endMs')],
    ['agent', 'NAME', 'nothing', everything],
    ['agent', 'NAME', 'who was seen', compare('seen', 'eq', 1)],
    ['agent', 'NAME', 'their events', related('events', compare('state', 'eq', 2))],
    ['transfer', 'START', 'nothing', everything],
    [
      'transfer',
      'START',
      'from an agent',
      related('fromAgent', compare('agentId', 'eq', packId(agentIdOf(0)))),
    ],
    ['transfer', 'START', 'to an agent', related('toAgent', compare('agentId', 'eq', packId(agentIdOf(0))))],
    ['transfer', 'START', 'an interaction', compare('interactionId', 'eq', packId(uuidAt(0, 0xc01)))],
    ['transfer', 'START', 'a stretch of time', inTime],
  ];
  test.each(lists)('%ss by %s, filtered by %s', (list, ordering, _name, condition) => {
    const plans = plansOf(() => readAll(request(list, ordering, condition)));
    expect(mistakesIn(plans)).toEqual([]);
    expect(plans.some((detail) => detail.startsWith(`SEARCH ${list} USING`))).toBe(true);
  });
});

describe('lists under many parents are one walk a parent', () => {
  const nested: [ListName, string, string][] = [
    ['session', 'agent', 'LOGIN'],
    ['event', 'agent', 'START'],
    ['event', 'agent', 'DURATION'],
    ['event', 'session', 'START'],
    ['transfer', 'from_agent', 'START'],
    ['transfer', 'to_agent', 'START'],
  ];
  test.each(nested)('%ss by %s in the order of %s', (list, column, ordering) => {
    const parents = { column, ids: [1, 2, 3, 4] };
    const plans = plansOf(() => readAll({ ...request(list, ordering, everything), parents }));
    expect(mistakesIn(plans)).toEqual([]);
    expect(plans.filter((detail) => detail.includes(`${column}=?`)).length).toBeGreaterThan(0);
  });
});
