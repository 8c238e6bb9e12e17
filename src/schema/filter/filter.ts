import type { InputRef } from '@pothos/core';
import type { GraphQLError } from 'graphql';
import { allOf, anyOf, type Condition, compare, everything, not, related } from '../../mirror/index.ts';
import { builder } from '../builder.ts';
import { clientError } from '../errors.ts';
import type { Operators } from './operators.ts';

/** A filter as GraphQL hands it over, already coerced against its input type. */
export type FilterInput = { readonly [name: string]: unknown };

/** More comparisons than this in one filter, or more values in all its lists, are refused. */
const MAX_COMPARISONS = 2000;
const MAX_DEPTH = 12;

/** Keeps count while one filter is compiled. */
export type FilterWork = {
  spend(argument: string, comparisons: number): void;
  all(conditions: readonly Condition[]): Condition;
  time: FilterTime;
};

/** When a filter is asked. Instants are milliseconds UTC, by upstream's clock. */
export type FilterTime = {
  /** Called only for a filter that speaks of what lasts until now: it may cost a read. */
  nowMs(): number;
  /** The instant that the answer speaks of; null where there is none, as in streams. */
  atMs: number | null;
};

const startWork = (time: FilterTime): FilterWork => {
  let left = MAX_COMPARISONS;
  return {
    spend(argument, comparisons) {
      left -= comparisons;
      if (left < 0) {
        throw clientError('BAD_USER_INPUT', `The filter has more than ${MAX_COMPARISONS} comparisons.`, {
          argument,
        });
      }
    },
    all: allOf,
    time,
  };
};

/** One field of a filter's input: its type, and the condition that a value of it is. */
export type FilterField = {
  type: () => 'Boolean' | InputRef<FilterInput>;
  description: string;
  compile(value: unknown, path: string, work: FilterWork, depth: number): Condition;
};

export type Filter = {
  ref: InputRef<FilterInput>;
  /** For the filters that contain this one. */
  compileInside(input: FilterInput, path: string, work: FilterWork, depth: number): Condition;
};

/**
 * A filter's input type and its meaning, from one list of fields: what is given must all hold, and `and`, `or` and
 * `not` nest freely. The condition serves SQL and rows in memory alike. A field given as null is not given.
 */
export const defineFilter = (
  name: string,
  description: string,
  fields: () => Readonly<Record<string, FilterField>>,
): Filter => {
  const ref = builder.inputRef<FilterInput>(name);
  let known: Readonly<Record<string, FilterField>> | null = null;
  const fieldsOnce = () => {
    known ??= fields();
    return known;
  };
  ref.implement({
    description: `${description} A field that is left out or null is no condition; without any, everything is let through.`,
    fields: (t) =>
      ({
        ...Object.fromEntries(
          Object.entries(fieldsOnce()).map(([field, { type, description: fieldDescription }]) => [
            field,
            t.field({ type: type(), description: fieldDescription }),
          ]),
        ),
        and: t.field({ type: [ref], description: 'All of these hold; true when the list is empty.' }),
        or: t.field({
          type: [ref],
          description: 'At least one of these holds; false when the list is empty.',
        }),
        not: t.field({
          type: ref,
          description: 'This does not hold: exactly the rows that it would not let through.',
        }),
        // The fields are computed: their shape is FilterInput by the ref.
      }) as never,
  });

  const compileInside: Filter['compileInside'] = (input, path, work, depth) => {
    if (depth > MAX_DEPTH) {
      throw clientError('BAD_USER_INPUT', `The filter nests deeper than ${MAX_DEPTH} levels.`, {
        argument: path,
      });
    }
    const known = fieldsOnce();
    return allOf(
      Object.entries(input).flatMap(([field, value]) => {
        if (value === null || value === undefined) return [];
        const here = `${path}.${field}`;
        if (field === 'and' || field === 'or') {
          // Lists of this very input type, and GraphQL leaves no null in them.
          const parts = (value as readonly FilterInput[]).map((part, i) => {
            work.spend(`${here}[${i}]`, 1);
            return compileInside(part, `${here}[${i}]`, work, depth + 1);
          });
          return [field === 'and' ? allOf(parts) : anyOf(parts)];
        }
        if (field === 'not') return [not(compileInside(value as FilterInput, here, work, depth + 1))];
        return [known[field]!.compile(value, here, work, depth)];
      }),
    );
  };
  return { ref, compileInside };
};

/**
 * The condition that a filter given as an argument is. Throws BAD_USER_INPUT, naming the part that is wrong.
 */
export const compileFilter = (
  filter: Filter,
  input: FilterInput | null | undefined,
  time: FilterTime,
): Condition => (input ? filter.compileInside(input, 'filter', startWork(time), 1) : everything);

/** A comparison of a field's value. */
export const comparison = (operators: Operators, field: string, description: string): FilterField => ({
  type: () => operators.ref,
  description,
  // GraphQL has coerced it to the operators' input.
  compile: (value, path, work) => operators.compile(field, value as FilterInput, path, work),
});

/** A flag that is stored as 0 or 1. */
export const flag = (field: string, description: string): FilterField => ({
  type: () => 'Boolean',
  description,
  compile: (value, path, work) => {
    work.spend(path, 1);
    return compare(field, 'eq', value ? 1 : 0);
  },
});

/** A variable that was left out leaves an empty object, and that must not let everything through. */
export const nothingGiven = (path: string, what: string): GraphQLError =>
  clientError(
    'BAD_USER_INPUT',
    `\`${path}\` is empty: perhaps a variable in it was left out. Give ${what}, or leave the field out, which is no condition.`,
    { argument: path },
  );

/** The row at the other end satisfies the filter; false where there is none. */
export const relatedOne = (relation: string, filter: () => Filter, description: string): FilterField => ({
  type: () => filter().ref,
  description,
  compile: (value, path, work, depth) => {
    work.spend(path, 1);
    return related(relation, filter().compileInside(value as FilterInput, path, work, depth + 1));
  },
});

/** `some` or `none` of the rows at the other end satisfy the filter. */
export const relatedMany = (relation: string, filter: ManyFilter, description: string): FilterField => ({
  type: () => filter.ref,
  description,
  compile: (value, path, work, depth) => {
    const { some, none } = value as { some?: FilterInput | null; none?: FilterInput | null };
    if (!some && !none) throw nothingGiven(path, '`some` or `none`');
    const inside = (input: FilterInput, name: string) => {
      work.spend(`${path}.${name}`, 1);
      return related(relation, filter.of().compileInside(input, `${path}.${name}`, work, depth + 1));
    };
    return allOf([...(some ? [inside(some, 'some')] : []), ...(none ? [not(inside(none, 'none'))] : [])]);
  },
});

export type ManyFilter = { ref: InputRef<FilterInput>; of: () => Filter };

export const defineManyFilter = (name: string, rows: string, of: () => Filter): ManyFilter => {
  const ref = builder.inputRef<FilterInput>(name);
  ref.implement({
    description: `A condition over ${rows}; what is given must all hold, and something must be given.`,
    fields: (t) =>
      ({
        some: t.field({ type: of().ref, description: 'At least one of them satisfies this.' }),
        none: t.field({ type: of().ref, description: 'Not one of them satisfies this.' }),
      }) as never, // the shape is FilterInput by the ref
  });
  return { ref, of };
};
