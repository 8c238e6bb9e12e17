import type { Condition } from '../condition/index.ts';
import type { SqlValue } from '../reader.ts';
import { compareKeys, type RowKey } from './sources.ts';

/**
 * An edge of the stretch of an ordering that is walked. Without `id` it lies before every row with that sort key.
 */
export type Edge = { sort: number | string; id: number | Buffer | null; inclusive: boolean };

/** Each side has at most one edge: a second condition on the same side makes SQLite walk what it could skip. */
export type Stretch = { low: Edge | null; high: Edge | null };

export const wholeList: Stretch = { low: null, high: null };

/** The edge just before all rows whose sort key is `sort` or higher. */
export const before = (sort: number): Edge => ({ sort, id: null, inclusive: true });

export const atKey = ([sort, id]: RowKey, inclusive: boolean): Edge => ({ sort, id, inclusive });

/** Positive when a lies after b, among edges of one side. */
const compareEdges = (a: Edge, b: Edge): number => {
  if (a.id !== null && b.id !== null) return compareKeys([a.sort, a.id], [b.sort, b.id]);
  const bySort = compareKeys([a.sort, 0], [b.sort, 0]);
  return bySort || (a.id === null ? 0 : 1) - (b.id === null ? 0 : 1);
};

const higher = (a: Edge | null, b: Edge | null): Edge | null => {
  if (!a || !b) return a ?? b;
  const order = compareEdges(a, b);
  return order === 0 ? (a.inclusive ? b : a) : order > 0 ? a : b;
};
const lower = (a: Edge | null, b: Edge | null): Edge | null => {
  if (!a || !b) return a ?? b;
  const order = compareEdges(a, b);
  return order === 0 ? (a.inclusive ? b : a) : order < 0 ? a : b;
};

/** What both stretches have in common. */
export const within = (a: Stretch, b: Stretch): Stretch => ({
  low: higher(a.low, b.low),
  high: lower(a.high, b.high),
});

/** Whether no key can lie in it. A stretch that this does not see to be empty is only walked in vain. */
export const isEmpty = ({ low, high }: Stretch): boolean => {
  if (!low || !high) return false;
  const order = compareKeys([low.sort, 0], [high.sort, 0]);
  return order > 0 || (order === 0 && high.id === null);
};

/** Where a comparison of the field puts it; null for another condition. Sort keys are integers: `> x` is `>= x + 1`. */
export const integerStretch = (field: string | null, one: Condition): Stretch | null => {
  if (one.kind !== 'compare' || one.field !== field || typeof one.value !== 'number') return null;
  switch (one.operator) {
    case 'eq':
      return { low: before(one.value), high: before(one.value + 1) };
    case 'gt':
      return { low: before(one.value + 1), high: null };
    case 'gte':
      return { low: before(one.value), high: null };
    case 'lt':
      return { low: null, high: before(one.value) };
    case 'lte':
      return { low: null, high: before(one.value + 1) };
  }
};

/** Conditions over the ordering's two columns; their values go to `params`. */
export const stretchSql = (
  { low, high }: Stretch,
  [sortColumn, idColumn]: readonly [string, string],
  params: SqlValue[],
): string[] => {
  const parts: string[] = [];
  const side = (edge: Edge, operator: '>' | '<') => {
    if (edge.id === null) {
      params.push(edge.sort);
      parts.push(`${sortColumn} ${operator === '>' ? '>=' : '<'} ?`);
    } else {
      params.push(edge.sort, edge.id);
      parts.push(`(${sortColumn}, ${idColumn}) ${operator}${edge.inclusive ? '=' : ''} (?, ?)`);
    }
  };
  if (low) side(low, '>');
  if (high) side(high, '<');
  return parts;
};

/** Whether a key lies in the stretch. */
export const contains = ({ low, high }: Stretch, key: RowKey): boolean => {
  if (low) {
    if (low.id === null) {
      if (compareKeys([key[0], 0], [low.sort, 0]) < 0) return false;
    } else {
      const order = compareKeys(key, [low.sort, low.id]);
      if (order < 0 || (order === 0 && !low.inclusive)) return false;
    }
  }
  if (high) {
    if (high.id === null) return compareKeys([key[0], 0], [high.sort, 0]) < 0;
    const order = compareKeys(key, [high.sort, high.id]);
    if (order > 0 || (order === 0 && !high.inclusive)) return false;
  }
  return true;
};
