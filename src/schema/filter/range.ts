import type { InputRef } from '@pothos/core';
import { allOf, type Condition, compare, overlaps } from '../../mirror/index.ts';
import { builder } from '../builder.ts';
import { clientError } from '../errors.ts';
import { AHEAD_MS } from '../now.ts';
import type { FilterField, FilterInput, FilterWork } from './filter.ts';

type Range = { from: number; to: number };

const TimeRange = builder.inputRef<Range>('TimeRangeInput').implement({
  description: 'A stretch of time: from `from` on, up to but not including `to`.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', required: true, description: 'First instant that belongs to it.' }),
    to: t.field({
      type: 'DateTime',
      required: true,
      description: 'First instant that no longer belongs to it; later than `from`.',
    }),
  }),
});

/** Throws BAD_USER_INPUT unless the range has a moment in it. */
export const checkRange = (range: Range, argument: string): void => {
  if (range.from >= range.to) {
    throw clientError('BAD_USER_INPUT', `\`${argument}\`: \`from\` must be earlier than \`to\`.`, {
      argument,
    });
  }
};

const rangeField = (
  description: string,
  condition: (range: Range, path: string, work: FilterWork) => Condition,
): FilterField => ({
  // The input's shape is its own; only its type matters here.
  type: () => TimeRange as unknown as InputRef<FilterInput>,
  description,
  compile: (value, path, work) => {
    const range = value as Range;
    work.spend(path, 1);
    checkRange(range, path);
    return condition(range, path, work);
  },
});

/** What has no end yet is there until now: whether it will still be there later, nobody knows. */
const checkBegun = ({ from }: Range, path: string, { time }: FilterWork): void => {
  if (from <= time.nowMs() + AHEAD_MS) return;
  const argument = `${path}.from`;
  throw clientError(
    'BAD_USER_INPUT',
    `\`${argument}\` lies in the future, of which nothing is known yet. Give a stretch of time that has begun, or ask with \`startedIn\` for what is to begin.`,
    { argument },
  );
};

export const overlapsField = (what: string): FilterField =>
  rangeField(
    `${what} has a moment in common with this stretch of time, which must have begun; one without an end lasts until now.`,
    (range, path, work) => {
      checkBegun(range, path, work);
      return overlaps(range.from, range.to);
    },
  );

export const startedInField = (what: string, field: string): FilterField =>
  rangeField(`${what} began within this stretch of time.`, ({ from, to }) =>
    allOf([compare(field, 'gte', from), compare(field, 'lt', to)]),
  );
