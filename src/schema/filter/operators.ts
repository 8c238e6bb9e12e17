import type { EnumRef, InputRef } from '@pothos/core';
import {
  anyOf,
  type Comparison,
  type Condition,
  type ConditionValue,
  compare,
  FIRST_UNKNOWN,
  isNull,
  not,
  oneOf,
  packId,
} from '../../mirror/index.ts';
import { type BuilderTypes, builder } from '../builder.ts';
import type { CodedEnum } from '../enums/coded.ts';
import { clientError } from '../errors.ts';
import { type FilterInput, type FilterWork, nothingGiven } from './filter.ts';

type Operator = Comparison | 'ne' | 'in' | 'notIn' | 'isNull' | 'contains' | 'startsWith';

const about: Record<Operator, string> = {
  eq: 'Equals.',
  ne: 'Does not equal; an absent value does not equal anything.',
  in: 'Equals one of these; none of them when the list is empty.',
  notIn: 'Equals none of these; an absent value equals none.',
  lt: 'Less than; never true of an absent value.',
  lte: 'Less than or equal; never true of an absent value.',
  gt: 'Greater than; never true of an absent value.',
  gte: 'Greater than or equal; never true of an absent value.',
  isNull: 'true: the value is absent; false: it is present.',
  contains: 'Has this text in it, whatever the case; `%` and `_` stand for themselves.',
  startsWith: 'Begins with this text, whatever the case; `%` and `_` stand for themselves.',
};

const ordered: Operator[] = ['lt', 'lte', 'gt', 'gte'];
const equality: Operator[] = ['eq', 'ne', 'in', 'notIn', 'isNull'];

type AnyEnum = EnumRef<BuilderTypes, string>;

/** Comparisons of one kind of value; all that are given must hold, and one must be given. */
export type Operators = {
  ref: InputRef<FilterInput>;
  compile(field: string, input: FilterInput, path: string, work: FilterWork): Condition;
};

/** A field's condition for one operand, where `eq` is not the column's own equality. */
type Equality = (field: string, operand: unknown) => Condition | null;

const defineOperators = (options: {
  name: string;
  description: string;
  // A scalar's name, or an enum.
  type: 'Int' | 'Float' | 'String' | 'UUID' | 'DateTime' | AnyEnum;
  operators: Operator[];
  store(operand: unknown): ConditionValue;
  equals?: Equality;
}): Operators => {
  const { operators, type, store } = options;
  const ref = builder.inputRef<FilterInput>(options.name);
  ref.implement({
    description: options.description,
    fields: (t) =>
      Object.fromEntries(
        operators.map((operator) => {
          const description = about[operator];
          if (operator === 'isNull') return [operator, t.boolean({ description })];
          if (operator === 'in' || operator === 'notIn')
            return [operator, t.field({ type: [type], description })];
          return [operator, t.field({ type, description })];
        }),
        // The fields are computed: their shape is FilterInput by the ref.
      ) as never,
  });
  const equals = (field: string, operand: unknown): Condition =>
    options.equals?.(field, operand) ?? compare(field, 'eq', store(operand));
  const among = (field: string, operands: readonly unknown[]): Condition => {
    if (!options.equals) return oneOf(field, operands.map(store));
    return anyOf([...new Set(operands)].map((operand) => equals(field, operand)));
  };

  const condition = (field: string, operator: Operator, operand: unknown): Condition => {
    switch (operator) {
      case 'eq':
        return equals(field, operand);
      case 'ne':
        return not(equals(field, operand));
      // GraphQL has made lists of what `in` and `notIn` were given.
      case 'in':
        return among(field, operand as readonly unknown[]);
      case 'notIn':
        return not(among(field, operand as readonly unknown[]));
      case 'isNull':
        return operand === true ? isNull(field) : not(isNull(field));
      case 'contains':
      case 'startsWith':
        return { kind: 'text', field, operator, text: String(operand) };
      default:
        return compare(field, operator, store(operand));
    }
  };

  return {
    ref,
    compile: (field, input, path, work) => {
      if (operators.every((operator) => input[operator] === undefined)) {
        throw nothingGiven(path, 'an operator, such as `eq`');
      }
      return work.all(
        operators.flatMap((operator) => {
          const operand = input[operator];
          if (operand === undefined) return [];
          const argument = `${path}.${operator}`;
          if (operand === null) {
            throw clientError(
              'BAD_USER_INPUT',
              `\`${argument}\` is null. Leave it out, or ask for absent values with \`isNull: true\`.`,
              { argument },
            );
          }
          work.spend(argument, Array.isArray(operand) ? operand.length : 1);
          return [condition(field, operator, operand)];
        }),
      );
    },
  };
};

const asNumber = (operand: unknown) => Number(operand);
const asText = (operand: unknown) => String(operand);

export const intOperators = defineOperators({
  name: 'IntFilter',
  description: 'Comparisons of a whole number; all that are given must hold, and one must be given.',
  type: 'Int',
  operators: [...equality, ...ordered],
  store: asNumber,
});

/** Seconds outside, integer milliseconds inside. */
export const secondsOperators = defineOperators({
  name: 'SecondsFilter',
  description:
    'Comparisons of a length of time in seconds, to the millisecond; all that are given must hold, and one must be given. What has not ended has no length yet.',
  type: 'Float',
  operators: [...equality, ...ordered],
  store: (operand) => Math.round(Number(operand) * 1000),
});

export const stringOperators = defineOperators({
  name: 'StringFilter',
  description:
    'Comparisons of a text; all that are given must hold, and one must be given. `eq` and the like are exact to the letter; texts are ordered by their UTF-8 bytes.',
  type: 'String',
  operators: [...equality, ...ordered, 'contains', 'startsWith'],
  store: asText,
});

export const uuidOperators = defineOperators({
  name: 'UUIDFilter',
  description: 'Comparisons of a UUID; all that are given must hold, and one must be given.',
  type: 'UUID',
  operators: equality,
  store: (operand) => packId(String(operand)),
});

export const dateTimeOperators = defineOperators({
  name: 'DateTimeFilter',
  description:
    'Comparisons of an instant, to the millisecond; all that are given must hold, and one must be given.',
  type: 'DateTime',
  operators: [...equality, ...ordered],
  store: asNumber,
});

/** Comparisons of a vendor's enumeration; UNKNOWN equals every value that this version does not know. */
export const codedOperators = (name: string, coded: CodedEnum): Operators =>
  defineOperators({
    name,
    description:
      'Comparisons of an enumeration; all that are given must hold, and one must be given. UNKNOWN is any value that this version does not know.',
    type: coded.ref,
    operators: equality,
    store: (operand) => coded.codeOf(String(operand)) ?? FIRST_UNKNOWN,
    equals: (field, operand) =>
      coded.codeOf(String(operand)) === null ? compare(field, 'gte', FIRST_UNKNOWN) : null,
  });

export const enumOperators = (
  name: string,
  ref: AnyEnum,
  codes: Readonly<Record<string, number>>,
): Operators =>
  defineOperators({
    name,
    description: 'Comparisons of an enumeration; all that are given must hold, and one must be given.',
    type: ref,
    operators: ['eq', 'ne', 'in', 'notIn'],
    store: (operand) => codes[String(operand)] ?? -1,
  });
