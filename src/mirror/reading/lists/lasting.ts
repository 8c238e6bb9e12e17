import { allOf, anyOf, type Condition, compare, conjuncts, isNull } from '../condition/index.ts';
import { before, integerStretch, type Stretch, wholeList, within } from './bounds.ts';

/** What a condition says of when rows begin and end, as far as it bounds where they are looked for. */
export type Lasting = {
  /** Of the begin. */
  begins: Stretch;
  /** What was over before this instant is not of the list; null: it may be. */
  untilMs: number | null;
  /** Whether rows without an end are of the list, and whether others are. */
  ends: 'OPEN' | 'ENDED' | 'EITHER';
};

/** What has no end has no length either. */
const isEnd = (field: string): boolean => field === 'endMs' || field === 'durationMs';

export const isOpen = (one: Condition): boolean => one.kind === 'isNull' && isEnd(one.field);

const isEnded = (one: Condition): boolean =>
  one.kind === 'not' ? isOpen(one.of) : (one.kind === 'compare' || one.kind === 'oneOf') && isEnd(one.field);

/** `begin`: the field of when rows begin. */
export const lastingOf = (condition: Condition, begin: string): Lasting => {
  const lasting: Lasting = { begins: wholeList, untilMs: null, ends: 'EITHER' };
  const lastsUntil = (atMs: number) => {
    lasting.untilMs = Math.max(lasting.untilMs ?? atMs, atMs);
  };
  for (const one of conjuncts(condition)) {
    if (isOpen(one)) lasting.ends = 'OPEN';
    if (isEnded(one)) lasting.ends = 'ENDED';
    lasting.begins = within(lasting.begins, beginsIn(one, begin) ?? wholeList);
    if (one.kind === 'overlaps') lastsUntil(one.fromMs);
    if (one.kind === 'compare' && one.field === 'endMs' && typeof one.value === 'number') {
      if (one.operator !== 'lt' && one.operator !== 'lte') lastsUntil(one.value);
    }
  }
  return lasting;
};

const beginsIn = (one: Condition, begin: string): Stretch | null =>
  one.kind === 'overlaps' ? { low: null, high: before(one.toMs) } : integerStretch(begin, one);

/**
 * What is left to ask of rows whose begin is bounded by the walk. To leave a bound in would give SQLite two on one side of
 * the index, and it may take the wider one.
 */
export const besideBegin = (condition: Condition, begin: string): Condition =>
  allOf(
    conjuncts(condition).flatMap((one) => {
      if (one.kind === 'overlaps') return [lasts(one.fromMs, begin)];
      return beginsIn(one, begin) ? [] : [one];
    }),
  );

/** `overlaps` without its other half, that rows begin before the range is over. */
const lasts = (fromMs: number, begin: string): Condition =>
  anyOf([compare('endMs', 'gt', fromMs), isNull('endMs'), compare(begin, 'gte', fromMs)]);
