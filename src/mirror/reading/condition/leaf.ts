import { foldCase } from '../reader.ts';
import type { ConditionValue } from './condition.ts';
import type { LeafCondition } from './sql.ts';

/** Text compares as SQLite compares it: by its UTF-8 bytes, which is not the order of JavaScript's UTF-16. */
const order = (a: ConditionValue, b: ConditionValue): number => {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(a as string | Buffer), Buffer.from(b as string | Buffer)); // neither is a number: a field has one type
};

type Test = (value: ConditionValue) => boolean;

/** The leaf as a test of a present value. */
export const leafTest = (leaf: Exclude<LeafCondition, { kind: 'isNull' }>): Test => {
  switch (leaf.kind) {
    case 'compare': {
      const { value, operator } = leaf;
      switch (operator) {
        case 'eq':
          return Buffer.isBuffer(value)
            ? (one) => Buffer.isBuffer(one) && one.equals(value)
            : (one) => one === value;
        case 'lt':
          return (one) => order(one, value) < 0;
        case 'lte':
          return (one) => order(one, value) <= 0;
        case 'gt':
          return (one) => order(one, value) > 0;
        case 'gte':
          return (one) => order(one, value) >= 0;
      }
      break;
    }
    case 'oneOf': {
      const keyOf = (value: ConditionValue) => (Buffer.isBuffer(value) ? value.toString('hex') : value);
      const keys = new Set(leaf.values.map(keyOf));
      return (one) => keys.has(keyOf(one));
    }
    case 'text': {
      const folded = foldCase(leaf.text);
      return leaf.operator === 'contains'
        ? (one) => foldCase(String(one)).includes(folded)
        : (one) => foldCase(String(one)).startsWith(folded);
    }
  }
  throw new Error('unknown leaf');
};

/** Whether a string satisfies a leaf about strings. */
export const textSatisfies = (leaf: Exclude<LeafCondition, { kind: 'isNull' }>, text: string): boolean =>
  leafTest(leaf)(text);
