import {
  type EventRow,
  type MirrorReader,
  readCapacities,
  readNameTexts,
  readNeighbours,
  readTransfersOfEvents,
  unpackId,
} from '../../mirror/index.ts';
import { batched, siblings } from '../batch.ts';
import { builder } from '../builder.ts';
import { AgentState, Allocation, Direction, EventType, Presence } from '../enums/coded.ts';
import { EventEndSource, eventEndSourceOf } from '../enums/endSource.ts';
import { Agent, Event, Reason, Session, Transfer } from '../refs.ts';
import { agentOf, reasonOf, sessionOf } from '../relations.ts';
import { Capacity, groupsOf } from './capacity.ts';
import { type CodedColumn, rawOf } from './coded.ts';
import { loadEvent } from './loader.ts';

const coded = {
  eventType: EventType,
  presence: Presence,
  state: AgentState,
  allocation: Allocation,
  direction: Direction,
};

// Whoever has an event has a row: both are written in one transaction.
const agentOfEvent = (event: EventRow, reader: MirrorReader) =>
  agentOf(event, 'agent', reader, (one: EventRow) => one.agent)!;
const sessionOfEvent = (event: EventRow, reader: MirrorReader) =>
  sessionOf(event, 'session', reader, (one: EventRow) => one.session);

const neighbour = (side: 'next' | 'previous') => (event: EventRow, reader: MirrorReader) =>
  batched(event, side, (events: readonly EventRow[]) => {
    const found = readNeighbours(reader, events, side);
    siblings([...found.values()]);
    return found;
  }).get(event.id) ?? null;
const nextOf = neighbour('next');
const previousOf = neighbour('previous');

builder.node(Event, {
  description: 'One record of what an agent was doing from one moment to another.',
  id: { resolve: (event) => unpackId(event.eventId), description: 'Opaque id, for `node` and for caches.' },
  loadOne: (id: string, context) => loadEvent(id, context),
  fields: (t) => {
    const enumeration = (name: CodedColumn, what: string) =>
      t.field({
        type: coded[name].ref,
        description: `${what}; null when upstream did not say.`,
        resolve: (event) => coded[name].nameOf(event[name]),
      });
    const raw = (name: CodedColumn, what: string) =>
      t.string({
        description: `${what}, in upstream's own word; null when upstream did not say.`,
        resolve: (event, _args, { tenant }) => rawOf(coded[name], event[name], tenant.mirror),
      });
    return {
      eventId: t.field({
        type: 'UUID',
        nullable: false,
        description: "Upstream's id of the event.",
        resolve: (event) => event.eventId,
      }),
      eventType: enumeration('eventType', 'What made upstream write the record'),
      eventTypeRaw: raw('eventType', 'What made upstream write the record'),
      presence: enumeration('presence', 'Whether the agent takes interactions'),
      presenceRaw: raw('presence', 'Whether the agent takes interactions'),
      state: enumeration('state', 'What the agent does'),
      stateRaw: raw('state', 'What the agent does'),
      allocation: enumeration('allocation', "How much of the agent's capacity is in use"),
      allocationRaw: raw('allocation', "How much of the agent's capacity is in use"),
      direction: enumeration('direction', 'Who began the interaction in hand'),
      directionRaw: raw('direction', 'Who began the interaction in hand'),
      agentId: t.field({
        type: 'UUID',
        nullable: false,
        description: "Upstream's id of the agent whose event it is.",
        resolve: (event, _args, { tenant }) => agentOfEvent(event, tenant.mirror).agentId,
      }),
      agent: t.field({
        type: Agent,
        nullable: false,
        description: 'Whose event it is.',
        resolve: (event, _args, { tenant }) => agentOfEvent(event, tenant.mirror),
      }),
      agentName: t.string({
        description: 'Name of the agent as it stands on the event; null when upstream gave none.',
        resolve: (event, _args, { tenant }) => {
          if (event.name === null) return null;
          const names = batched(event, 'agentName', (events: readonly EventRow[]) =>
            readNameTexts(
              tenant.mirror,
              events.flatMap((one) => one.name ?? []),
            ),
          );
          return names.get(event.name) ?? null;
        },
      }),
      sessionId: t.field({
        type: 'UUID',
        description: "Upstream's id of the session that it belongs to; null when upstream named none.",
        resolve: (event, _args, { tenant }) => sessionOfEvent(event, tenant.mirror)?.sessionId ?? null,
      }),
      session: t.field({
        type: Session,
        description: 'The session that it belongs to; null when upstream named none.',
        resolve: (event, _args, { tenant }) => sessionOfEvent(event, tenant.mirror),
      }),
      start: t.field({
        type: 'DateTime',
        nullable: false,
        description: 'When it began.',
        resolve: (event) => event.startMs,
      }),
      startInferred: t.boolean({
        nullable: false,
        description:
          'Whether upstream gave no start, so that the time inside the version-1 `eventId` stands in.',
        resolve: (event) => event.startInferred === 1,
      }),
      end: t.field({
        type: 'DateTime',
        description: 'When it ended, by the best source; null while it lasts.',
        resolve: (event) => event.endMs,
      }),
      endSource: t.field({
        type: EventEndSource,
        nullable: false,
        description: 'Where the end comes from.',
        resolve: (event) => eventEndSourceOf(event.endSource),
      }),
      durationSeconds: t.float({
        description: 'Length in seconds, to the millisecond: `end` less `start`; null while it lasts.',
        resolve: (event) => (event.endMs === null ? null : (event.endMs - event.startMs) / 1000),
      }),
      duration: t.field({
        type: 'Duration',
        description: '`durationSeconds` as ISO 8601; null while it lasts.',
        // No event ends before it starts.
        resolve: (event) => (event.endMs === null ? null : event.endMs - event.startMs),
      }),
      reportedEnd: t.field({
        type: 'DateTime',
        description: 'The end as upstream gave it; null when it gave none.',
        resolve: (event) => event.reportedEndMs,
      }),
      reportedDurationSeconds: t.float({
        description:
          'The length in seconds as upstream gave it, which may differ from `end` less `start`; null when it gave none.',
        resolve: (event) => (event.reportedDurationMs === null ? null : event.reportedDurationMs / 1000),
      }),
      reason: t.field({
        type: Reason,
        description: 'The reason that was given; null when none was.',
        resolve: (event, _args, { tenant }) =>
          reasonOf(event, 'reason', tenant.mirror, (one: EventRow) => one.reason),
      }),
      capacity: t.field({
        type: [Capacity],
        nullable: { list: true, items: false },
        description: 'The capacity groups as given; null when upstream did not speak of capacity.',
        resolve: (event, _args, { tenant }) => {
          if (event.capacity === null) return null;
          const groups = batched(event, 'capacity', (events: readonly EventRow[]) => {
            const texts = readCapacities(
              tenant.mirror,
              events.flatMap((one) => one.capacity ?? []),
            );
            return new Map([...texts].map(([id, text]) => [id, groupsOf(text)]));
          });
          return groups.get(event.capacity) ?? null;
        },
      }),
      transfers: t.field({
        type: [Transfer],
        nullable: { list: false, items: false },
        description: 'The transfers that the event carries, the earliest first.',
        resolve: (event, _args, { tenant }) =>
          batched(event, 'transfers', (events: readonly EventRow[]) => {
            const rows = readTransfersOfEvents(
              tenant.mirror,
              events.map((one) => one.id),
            );
            siblings(rows);
            return Map.groupBy(rows, (row) => row.carrier);
          }).get(event.id) ?? [],
      }),
      nextEventId: t.field({
        type: 'UUID',
        description: 'Id of the event that follows, as upstream named it; null while it named none.',
        resolve: (event) => event.nextEventId,
      }),
      next: t.field({
        type: Event,
        description: 'The event just after this one in its session; null when there is none yet.',
        resolve: (event, _args, { tenant }) => nextOf(event, tenant.mirror),
      }),
      previous: t.field({
        type: Event,
        description: 'The event just before this one in its session; null when there is none.',
        resolve: (event, _args, { tenant }) => previousOf(event, tenant.mirror),
      }),
      revision: t.exposeInt('revision', {
        nullable: false,
        description: 'How often upstream said something new about this event, counted from 1.',
      }),
      observedAt: t.field({
        type: 'DateTime',
        nullable: false,
        description: "When the gateway read this revision, by the server's clock.",
        resolve: (event) => event.observedMs,
      }),
      extra: t.field({
        type: 'JSON',
        description:
          'Attributes that this version does not know, or whose value was of an unexpected kind, as upstream sent them; null when there are none.',
        resolve: (event) => (event.extra === null ? null : JSON.parse(event.extra)),
      }),
    };
  },
});
