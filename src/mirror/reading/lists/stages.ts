import { LONG_MS, lengthClasses, OPEN_CLASS } from '../../lengthClass.ts';
import { allOf, conjuncts, entities } from '../condition/index.ts';
import { OPEN_DURATION_KEY } from '../rows.ts';
import { before, isEmpty, type Stretch, wholeList, within } from './bounds.ts';
import { besideBegin, isOpen, type Lasting } from './lasting.ts';
import type { ListPlan } from './plan.ts';
import type { ListName, ListSource, Ordering } from './sources.ts';
import type { Walk } from './walk.ts';

/** Walks whose rows are merged in the list's order. */
export type Stage = readonly Walk[];

export type Stages = {
  /** Together the whole list; the one whose rows come first in ascending order first. */
  stages: readonly Stage[];
  /** The same list looked for by time and then sorted, for when the walks in its order take too long. */
  otherwise: readonly Stage[] | null;
};

/** `begin`: the field of when rows begin. */
type Span = { begin: string; beginIndex: string; longIndex: string };

/**
 * The walks that give a list. One, but where rows must last until some instant: what began days before it might, and
 * walking back through those days could cost the whole history, so long rows are looked for by their class.
 */
export const stagesOf = (
  list: ListName,
  { orderings, span }: ListSource<never>,
  ordering: Ordering<never>,
  plan: ListPlan,
): Stages => {
  const column = plan.scope?.column ?? '';
  const index = ordering.indexes[column];
  if (!index) throw new Error(`no index for ${list} by ${column}`);
  const walk: Walk = {
    index,
    stretch: plan.stretch,
    residual: plan.residual,
    lengthClass: null,
    begins: null,
  };
  const byBegin = span && orderings[span.ordering];
  const begin = entities[list].span?.begin;
  const [beginIndex, longIndex] = [byBegin?.indexes[column], span?.long[column]];
  if (!plan.lasting || !begin || !beginIndex || !longIndex) return { stages: [[walk]], otherwise: null };

  const parts: Span = { begin, beginIndex, longIndex };
  const some = (stages: readonly Stage[]) =>
    stages
      .map((stage) =>
        stage.filter(({ stretch, begins }) => !isEmpty(stretch) && !(begins && isEmpty(begins))),
      )
      .filter((stage) => stage.length > 0);
  if (ordering === byBegin) {
    return { stages: some(inOrderOfBegin(walk, plan.lasting, parts)), otherwise: null };
  }
  const otherwise = byTime(walk, plan.lasting, parts);
  return {
    stages: some(inOrderOfLength(walk, plan.lasting)),
    otherwise: otherwise && some(otherwise),
  };
};

const inOrderOfBegin = (walk: Walk, { untilMs, ends }: Lasting, { longIndex }: Span): Stage[] => {
  const open: Walk = { ...walk, index: longIndex, lengthClass: OPEN_CLASS };
  if (ends === 'OPEN') {
    // The class says that there is no end.
    const residual = allOf(conjuncts(walk.residual).filter((one) => !isOpen(one)));
    return [[{ ...open, residual }]];
  }
  if (untilMs === null) return [[walk]];
  const recent = before(untilMs - LONG_MS);
  const old = within(walk.stretch, { low: null, high: recent });
  const ended = lengthClasses.map(
    ({ code, belowMs }): Walk => ({
      ...open,
      lengthClass: code,
      stretch: within(old, { low: belowMs === null ? null : before(untilMs - belowMs), high: null }),
    }),
  );
  return [
    [...ended, ...(ends === 'ENDED' ? [] : [{ ...open, stretch: old }])],
    // Whatever its length.
    [{ ...walk, stretch: within(walk.stretch, { low: recent, high: null }) }],
  ];
};

const bounded = (low: number | null, high: number | null): Stretch => ({
  low: low === null ? null : before(low),
  high: high === null ? null : before(high),
});

const shorts = (walk: Walk, untilMs: number): Walk => ({
  ...walk,
  stretch: within(walk.stretch, bounded(null, LONG_MS)),
  begins: within(walk.begins ?? wholeList, bounded(untilMs - LONG_MS, null)),
});

const inOrderOfLength = (walk: Walk, { untilMs }: Lasting): Stage[] =>
  untilMs === null
    ? [[walk]]
    : [[shorts(walk, untilMs)], [{ ...walk, stretch: within(walk.stretch, bounded(LONG_MS, null)) }]];

/**
 * The longest of a short time are rare among the longest of all time, so the rows of that time are sorted instead: of
 * each class by itself, and no more classes than it takes to fill a page.
 */
const byTime = (
  inOrder: Walk,
  { begins, untilMs, ends }: Lasting,
  { begin, beginIndex, longIndex }: Span,
): Stage[] | null => {
  const walk: Walk = {
    ...inOrder,
    index: beginIndex,
    begins,
    residual: besideBegin(inOrder.residual, begin),
  };
  if (untilMs === null) return begins.low === null ? null : [[walk]];
  const ended = lengthClasses.map(({ code, fromMs, belowMs }): Walk[] => [
    {
      ...walk,
      index: longIndex,
      lengthClass: code,
      stretch: within(walk.stretch, bounded(fromMs, belowMs)),
      begins: within(begins, bounded(belowMs === null ? null : untilMs - belowMs, null)),
    },
  ]);
  // Those without an end are all equally long: a walk gives them in the list's order.
  const open = { ...inOrder, stretch: within(inOrder.stretch, bounded(OPEN_DURATION_KEY, null)) };
  return [[shorts(walk, untilMs)], ...ended, ...(ends === 'ENDED' ? [] : [[open]])];
};
