import { conjuncts, entities } from '../condition/index.ts';
import { type MirrorReader, WalkTooLongError } from '../reader.ts';
import { contains } from './bounds.ts';
import { orderingOf, pointRows, WHOLE } from './page.ts';
import { type ListPlan, type ListRequest, planList } from './plan.ts';
import { type ListSource, type Ordering, sources } from './sources.ts';
import { stagesOf } from './stages.ts';
import { countEachSql, countSql, isWholeStretch } from './walk.ts';

/** At least this many; exactly, where `exact`. */
export type RowCount = { value: number; exact: boolean };

/**
 * How many rows the list has, or each parent's list, counted up to `cap`. A count that would visit too many rows
 * stops, and is a lower bound.
 */
export const countRows = (
  reader: MirrorReader,
  request: ListRequest,
  cap: number,
): ReadonlyMap<number, RowCount> => {
  // Counting needs no row's type.
  const source = sources[request.list] as ListSource<never>;
  const counted = { ...request, ordering: orderingToCountBy(request, source) };
  const ordering = orderingOf(source, counted);
  const counts = reader.bounded(reader.maxWalkRows, () => {
    const plan = planList(reader, counted);
    return plan.points
      ? countPoints(reader, counted, source, ordering, plan)
      : countWalks(reader, counted, source, ordering, plan, cap + 1);
  });
  return new Map(
    [...counts].map(([parent, { value, exact }]) => [
      parent,
      { value: Math.min(value, cap), exact: exact && value <= cap },
    ]),
  );
};

/** A count has no order: it walks the index that the condition bounds, begin before length. */
const orderingToCountBy = ({ list, condition }: ListRequest, source: ListSource<never>): string => {
  const byBegin = Object.keys(source.orderings)[0]!;
  if (!source.orderings['DURATION']) return byBegin;
  const begin = entities[list].span?.begin;
  const parts = conjuncts(condition);
  const bounds = (field: string) => parts.some((one) => one.kind === 'compare' && one.field === field);
  if (parts.some((one) => one.kind === 'overlaps') || (begin && bounds(begin))) return byBegin;
  const isOpen = parts.some((one) => one.kind === 'isNull' && one.field === 'endMs');
  return isOpen || bounds('durationMs') ? 'DURATION' : byBegin;
};

const countPoints = (
  reader: MirrorReader,
  request: ListRequest,
  source: ListSource<never>,
  ordering: Ordering<never>,
  plan: ListPlan,
): Map<number, RowCount> => {
  const counts = zeroCounts(plan);
  for (const row of pointRows(reader, request, source, plan)) {
    if (!contains(plan.stretch, ordering.keyOf(row))) continue;
    const parent = plan.scope?.each ? source.scopes[plan.scope.column]?.parentOf(row) : WHOLE;
    const count = counts.get(parent ?? WHOLE);
    if (count) count.value += 1;
  }
  return counts;
};

const zeroCounts = (plan: ListPlan): Map<number, RowCount> =>
  new Map((plan.scope?.each ? plan.scope.ids : [WHOLE]).map((id) => [id, { value: 0, exact: true }]));

const countWalks = (
  reader: MirrorReader,
  request: ListRequest,
  source: ListSource<never>,
  ordering: Ordering<never>,
  plan: ListPlan,
  limit: number,
): Map<number, RowCount> => {
  const { scope } = plan;
  const counts = zeroCounts(plan);
  const add = (parent: number, rows: number) => {
    const count = counts.get(scope?.each ? parent : WHOLE);
    if (count) count.value += rows;
  };
  // No row is in two of them.
  const walks = stagesOf(request.list, source, ordering, plan).stages.flat();
  if (walks.length === 0) return counts;
  try {
    if (scope && scope.ids.length !== 1) {
      const { sql, params } = countEachSql(request.list, ordering, walks, scope, limit);
      for (const row of reader.all<{ parent: number; rows: number }>(sql, ...params)) {
        add(row.parent, row.rows);
      }
      return counts;
    }
    const id = scope?.ids[0] ?? WHOLE;
    const whole = walks.every(isWholeStretch);
    const only = scope && { column: scope.column, id };
    const { sql, params } = countSql(request.list, ordering, walks, only, limit, whole);
    if (whole) add(id, reader.get<{ rows: number }>(sql, ...params)?.rows ?? 0);
    // Row by row, so that a count that is stopped keeps what it has found.
    else for (const _row of reader.iterate(sql, ...params)) add(id, 1);
  } catch (thrown) {
    if (!(thrown instanceof WalkTooLongError)) throw thrown;
    for (const count of counts.values()) count.exact = false;
  }
  return counts;
};
