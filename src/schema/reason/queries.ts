import { readAllReasons } from '../../mirror/index.ts';
import { builder } from '../builder.ts';
import { Reason } from '../refs.ts';

builder.queryField('reasons', (t) =>
  t.field({
    type: [Reason],
    nullable: { list: false, items: false },
    description:
      'Every reason as seen, by list and name. One that was renamed is there under each of its names; `lastSeen` tells which is newer.',
    resolve: (_root, _args, { tenant }) => readAllReasons(tenant.mirror),
  }),
);
