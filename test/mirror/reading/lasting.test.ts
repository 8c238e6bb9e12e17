import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  allOf,
  type Condition,
  compare,
  compareKeys,
  conditionPredicate,
  countRows,
  createMirrorReader,
  isNull,
  type ListRequest,
  type ListSource,
  type MirrorReader,
  not,
  oneOf,
  overlaps,
  readWindow,
  sources,
} from '../../../src/mirror/index.ts';
import { lengthClasses } from '../../../src/mirror/lengthClass.ts';
import { migrateSchema } from '../../../src/mirror/schemaVersion.ts';
import { noise } from '../../fixtures/floor.ts';

/** Rows of every length, looked for by when they last: whatever index finds them, they are those of a plain loop. */
const HOUR_MS = 3_600_000;
const SPAN_MS = 60 * 24 * HOUR_MS;
const AGENTS = 6;
const SESSIONS = 30;
const ROWS = 700;

const edges = lengthClasses.flatMap(({ fromMs }) => [fromMs - 1, fromMs, fromMs + 1]);
const lists = ['event', 'session', 'transfer'] as const;
type List = (typeof lists)[number];

let database: Database.Database;
/** The first may look at as many rows as it wants, the second soon has to look by time instead. */
let readers: MirrorReader[];

beforeAll(() => {
  database = new Database(':memory:');
  migrateSchema(database);
  const random = noise(3);
  const below = (n: number) => Math.floor(random() * n);
  const insert = {
    event: database.prepare(
      'insert into event (agent, session, event_id, start_ms, end_ms, end_source, revision, observed_ms, completeness) values (?, ?, ?, ?, ?, 1, 1, 1, 1)',
    ),
    session: database.prepare(
      'insert into session (agent, session_id, began_ms, end_ms) values (?, ?, ?, ?)',
    ),
    transfer: database.prepare(
      'insert into transfer (from_agent, to_agent, interaction_id, start_ms, end_ms, event, observed_ms) values (?, ?, ?, ?, ?, 1, 1)',
    ),
  };
  for (const list of lists) {
    for (let i = 0; i < ROWS; i += 1) {
      // To the minute, so that many begin at once.
      const beginMs = below(SPAN_MS / 60_000) * 60_000;
      const lengths = [below(HOUR_MS), edges[below(edges.length)]!, below(300) * HOUR_MS, 0];
      const endMs = random() < 0.1 ? null : beginMs + lengths[below(lengths.length)]!;
      const id = Buffer.from(`${list}${String(below(1e9)).padStart(9, '0')}`);
      const owners = {
        event: [1 + below(AGENTS), 1 + below(SESSIONS)],
        session: [1 + below(AGENTS)],
        transfer: [1 + below(AGENTS), 1 + below(AGENTS)],
      };
      insert[list].run(...owners[list], id, beginMs, endMs);
    }
  }
  readers = [createMirrorReader(database), createMirrorReader(database, { maxWalkRows: 2 * ROWS })];
});
afterAll(() => database.close());

const instant = fc.integer({ min: -24, max: SPAN_MS / HOUR_MS + 24 }).map((hours) => hours * HOUR_MS);
const range = fc
  .tuple(instant, fc.constantFrom(1, 60_000, HOUR_MS, 24 * HOUR_MS, 300 * HOUR_MS))
  .map(([fromMs, lengthMs]) => ({ fromMs, toMs: fromMs + lengthMs }));
const begin = { event: 'startMs', session: 'beganMs', transfer: 'startMs' };

/** What bounds when rows begin, end or last, in any combination. */
const partsOf = (list: List): fc.Arbitrary<Condition> => {
  const operator = fc.constantFrom('eq', 'lt', 'lte', 'gt', 'gte');
  const length = fc.constantFrom(...edges, 0, 60_000);
  return fc.oneof(
    { weight: 4, arbitrary: range.map(({ fromMs, toMs }) => overlaps(fromMs, toMs)) },
    range.map(({ fromMs, toMs }) =>
      allOf([compare(begin[list], 'gte', fromMs), compare(begin[list], 'lt', toMs)]),
    ),
    fc.tuple(operator, instant).map(([how, atMs]) => compare(begin[list], how, atMs)),
    fc.tuple(operator, instant).map(([how, atMs]) => compare('endMs', how, atMs)),
    fc.tuple(operator, length).map(([how, ms]) => compare('durationMs', how, ms)),
    fc.tuple(length, length).map((some) => oneOf('durationMs', some)),
    fc.constantFrom('endMs', 'durationMs').map(isNull),
    fc.constantFrom('endMs', 'durationMs').map((field) => not(isNull(field))),
  );
};

const scopesOf: Record<List, readonly string[]> = {
  event: ['agent', 'session'],
  session: ['agent'],
  transfer: ['from_agent', 'to_agent'],
};

const requestOf = (list: List): fc.Arbitrary<ListRequest> =>
  fc.record({
    list: fc.constant(list),
    ordering: fc.constantFrom(...Object.keys(sources[list].orderings)),
    descending: fc.boolean(),
    condition: fc.array(partsOf(list), { minLength: 1, maxLength: 3 }).map(allOf),
    parents: fc.option(
      fc.record({
        column: fc.constantFrom(...scopesOf[list]),
        ids: fc.uniqueArray(fc.integer({ min: 1, max: AGENTS + 1 }), { minLength: 1, maxLength: 4 }),
      }),
    ),
  });

/** Every row of the table as the mirror's own select list yields it. */
const rowsOf = (list: List): { id: number }[] =>
  readers[0]!.all<{ id: number }>(`select ${sources[list].select} from ${list}`);

test.each(lists)('%ss of any length are found by when they last, in either order and direction', (list) => {
  const rows = rowsOf(list);
  // Rows of this list, which its source and its predicate are for.
  const source = sources[list] as unknown as ListSource<{ id: number }>;
  let found = 0;
  fc.assert(
    fc.property(
      requestOf(list),
      fc.integer({ min: 1, max: 60 }),
      fc.boolean(),
      fc.option(fc.nat(ROWS - 1)),
      (request, limit, fromEnd, from) => {
        const { keyOf } = source.orderings[request.ordering]!;
        const satisfies = conditionPredicate(list, request.condition) as (
          row: unknown,
          reader: unknown,
        ) => boolean; // as above
        const sign = request.descending ? -1 : 1;
        const after = from === null ? null : keyOf(rows[from]!);
        const matching = rows
          .filter((row) => satisfies(row, readers[0]))
          .sort((a, b) => sign * compareKeys(keyOf(a), keyOf(b)));
        for (const parent of request.parents?.ids ?? [0]) {
          const own = request.parents
            ? matching.filter((row) => source.scopes[request.parents!.column]!.parentOf(row) === parent)
            : matching;
          const behind = own.filter((row) => !after || sign * compareKeys(keyOf(row), after) > 0);
          const wanted = fromEnd ? behind.slice(-limit) : behind.slice(0, limit);
          for (const reader of readers) {
            const page = readWindow(reader, { ...request, list }, { after, before: null, limit, fromEnd });
            expect(page.get(parent)!.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
            expect(countRows(reader, request, 10_000).get(parent)).toEqual({
              value: own.length,
              exact: true,
            });
          }
          found += wanted.length;
        }
      },
    ),
    { numRuns: 400 },
  );
  expect(found).toBeGreaterThan(1_000);
});
