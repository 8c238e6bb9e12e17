import { builder } from '../builder.ts';
import { filterArgument, pageArguments, resolveList } from '../connection/field.ts';
import { Event } from '../refs.ts';
import { EventFilter } from './filter.ts';
import { EventConnection, EventOrderBy, eventList } from './list.ts';
import { loadEvent } from './loader.ts';

builder.queryFields((t) => ({
  event: t.field({
    type: Event,
    nullable: true,
    description: 'One event; null when the mirror does not hold it.',
    args: {
      eventId: t.arg({ type: 'UUID', required: true, description: "Upstream's id of the event." }),
    },
    resolve: (_root, { eventId }, context) => loadEvent(eventId, context),
  }),
  events: t.field({
    type: EventConnection,
    nullable: false,
    description: 'Events of all agents.',
    args: {
      ...pageArguments(t.arg),
      filter: filterArgument(t.arg, EventFilter),
      orderBy: t.arg({ type: EventOrderBy, defaultValue: 'START_DESC', description: 'In which order.' }),
    },
    resolve: (_root, args, context) => resolveList(eventList, args, context),
  }),
}));
