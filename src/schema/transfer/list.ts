import { builder } from '../builder.ts';
import type { ListField } from '../connection/field.ts';
import { defineConnection } from '../connection/types.ts';
import { Transfer } from '../refs.ts';
import { TransferFilter } from './filter.ts';

export const TransferOrderBy = builder.enumType('TransferOrderBy', {
  description: 'Orders of transfers.',
  values: {
    START_ASC: { description: 'By when they began, the earliest first.' },
    START_DESC: { description: 'By when they began, the latest first.' },
    DURATION_ASC: { description: 'By length, the shortest first; those without an end come last.' },
    DURATION_DESC: {
      description: 'By length, the longest first; those without an end come before all others.',
    },
  },
});

export const TransferConnection = defineConnection('Transfer', 'transfers', Transfer);

export const transferList: ListField<'transfer'> = {
  connection: 'Query.transfers',
  list: 'transfer',
  filter: TransferFilter,
  orderings: {
    START_ASC: { ordering: 'START', descending: false },
    START_DESC: { ordering: 'START', descending: true },
    DURATION_ASC: { ordering: 'DURATION', descending: false },
    DURATION_DESC: { ordering: 'DURATION', descending: true },
  },
  defaultOrderBy: 'START_DESC',
};
