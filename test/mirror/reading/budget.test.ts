import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  allOf,
  type Condition,
  compare,
  compareKeys,
  conditionPredicate,
  countRows,
  createMirrorReader,
  type ListName,
  type MirrorReader,
  not,
  overlaps,
  readCurrentStatuses,
  readWindow,
  related,
  sources,
  WalkTooLongError,
} from '../../../src/mirror/index.ts';
import { floorRecords, MINUTE_MS, noise, writeFloor } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { DAY_MS } from '../support/records.ts';

/** 300 events of 8 agents; a read may look at 100 rows. */
let gateway: Gateway;
let reader: MirrorReader;

beforeAll(async () => {
  gateway = openGateway();
  await writeFloor(gateway, floorRecords(13, 300));
  reader = createMirrorReader(gateway.mirror.file, { maxWalkRows: 100 });
});
afterAll(() => {
  reader.close();
  gateway.dispose();
});

const never = compare('revision', 'eq', 99);
const page = (list: ListName, ordering: string, condition: Condition) =>
  readWindow(
    reader,
    { list, ordering, descending: false, condition, parents: null },
    { after: null, before: null, limit: 10, fromEnd: false },
  );

const endless: [string, () => unknown][] = [
  ['a page that nothing satisfies', () => page('event', 'START', never)],
  ['agents none of whose events satisfies', () => page('agent', 'NAME', related('events', never))],
  ['sessions none of whose events satisfies', () => page('session', 'LOGIN', related('events', never))],
  [
    'events of agents none of whose events satisfies',
    () => page('event', 'START', related('agent', related('events', never))),
  ],
  [
    'statuses of agents none of whose events satisfies',
    () => readCurrentStatuses(reader, related('agent', related('events', never))),
  ],
];

test.each(endless)('%s: the read gives up instead of holding the thread', (_what, read) => {
  expect(read).toThrow(WalkTooLongError);
});

test('a read that gave up leaves the next one its whole budget', () => {
  expect(() => page('event', 'START', never)).toThrow(WalkTooLongError);
  expect(page('event', 'START', not(never)).get(0)).toHaveLength(10);
});

test('a count that gave up says so, and counts what it found', () => {
  const request = {
    list: 'event',
    ordering: 'START',
    descending: false,
    condition: not(never),
    parents: null,
  } as const;
  expect(countRows(reader, request, 10_000).get(0)).toEqual({ value: 100, exact: false });
});

test('the longest of a short time are found whether by their length or by that time', () => {
  const wide = createMirrorReader(gateway.mirror.file);
  const whole = { list: 'event', ordering: 'DURATION', parents: null } as const;
  const window = { after: null, before: null, limit: 1000, fromEnd: false };
  const all = readWindow(wide, { ...whole, descending: false, condition: not(never) }, window).get(0)!;
  expect(all).toHaveLength(300);
  const { keyOf } = sources.event.orderings['DURATION']!;
  const random = noise(5);
  let found = 0;
  for (let i = 0; i < 60; i++) {
    const fromMs = DAY_MS + Math.floor(random() * 110) * MINUTE_MS;
    const toMs = fromMs + Math.ceil(random() * 15) * MINUTE_MS;
    const began = allOf([compare('startMs', 'gte', fromMs), compare('startMs', 'lt', toMs)]);
    const condition = i % 2 === 0 ? began : overlaps(fromMs, toMs);
    const satisfies = conditionPredicate('event', condition);
    const expected = all
      .filter((row) => satisfies(row, wide))
      .sort((a, b) => compareKeys(keyOf(a), keyOf(b)));
    for (const descending of [false, true]) {
      const ids = expected.map((row) => row.id);
      if (descending) ids.reverse();
      const limit = 1 + Math.floor(random() * 30);
      // A tenth of 300: those of most times lie further away than that.
      for (const narrow of [createMirrorReader(gateway.mirror.file, { maxWalkRows: 300 }), wide]) {
        const rows = readWindow(narrow, { ...whole, descending, condition }, { ...window, limit }).get(0)!;
        expect(rows.map((row) => row.id)).toEqual(ids.slice(0, limit));
        const request = { ...whole, descending, condition };
        expect(countRows(narrow, request, 10_000).get(0)).toEqual({ value: ids.length, exact: true });
        if (narrow !== wide) narrow.close();
      }
    }
    found += expected.length;
  }
  expect(found).toBeGreaterThan(300);
  wide.close();
});
