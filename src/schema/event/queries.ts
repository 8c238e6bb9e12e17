import { findEvents, packId, unpackId } from '../../mirror/index.ts';
import { builder } from '../builder.ts';
import { filterArgument, pageArguments, resolveList } from '../connection/field.ts';
import { inOrder } from '../node/inOrder.ts';
import { Event } from '../refs.ts';
import { EventFilter } from './filter.ts';
import { EventConnection, EventOrderBy, eventList } from './list.ts';

builder.queryFields((t) => ({
  event: t.loadable({
    type: Event,
    nullable: true,
    description: 'One event; null when the mirror does not hold it.',
    args: {
      eventId: t.arg({ type: 'UUID', required: true, description: "Upstream's id of the event." }),
    },
    load: (ids: string[], { tenant }) =>
      Promise.resolve(
        inOrder(ids, findEvents(tenant.mirror, ids.map(packId)), (one) => unpackId(one.eventId)) as never[],
      ),
    resolve: (_root, { eventId }) => eventId,
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
    resolve: (_root, args, { tenant }) => resolveList(eventList, args, tenant.mirror),
  }),
}));
