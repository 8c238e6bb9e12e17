import { builder } from '../builder.ts';
import { filterArgument, pageArguments, resolveList } from '../connection/field.ts';
import { TransferFilter } from './filter.ts';
import { TransferConnection, TransferOrderBy, transferList } from './list.ts';

builder.queryField('transfers', (t) =>
  t.field({
    type: TransferConnection,
    nullable: false,
    description: 'Transfers between agents.',
    args: {
      ...pageArguments(t.arg),
      filter: filterArgument(t.arg, TransferFilter),
      orderBy: t.arg({ type: TransferOrderBy, defaultValue: 'START_DESC', description: 'In which order.' }),
    },
    resolve: (_root, args, context) => resolveList(transferList, args, context),
  }),
);
