import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Condition,
  compare,
  countRows,
  createMirrorReader,
  type ListName,
  type MirrorReader,
  not,
  readCurrentStatuses,
  readWindow,
  related,
  WalkTooLongError,
} from '../../../src/mirror/index.ts';
import { floorRecords, writeFloor } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';

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
