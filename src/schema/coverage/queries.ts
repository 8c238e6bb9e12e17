import { readCoverageBetween, TooManyPartsError } from '../../mirror/index.ts';
import { builder } from '../builder.ts';
import { clientError } from '../errors.ts';
import { checkRange } from '../filter/range.ts';
import { CoverageSliceType } from './type.ts';

/**
 * Slices of one answer. Most ranges have some hundred; what makes them many is chain breaks, two slices each. 16 µs of the
 * main thread a slice of six fields, 8 µs one of three: a sixth of a second for so many.
 */
const MAX_SLICES = 10_000;
const MINUTE_MS = 60_000;

/** What an answer is charged for before it is made: a slice a minute, which is more than any but a broken feed has. */
const assumedSlices = ({ from, to }: { from?: unknown; to?: unknown }): number =>
  // Not there or no instants: refused by name before anything is read.
  typeof from === 'number' && typeof to === 'number' && from < to
    ? Math.min(MAX_SLICES, Math.ceil((to - from) / MINUTE_MS))
    : 1;

builder.queryField('coverage', (t) =>
  t.field({
    type: [CoverageSliceType],
    nullable: { list: false, items: false },
    description: `What the mirror knows of a range of time: disjoint slices, oldest first, that fill the range exactly. ${MAX_SLICES.toLocaleString('en')} at most: a longer list is refused with RANGE_TOO_LARGE.`,
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'First instant of the range.' }),
      to: t.arg({ type: 'DateTime', required: true, description: 'First instant past the range.' }),
    },
    extensions: { assumedListSize: assumedSlices },
    resolve: (_root, { from, to }, context) => {
      checkRange({ from, to }, 'to');
      try {
        return readCoverageBetween(context.tenant.mirror, from, to, MAX_SLICES);
      } catch (thrown) {
        if (!(thrown instanceof TooManyPartsError)) throw thrown;
        throw clientError(
          'RANGE_TOO_LARGE',
          `The range holds more than ${MAX_SLICES} slices or chain breaks. Ask for a shorter range, and for the rest in further ones.`,
          { argument: 'to', maxSlices: MAX_SLICES },
        );
      }
    },
  }),
);
