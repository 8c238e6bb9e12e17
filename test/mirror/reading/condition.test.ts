import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type AgentRow,
  agentColumns,
  conditionPredicate,
  conditionSql,
  type EventRow,
  eventColumns,
  everything,
  not,
  readCurrentStatuses,
  type SessionRow,
  type StatusFacts,
  sessionColumns,
  type TransferRow,
  transferColumns,
} from '../../../src/mirror/index.ts';
import { AgentFilter } from '../../../src/schema/agent/filter.ts';
import { EventFilter } from '../../../src/schema/event/filter.ts';
import { compileFilter, type Filter } from '../../../src/schema/filter/filter.ts';
import { AgentStatusFilter } from '../../../src/schema/filter/status.ts';
import { SessionFilter } from '../../../src/schema/session/filter.ts';
import { TransferFilter } from '../../../src/schema/transfer/filter.ts';
import { floorRecords, writeFloor } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { filters } from '../../schema/lists/filters.ts';
import { GENESIS_MS } from '../support/mirrorFile.ts';

/** Every range of the filters has begun by then. */
const AT_NINE = { nowMs: () => GENESIS_MS, atMs: null };

let gateway: Gateway;
beforeAll(async () => {
  gateway = openGateway();
  await writeFloor(gateway, floorRecords(3, 120));
});
afterAll(() => gateway.dispose());

/** Instants and ids arrive coerced where a filter is compiled. */
const coerced = (value: unknown): unknown => {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return Date.parse(value);
  if (Array.isArray(value)) return value.map(coerced);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, coerced(one)]));
};

type Subject = { id: number };
const rowsOf = <Row extends Subject>(table: string, columns: string): Row[] =>
  gateway.reader.all<Row>(`select ${columns} from ${table}`);

const check = async <Row extends Subject>(
  entity: 'agent' | 'event' | 'session' | 'transfer',
  columns: string,
  filter: Filter,
  inputs: fc.Arbitrary<Record<string, unknown>>,
) => {
  const rows = rowsOf<Row>(entity, columns);
  expect(rows.length).toBeGreaterThan(7);
  fc.assert(
    fc.property(inputs, (input) => {
      const condition = compileFilter(filter, coerced(input) as Record<string, unknown>, AT_NINE);
      const { sql, params } = conditionSql(entity, condition);
      const bySql = gateway.reader
        .all<Subject>(`select id from ${entity} where ${sql} order by id`, ...params)
        .map((row) => row.id);
      const complement = gateway.reader.all<Subject>(
        `select id from ${entity} where ${conditionSql(entity, { kind: 'not', of: condition }).sql}`,
        ...params,
      );
      // The rows read above are of this entity.
      const satisfied = conditionPredicate(entity, condition) as (row: unknown, reader: unknown) => boolean;
      const inMemory = rows.filter((row) => satisfied(row, gateway.reader)).map((row) => row.id);
      expect(inMemory.sort((a, b) => a - b)).toEqual(bySql);
      expect(complement).toHaveLength(rows.length - bySql.length);
    }),
    { numRuns: 300 },
  );
};

test('a filter lets through the same events in SQL and in memory, and its complement all others', () =>
  check<EventRow>('event', eventColumns, EventFilter, filters.event));
test('a filter lets through the same sessions in SQL and in memory, and its complement all others', () =>
  check<SessionRow>('session', sessionColumns, SessionFilter, filters.session));
test('a filter lets through the same transfers in SQL and in memory, and its complement all others', () =>
  check<TransferRow>('transfer', transferColumns, TransferFilter, filters.transfer));

test('a filter lets through the same agents in SQL and in memory, and its complement all others', () =>
  check<AgentRow>('agent', agentColumns, AgentFilter, filters.agent));
test('a filter lets through the same statuses in SQL and in memory, and its complement all others', () => {
  const rows = readCurrentStatuses(gateway.reader, everything);
  expect(rows.length).toBe(8);
  const agents = (those: readonly StatusFacts[]) => those.map(({ agent }) => agent).sort((a, b) => a - b);
  // Filters that let some through and not all: chance has some fifty of them.
  let some = 0;
  fc.assert(
    fc.property(filters.status, (input) => {
      const condition = compileFilter(AgentStatusFilter, coerced(input) as Record<string, unknown>, AT_NINE);
      const satisfied = conditionPredicate('status', condition);
      const inMemory = rows.filter((row) => satisfied(row, gateway.reader));
      expect(agents(readCurrentStatuses(gateway.reader, condition))).toEqual(agents(inMemory));
      const others = readCurrentStatuses(gateway.reader, not(condition));
      expect(others).toHaveLength(rows.length - inMemory.length);
      if (inMemory.length > 0 && others.length > 0) some += 1;
    }),
    { numRuns: 300 },
  );
  expect(some).toBeGreaterThan(15);
});

test('what a predicate says of the row alone costs no statement', () => {
  const rows = rowsOf<EventRow>('event', eventColumns);
  const satisfied = conditionPredicate(
    'event',
    compileFilter(EventFilter, { state: { eq: 'BUSY' }, not: { durationSeconds: { gt: 60 } } }, AT_NINE),
  );
  const before = gateway.reader.statements();
  expect(rows.filter((row) => satisfied(row, gateway.reader)).length).toBeGreaterThan(0);
  expect(gateway.reader.statements()).toBe(before);
});
