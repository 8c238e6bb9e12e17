import { builder } from '../builder.ts';
import type { ListField } from '../connection/field.ts';
import { defineConnection } from '../connection/types.ts';
import { Session } from '../refs.ts';
import { SessionFilter } from './filter.ts';

export const SessionOrderBy = builder.enumType('SessionOrderBy', {
  description: 'Orders of sessions.',
  values: {
    LOGIN_ASC: { description: 'By when they began, the earliest first.' },
    LOGIN_DESC: { description: 'By when they began, the latest first.' },
    DURATION_ASC: { description: 'By length, the shortest first; those that last come at the end.' },
    DURATION_DESC: { description: 'By length, the longest first; those that last come before all others.' },
  },
});

export const SessionConnection = defineConnection('Session', 'sessions', Session);

export const sessionList: ListField<'session'> = {
  connection: 'Query.sessions',
  list: 'session',
  filter: SessionFilter,
  orderings: {
    LOGIN_ASC: { ordering: 'LOGIN', descending: false },
    LOGIN_DESC: { ordering: 'LOGIN', descending: true },
    DURATION_ASC: { ordering: 'DURATION', descending: false },
    DURATION_DESC: { ordering: 'DURATION', descending: true },
  },
  defaultOrderBy: 'LOGIN_DESC',
};
