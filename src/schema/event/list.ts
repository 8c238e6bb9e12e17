import { builder } from '../builder.ts';
import type { ListField } from '../connection/field.ts';
import { defineConnection } from '../connection/types.ts';
import { Event } from '../refs.ts';
import { EventFilter } from './filter.ts';

export const EventOrderBy = builder.enumType('EventOrderBy', {
  description: 'Orders of events.',
  values: {
    START_ASC: { description: 'By when they began, the earliest first.' },
    START_DESC: { description: 'By when they began, the latest first.' },
    DURATION_ASC: { description: 'By length, the shortest first; those that last come at the end.' },
    DURATION_DESC: { description: 'By length, the longest first; those that last come before all others.' },
  },
});

export const EventConnection = defineConnection('Event', 'events', Event);

export const eventList: ListField<'event'> = {
  connection: 'Query.events',
  list: 'event',
  filter: EventFilter,
  orderings: {
    START_ASC: { ordering: 'START', descending: false },
    START_DESC: { ordering: 'START', descending: true },
    DURATION_ASC: { ordering: 'DURATION', descending: false },
    DURATION_DESC: { ordering: 'DURATION', descending: true },
  },
  defaultOrderBy: 'START_DESC',
};
