import { readStanding } from '../../mirror/index.ts';
import { builder } from '../builder.ts';
import { checkRange } from '../filter/range.ts';
import { CoverageSliceType, coverageOf, Mirror } from './type.ts';

builder.queryField('mirror', (t) =>
  t.field({
    type: Mirror,
    nullable: false,
    description:
      'What answers rest on: how far the feed has been read, what is missing, and how it is doing.',
    resolve: (_root, _args, context) => readStanding(context.tenant),
  }),
);

builder.queryField('coverage', (t) =>
  t.field({
    type: [CoverageSliceType],
    nullable: { list: false, items: false },
    description:
      'What the mirror knows of a range of time: disjoint slices, oldest first, that fill the range exactly.',
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'First instant of the range.' }),
      to: t.arg({ type: 'DateTime', required: true, description: 'First instant past the range.' }),
    },
    resolve: (_root, { from, to }, context) => {
      checkRange({ from, to }, 'to');
      return coverageOf(readStanding(context.tenant), from, to);
    },
  }),
);
