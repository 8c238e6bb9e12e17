import { allOf, type Condition, compare, conditionSql, conjuncts, entities } from '../condition/index.ts';
import type { SqlValue } from '../reader.ts';
import { before, type Stretch, stretchSql, within } from './bounds.ts';
import type { ListPlan } from './plan.ts';
import type { ListName, Ordering } from './sources.ts';

/**
 * One walk of one index. `index` decides where rows are looked for; the order of the list is asked for whatever the
 * index, and costs a sort only where the comment at its use says so.
 */
export type Walk = {
  index: string;
  stretch: Stretch;
  residual: Condition;
  /** A lower bound of the duration, for rows that began long before the span they must overlap. */
  minDurationMs: number | null;
};

/** Rows at least this long are looked up by their length, all others by a begin at most this far before the span. */
export const LONG_MS = 3_600_000;

/** Below every sort key that is a number. */
const LEAST_KEY = -Number.MAX_SAFE_INTEGER;

/**
 * Walks that together give the whole list, the one whose rows come first in ascending order first. One, except for
 * spans to overlap: a row that began days before could overlap, and walking back through those days to find it could
 * cost the whole history, so long rows are found by their length.
 */
export const walksOf = <Row>(list: ListName, ordering: Ordering<Row>, plan: ListPlan): Walk[] => {
  const column = plan.scope?.column ?? '';
  const index = ordering.indexes[column];
  if (!index) throw new Error(`no index for ${list} by ${column}`);
  const { stretch, residual, overlapFromMs } = plan;
  const byLength = column === '' ? 'event_by_duration' : 'event_by_agent_duration';
  if (list !== 'event' || (column !== '' && column !== 'agent')) {
    return [{ index, stretch, residual, minDurationMs: null }];
  }
  if (ordering.columns[0] === 'duration_key') {
    const overlapped = overlappedFrom(residual);
    if (overlapped === null) return [{ index, stretch, residual, minDurationMs: null }];
    const long = before(LONG_MS);
    const recent = compare('startMs', 'gte', overlapped - LONG_MS);
    return [
      {
        index,
        stretch: within(stretch, { low: null, high: long }),
        residual: allOf([residual, recent]),
        minDurationMs: null,
      },
      { index, stretch: within(stretch, { low: long, high: null }), residual, minDurationMs: null },
    ];
  }
  if (overlapFromMs === null) return [{ index, stretch, residual, minDurationMs: null }];
  const split = before(overlapFromMs - LONG_MS);
  return [
    {
      index: byLength,
      stretch: within(stretch, { low: null, high: split }),
      residual,
      // Longer than from - split: it began before the split and lasts past `from`.
      minDurationMs: LONG_MS,
    },
    { index, stretch: within(stretch, { low: split, high: null }), residual, minDurationMs: null },
  ];
};

/** The begin of the span that rows must overlap; null when they need not overlap any. */
const overlappedFrom = (condition: Condition): number | null =>
  conjuncts(condition).reduce<number | null>(
    (from, one) => (one.kind === 'overlaps' ? Math.max(from ?? one.fromMs, one.fromMs) : from),
    null,
  );

/** Whether every row of the walk's stretch is a row of the list, so that nothing is visited in vain. */
export const isWholeStretch = ({ residual, minDurationMs }: Walk): boolean =>
  residual.kind === 'all' && residual.of.length === 0 && minDurationMs === null;

export type WalkSql = { sql: string; params: SqlValue[] };

/** The part of a statement from `from` to `where`, over `alias`; `parent` is SQL of the scope's value. */
const fromWhere = (
  list: ListName,
  ordering: Ordering<never>,
  walk: Walk,
  scope: { column: string; parent: string } | null,
  alias: string,
  params: SqlValue[],
): string => {
  const { table } = entities[list];
  const parts: string[] = [];
  if (scope) parts.push(`${alias}.${scope.column} = ${scope.parent}`);
  if (walk.minDurationMs !== null) {
    parts.push(`${alias}.duration_key >= ?`);
    params.push(walk.minDurationMs);
  }
  const [sortColumn, idColumn] = ordering.columns;
  parts.push(...stretchSql(walk.stretch, [`${alias}.${sortColumn}`, `${alias}.${idColumn}`], params));
  // With a bound on every walk, a plan that scans is always a mistake.
  if (parts.length === 0)
    parts.push(`${alias}.${sortColumn} >= ${ordering.sortField === null ? "''" : LEAST_KEY}`);
  if (!isWholeStretch(walk)) {
    const residual = conditionSql(list, walk.residual, alias);
    parts.push(`spend(${alias}.id)`, residual.sql);
    params.push(...residual.params);
  }
  const where = parts.length > 0 ? ` where ${parts.join(' and ')}` : '';
  return `from ${table} as ${alias} indexed by ${walk.index}${where}`;
};

const orderBy = (ordering: Ordering<never>, alias: string, ascending: boolean): string => {
  const direction = ascending ? 'asc' : 'desc';
  return `order by ${ordering.columns.map((column) => `${alias}.${column} ${direction}`).join(', ')}`;
};

/** Rows of the whole list, or of one parent: an index walked in its order. */
export const directSql = (
  list: ListName,
  select: string,
  ordering: Ordering<never>,
  walk: Walk,
  scope: { column: string; id: number } | null,
  ascending: boolean,
  limit: number,
): WalkSql => {
  const params: SqlValue[] = scope ? [scope.id] : [];
  const { table } = entities[list];
  const body = fromWhere(list, ordering, walk, scope && { column: scope.column, parent: '?' }, table, params);
  params.push(limit);
  return { sql: `select ${select} ${body} ${orderBy(ordering, table, ascending)} limit ?`, params };
};

/**
 * The first rows of each of several parents: one walk a parent, in one statement. Not a window function, which would
 * read all rows of all parents. Rows come in no order.
 */
export const eachSql = (
  list: ListName,
  select: string,
  ordering: Ordering<never>,
  walk: Walk,
  scope: { column: string; ids: readonly number[] },
  ascending: boolean,
  limit: number,
): WalkSql => {
  const params: SqlValue[] = [JSON.stringify(scope.ids)];
  const body = fromWhere(
    list,
    ordering,
    walk,
    { column: scope.column, parent: 'parent.value' },
    'walk',
    params,
  );
  params.push(limit);
  const { table } = entities[list];
  return {
    sql: `select ${select} from json_each(?) as parent cross join ${table} on ${table}.id in (select walk.id ${body} ${orderBy(ordering, 'walk', ascending)} limit ?)`,
    params,
  };
};

/** One page over several parents: the first rows of each, merged by a sort of at most `limit` rows a parent. */
export const mergedSql = (
  list: ListName,
  select: string,
  ordering: Ordering<never>,
  walk: Walk,
  scope: { column: string; ids: readonly number[] },
  ascending: boolean,
  limit: number,
): WalkSql => {
  const { sql, params } = eachSql(list, select, ordering, walk, scope, ascending, limit);
  params.push(limit);
  return { sql: `${sql} ${orderBy(ordering, entities[list].table, ascending)} limit ?`, params };
};

/** How many rows each parent has, up to `cap` each. */
export const countEachSql = (
  list: ListName,
  ordering: Ordering<never>,
  walk: Walk,
  scope: { column: string; ids: readonly number[] },
  cap: number,
): WalkSql => {
  const params: SqlValue[] = [];
  const body = fromWhere(
    list,
    ordering,
    walk,
    { column: scope.column, parent: 'parent.value' },
    'walk',
    params,
  );
  params.push(cap, JSON.stringify(scope.ids));
  return {
    sql: `select parent.value as parent, (select count(*) from (select 1 ${body} limit ?)) as rows from json_each(?) as parent`,
    params,
  };
};

/** One row for each row of the list, up to `cap`; with `whole`, one row that says how many those are (`rows`). */
export const countSql = (
  list: ListName,
  ordering: Ordering<never>,
  walk: Walk,
  scope: { column: string; id: number } | null,
  cap: number,
  whole: boolean,
): WalkSql => {
  const params: SqlValue[] = scope ? [scope.id] : [];
  const body = fromWhere(
    list,
    ordering,
    walk,
    scope && { column: scope.column, parent: '?' },
    entities[list].table,
    params,
  );
  params.push(cap);
  const rows = `select 1 ${body} limit ?`;
  return { sql: whole ? `select count(*) as rows from (${rows})` : rows, params };
};
