import {
  allOf,
  type Condition,
  type ConditionValue,
  conditionSql,
  conjuncts,
  type EntityName,
  entities,
} from '../condition/index.ts';
import type { MirrorReader } from '../reader.ts';
import { OPEN_DURATION_KEY } from '../rows.ts';
import { before, integerStretch, type Stretch, wholeList, within } from './bounds.ts';
import { besideBegin, isOpen, type Lasting, lastingOf } from './lasting.ts';
import { type ListName, type ListSource, sources } from './sources.ts';

export type ListRequest = {
  list: ListName;
  /** A name in the source's orderings. */
  ordering: string;
  descending: boolean;
  condition: Condition;
  /** Restricts the list to rows of these parents, and asks for a page of each; null: one page of the whole list. */
  parents: { column: string; ids: readonly number[] } | null;
};

export type ListPlan = {
  /** Restricts by an index's first column; `each`: a page for every one of them, else one page of them all. */
  scope: { column: string; ids: readonly number[]; each: boolean } | null;
  stretch: Stretch;
  /** What the index cannot answer: asked of every row that is visited. */
  residual: Condition;
  /** Rows with these values are few and found at once; what else is asked is asked of them. */
  points: { field: string; values: readonly ConditionValue[] } | null;
  /** null: rows have no span. */
  lasting: Lasting | null;
};

/** More parents than this are asked of every row instead: each would be a walk of its own. */
const MAX_SCOPE_IDS = 64;

/** Takes from the condition what an index can answer. */
export const planList = (reader: MirrorReader, request: ListRequest): ListPlan => {
  // The source of one list, whatever its rows are: planning never touches a row.
  const source = sources[request.list] as ListSource<never>;
  const sortField = source.orderings[request.ordering]?.sortField ?? null;
  const begin = entities[request.list].span?.begin;
  const plan: ListPlan = {
    scope: request.parents && { ...request.parents, each: true },
    stretch: wholeList,
    residual: request.condition,
    points: null,
    lasting: begin === undefined ? null : lastingOf(request.condition, begin),
  };
  const rest: Condition[] = [];
  for (const one of conjuncts(request.condition)) {
    const points = pointsOf(source, one);
    if (points && !plan.points) {
      plan.points = points;
      continue;
    }
    const stretch = sortField === 'durationMs' ? durationStretch(one) : integerStretch(sortField, one);
    if (stretch) {
      plan.stretch = within(plan.stretch, stretch);
      continue;
    }
    if (one.kind === 'overlaps' && begin !== undefined && sortField === begin) {
      plan.stretch = within(plan.stretch, { low: null, high: before(one.toMs) });
      rest.push(besideBegin(one, begin));
      continue;
    }
    if (!plan.scope) {
      plan.scope = scopeOf(reader, source, one);
      if (plan.scope) continue;
    }
    rest.push(one);
  }
  plan.residual = allOf(rest);
  return plan;
};

const pointsOf = (source: ListSource<never>, one: Condition): ListPlan['points'] => {
  if (one.kind === 'compare' && one.operator === 'eq' && source.points.includes(one.field)) {
    return { field: one.field, values: [one.value] };
  }
  if (one.kind === 'oneOf' && source.points.includes(one.field)) {
    return { field: one.field, values: one.values };
  }
  return null;
};

/** Rows without an end have no duration, and lie past all that have. */
const durationStretch = (one: Condition): Stretch | null => {
  if (isOpen(one)) return { low: before(OPEN_DURATION_KEY), high: null };
  if (one.kind === 'not' && isOpen(one.of)) return { low: null, high: before(OPEN_DURATION_KEY) };
  const stretch = integerStretch('durationMs', one);
  return stretch && within(stretch, { low: null, high: before(OPEN_DURATION_KEY) });
};

const scopeOf = (reader: MirrorReader, source: ListSource<never>, one: Condition): ListPlan['scope'] => {
  for (const [column, { relation, to, field }] of Object.entries(source.scopes)) {
    if (one.kind === 'compare' && one.operator === 'eq' && one.field === field) {
      // Fields that scope a list hold row ids and flags.
      return { column, ids: [one.value as number], each: false };
    }
    if (one.kind === 'related' && one.relation === relation && to && isSelective(to, one.of)) {
      const { sql, params } = conditionSql(to, one.of);
      const ids = reader
        .all<{ id: number }>(
          `select id from ${entities[to].table} where ${sql} limit ${MAX_SCOPE_IDS + 1}`,
          ...params,
        )
        .map((row) => row.id);
      if (ids.length <= MAX_SCOPE_IDS) return { column, ids, each: false };
    }
  }
  return null;
};

/** The agents (agent.id) whose events alone can satisfy the condition on events, where they are few; else null. */
export const agentsOfEvents = (reader: MirrorReader, condition: Condition): readonly number[] | null => {
  const { agent } = sources.event.scopes;
  if (!agent) return null;
  const source: ListSource<never> = { ...sources.event, scopes: { agent } };
  for (const one of conjuncts(condition)) {
    const scope = scopeOf(reader, source, one);
    if (scope) return scope.ids;
  }
  return null;
};

/** Agents are few enough to be looked through for each request; sessions only where the condition names them. */
const isSelective = (to: EntityName, condition: Condition): boolean => {
  if (to === 'agent') return true;
  // Sessions scope lists of events only.
  return conjuncts(condition).some((one) => pointsOf(sources.session as ListSource<never>, one) !== null);
};
