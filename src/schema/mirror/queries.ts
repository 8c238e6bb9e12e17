import { readStanding } from '../../mirror/index.ts';
import { builder } from '../builder.ts';
import { Mirror } from './type.ts';

builder.queryField('mirror', (t) =>
  t.field({
    type: Mirror,
    nullable: false,
    description:
      'What answers rest on: how far the feed has been read, what is missing, and how it is doing.',
    resolve: (_root, _args, context) => readStanding(context.tenant),
  }),
);
