import { type Condition, conditionSql, entities } from '../condition/index.ts';
import { spanOf } from '../condition/sql.ts';
import type { SqlValue } from '../reader.ts';
import { type Stretch, stretchSql } from './bounds.ts';
import type { ListName, Ordering } from './sources.ts';
import type { Stage } from './stages.ts';

/**
 * One walk of one index. `index` decides where rows are looked for; the order of the list is asked for whatever the
 * index, and costs a sort only where the comment at its use says so.
 */
export type Walk = {
  index: string;
  stretch: Stretch;
  residual: Condition;
  /** Only rows of this class (lengthClass.ts); null: whatever their length. */
  lengthClass: number | null;
  /** Where rows begin, on a walk that is not in order of begin; null: anywhere. */
  begins: Stretch | null;
};

/** Below every sort key that is a number. */
const LEAST_KEY = -Number.MAX_SAFE_INTEGER;

/** Whether every row of the walk's stretch is a row of the list, so that nothing is visited in vain. */
export const isWholeStretch = ({ residual, begins }: Walk): boolean =>
  residual.kind === 'all' && residual.of.length === 0 && begins === null;

export type WalkSql = { sql: string; params: SqlValue[] };

/** Rows of one parent: `is` is SQL of its row id, with its value where that is a parameter. */
type Parent = { column: string; is: string; params: readonly SqlValue[] };

const onlyParent = (scope: { column: string; id: number } | null): Parent | null =>
  scope && { column: scope.column, is: '?', params: [scope.id] };
const eachParent = (column: string): Parent => ({ column, is: 'parent.value', params: [] });

/** The part of a statement from `from` to `where`, over `alias`. */
const fromWhere = (
  list: ListName,
  ordering: Ordering<never>,
  walk: Walk,
  parent: Parent | null,
  alias: string,
  params: SqlValue[],
): string => {
  const { table } = entities[list];
  const parts: string[] = [];
  if (parent) {
    parts.push(`${alias}.${parent.column} = ${parent.is}`);
    params.push(...parent.params);
  }
  if (walk.lengthClass !== null) {
    parts.push(`${alias}.length_class = ?`);
    params.push(walk.lengthClass);
  }
  if (walk.begins) parts.push(...stretchSql(walk.begins, [spanOf(list).begin.sql(alias), ''], params));
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
  return `from ${table} as ${alias} indexed by ${walk.index} where ${parts.join(' and ')}`;
};

const orderBy = (columns: readonly string[], ascending: boolean): string =>
  `order by ${columns.map((column) => `${column} ${ascending ? 'asc' : 'desc'}`).join(', ')}`;

const orderOf = ({ columns }: Ordering<never>, alias: string, ascending: boolean): string =>
  orderBy(
    columns.map((column) => `${alias}.${column}`),
    ascending,
  );

/**
 * Row ids (`id`) of the first rows of a stage. SQLite merges the ordered walks of a UNION ALL row by row (MERGE in its
 * plan), without a sort, and goes no farther in any of them than the page needs.
 */
const firstIds = (
  list: ListName,
  ordering: Ordering<never>,
  stage: Stage,
  parent: Parent | null,
  alias: string,
  ascending: boolean,
  limit: number,
  params: SqlValue[],
): string => {
  const [sortColumn, idColumn] = ordering.columns;
  const [only] = stage;
  if (only && stage.length === 1) {
    const body = fromWhere(list, ordering, only, parent, alias, params);
    params.push(limit);
    return `select ${alias}.id ${body} ${orderOf(ordering, alias, ascending)} limit ?`;
  }
  const keys = `${alias}.id as id, ${alias}.${sortColumn} as sort_key, ${alias}.${idColumn} as tie_key`;
  const walks = stage.map(
    (walk) => `select ${keys} ${fromWhere(list, ordering, walk, parent, alias, params)}`,
  );
  params.push(limit);
  return `select id from (${walks.join(' union all ')} ${orderBy(['sort_key', 'tie_key'], ascending)} limit ?)`;
};

/** Rows of the whole list, or of one parent: indexes walked in its order. Rows of a merge come in no order. */
export const directSql = (
  list: ListName,
  select: string,
  ordering: Ordering<never>,
  stage: Stage,
  scope: { column: string; id: number } | null,
  ascending: boolean,
  limit: number,
): WalkSql => {
  const params: SqlValue[] = [];
  const { table } = entities[list];
  const parent = onlyParent(scope);
  const [only] = stage;
  if (only && stage.length === 1) {
    const body = fromWhere(list, ordering, only, parent, table, params);
    params.push(limit);
    return { sql: `select ${select} ${body} ${orderOf(ordering, table, ascending)} limit ?`, params };
  }
  const ids = firstIds(list, ordering, stage, parent, 'walk', ascending, limit, params);
  return {
    sql: `select ${select} from (${ids}) as found cross join ${table} on ${table}.id = found.id`,
    params,
  };
};

/**
 * The first rows of each of several parents: walks of each, in one statement. Not a window function, which would read
 * all rows of all parents. Rows come in no order.
 */
export const eachSql = (
  list: ListName,
  select: string,
  ordering: Ordering<never>,
  stage: Stage,
  scope: { column: string; ids: readonly number[] },
  ascending: boolean,
  limit: number,
): WalkSql => {
  const params: SqlValue[] = [JSON.stringify(scope.ids)];
  const ids = firstIds(list, ordering, stage, eachParent(scope.column), 'walk', ascending, limit, params);
  const { table } = entities[list];
  return {
    sql: `select ${select} from json_each(?) as parent cross join ${table} on ${table}.id in (${ids})`,
    params,
  };
};

/** One page over several parents: the first rows of each, merged by a sort of at most `limit` rows a parent. */
export const mergedSql = (
  list: ListName,
  select: string,
  ordering: Ordering<never>,
  stage: Stage,
  scope: { column: string; ids: readonly number[] },
  ascending: boolean,
  limit: number,
): WalkSql => {
  const { sql, params } = eachSql(list, select, ordering, stage, scope, ascending, limit);
  params.push(limit);
  return { sql: `${sql} ${orderOf(ordering, entities[list].table, ascending)} limit ?`, params };
};

/** One row for each row of the walks, up to `cap`. */
const rowsSql = (
  list: ListName,
  ordering: Ordering<never>,
  walks: readonly Walk[],
  parent: Parent | null,
  alias: string,
  cap: number,
  params: SqlValue[],
): string => {
  const each = walks.map((walk) => `select 1 ${fromWhere(list, ordering, walk, parent, alias, params)}`);
  params.push(cap);
  return `${each.join(' union all ')} limit ?`;
};

/** How many rows each parent has, up to `cap` each. */
export const countEachSql = (
  list: ListName,
  ordering: Ordering<never>,
  walks: readonly Walk[],
  scope: { column: string; ids: readonly number[] },
  cap: number,
): WalkSql => {
  const params: SqlValue[] = [];
  const rows = rowsSql(list, ordering, walks, eachParent(scope.column), 'walk', cap, params);
  params.push(JSON.stringify(scope.ids));
  return {
    sql: `select parent.value as parent, (select count(*) from (${rows})) as rows from json_each(?) as parent`,
    params,
  };
};

/** One row for each row of the list, up to `cap`; with `whole`, one row that says how many those are (`rows`). */
export const countSql = (
  list: ListName,
  ordering: Ordering<never>,
  walks: readonly Walk[],
  scope: { column: string; id: number } | null,
  cap: number,
  whole: boolean,
): WalkSql => {
  const params: SqlValue[] = [];
  const rows = rowsSql(list, ordering, walks, onlyParent(scope), entities[list].table, cap, params);
  return { sql: whole ? `select count(*) as rows from (${rows})` : rows, params };
};
