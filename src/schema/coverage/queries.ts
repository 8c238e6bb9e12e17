import { readCoverageBetween } from '../../mirror/index.ts';
import { builder } from '../builder.ts';
import { checkRange } from '../filter/range.ts';
import { CoverageSliceType } from './type.ts';

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
      return readCoverageBetween(context.tenant.mirror, from, to);
    },
  }),
);
