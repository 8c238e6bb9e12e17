import { conditionSql, type EntityRows } from '../condition/index.ts';
import { fieldOf } from '../condition/sql.ts';
import { type MirrorReader, WalkTooLongError } from '../reader.ts';
import { atKey, contains, type Stretch, within } from './bounds.ts';
import { type ListPlan, type ListRequest, planList } from './plan.ts';
import {
  compareKeys,
  type ListName,
  type ListSource,
  type Ordering,
  type RowKey,
  sources,
} from './sources.ts';
import { type Stage, stagesOf } from './stages.ts';
import { directSql, eachSql, mergedSql } from './walk.ts';

/** Part of a list: the rows after one key and before another, taken from one end. */
export type Window = {
  after: RowKey | null;
  before: RowKey | null;
  /** With `after`/`before`: whether the row that stands there belongs to the window. */
  inclusive?: boolean;
  limit: number;
  /** Take the last rows instead of the first ones; they come in the list's order all the same. */
  fromEnd: boolean;
};

/** The page of the whole list is under this key; a parent's under its row id. */
export const WHOLE = 0;

export type Pages<Row> = ReadonlyMap<number, readonly Row[]>;

/**
 * Rows of a window of a list, in the list's order; with parents, of each parent's list. Takes one statement, two where
 * rows must last until some time, and one for each relation of the condition that names few agents or sessions; some more
 * where the longest of a time are rare among the longest of all time. Throws WalkTooLongError.
 */
export const readWindow = <Name extends ListName>(
  reader: MirrorReader,
  request: ListRequest & { list: Name },
  window: Window,
): Pages<EntityRows[Name]> => {
  type Row = EntityRows[Name];
  // The index of a mapped type by the generic key it is mapped over.
  const source = sources[request.list] as ListSource<Row>;
  const ordering = orderingOf(source, request);
  const ascending = request.descending === window.fromEnd;
  const pages = reader.bounded(reader.maxWalkRows, () => {
    const plan = planList(reader, request);
    const narrowed = { ...plan, stretch: within(plan.stretch, stretchOf(request, window)) };
    return plan.points
      ? readPoints(reader, request, source, ordering, narrowed)
      : readWalks(reader, request, source, ordering, narrowed, ascending, window.limit);
  });

  const sign = request.descending ? -1 : 1;
  for (const rows of pages.values()) {
    rows.sort((a, b) => sign * compareKeys(ordering.keyOf(a), ordering.keyOf(b)));
    if (rows.length > window.limit) {
      if (window.fromEnd) rows.splice(0, rows.length - window.limit);
      else rows.length = window.limit;
    }
  }
  return pages;
};

export const orderingOf = <Row>(source: ListSource<Row>, request: ListRequest): Ordering<Row> => {
  const ordering = source.orderings[request.ordering];
  if (!ordering) throw new Error(`${request.list} has no ordering ${request.ordering}`);
  return ordering;
};

const stretchOf = (request: ListRequest, { after, before, inclusive = false }: Window): Stretch => {
  const afterEdge = after && atKey(after, inclusive);
  const beforeEdge = before && atKey(before, inclusive);
  return request.descending ? { low: beforeEdge, high: afterEdge } : { low: afterEdge, high: beforeEdge };
};

const emptyPages = <Row>(plan: ListPlan): Map<number, Row[]> =>
  new Map(plan.scope?.each ? plan.scope.ids.map((id) => [id, []]) : [[WHOLE, []]]);

/** Share of the rows that may be looked at before the other way is tried. */
const FIRST_TRY = 0.1;

const readWalks = <Row>(
  reader: MirrorReader,
  request: ListRequest,
  source: ListSource<Row>,
  ordering: Ordering<Row>,
  plan: ListPlan,
  ascending: boolean,
  limit: number,
): Map<number, Row[]> => {
  if (limit === 0) return emptyPages<Row>(plan);
  // Planning walks needs no row's type.
  const { stages, otherwise } = stagesOf(
    request.list,
    source as ListSource<never>,
    ordering as Ordering<never>,
    plan,
  );
  const run = (those: readonly Stage[]) =>
    readStages(
      reader,
      request,
      source,
      ordering,
      plan,
      ascending ? those : those.toReversed(),
      ascending,
      limit,
    );
  if (!otherwise) return run(stages);
  try {
    return reader.bounded(reader.maxWalkRows * FIRST_TRY, () => run(stages));
  } catch (thrown) {
    if (!(thrown instanceof WalkTooLongError)) throw thrown;
    return reader.bounded(reader.maxWalkRows, () => run(otherwise));
  }
};

const readStages = <Row>(
  reader: MirrorReader,
  request: ListRequest,
  source: ListSource<Row>,
  ordering: Ordering<Row>,
  plan: ListPlan,
  stages: readonly Stage[],
  ascending: boolean,
  limit: number,
): Map<number, Row[]> => {
  const pages = emptyPages<Row>(plan);
  for (const stage of stages) {
    // Later stages only have rows that come after those of earlier ones.
    const ids = plan.scope?.ids.filter(
      (id) => (pages.get(plan.scope?.each ? id : WHOLE)?.length ?? 0) < limit,
    );
    if (ids ? ids.length === 0 : pages.get(WHOLE)!.length >= limit) break;
    for (const row of stageRows(
      reader,
      request,
      source,
      ordering,
      plan,
      stage,
      ids ?? null,
      ascending,
      limit,
    )) {
      const parent = plan.scope?.each ? source.scopes[plan.scope.column]?.parentOf(row) : WHOLE;
      pages.get(parent ?? WHOLE)?.push(row);
    }
  }
  return pages;
};

const stageRows = <Row>(
  reader: MirrorReader,
  { list }: ListRequest,
  { select }: ListSource<Row>,
  ordering: Ordering<Row>,
  { scope }: ListPlan,
  stage: Stage,
  ids: readonly number[] | null,
  ascending: boolean,
  limit: number,
): Row[] => {
  const by = ordering as Ordering<never>; // SQL needs its columns alone
  const [only] = ids ?? [];
  const { sql, params } =
    scope && ids && ids.length !== 1
      ? (scope.each ? eachSql : mergedSql)(
          list,
          select,
          by,
          stage,
          { column: scope.column, ids },
          ascending,
          limit,
        )
      : directSql(list, select, by, stage, scope && { column: scope.column, id: only! }, ascending, limit);
  return reader.all<Row>(sql, ...params);
};

/** Rows that the condition names one by one: few, so they are read whole and cut here. */
const readPoints = <Row>(
  reader: MirrorReader,
  request: ListRequest,
  source: ListSource<Row>,
  ordering: Ordering<Row>,
  plan: ListPlan,
): Map<number, Row[]> => {
  const pages = emptyPages<Row>(plan);
  for (const row of pointRows(reader, request, source, plan)) {
    if (!contains(plan.stretch, ordering.keyOf(row))) continue;
    const parent = plan.scope?.each ? source.scopes[plan.scope.column]?.parentOf(row) : WHOLE;
    pages.get(parent ?? WHOLE)?.push(row);
  }
  return pages;
};

/** All rows that a plan with points names, in no order, whatever its stretch. */
export const pointRows = <Row>(
  reader: MirrorReader,
  request: ListRequest,
  source: ListSource<Row>,
  { points, scope, residual }: ListPlan,
): Row[] => {
  if (!points) return [];
  const field = fieldOf(request.list, points.field).sql(request.list);
  const inScope = scope ? `and +${request.list}.${scope.column} in (select value from json_each(?))` : '';
  const rest = conditionSql(request.list, residual);
  return reader.all<Row>(
    `select ${source.select} from json_each(?) as point cross join ${request.list} on ${field} = unhex(point.value)
     where 1 ${inScope} and ${rest.sql}`,
    // Fields that are points hold packed ids.
    JSON.stringify([...new Set(points.values.map((value) => (value as Buffer).toString('hex')))]),
    ...(scope ? [JSON.stringify(scope.ids)] : []),
    ...rest.params,
  );
};
