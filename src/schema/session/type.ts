import { type MirrorReader, type SessionRow, unpackId } from '../../mirror/index.ts';
import { builder } from '../builder.ts';
import { filterArgument, pageArguments, resolveNestedList } from '../connection/field.ts';
import { SessionEndSourceEnum, sessionEndSourceOf } from '../enums/endSource.ts';
import { EventFilter } from '../event/filter.ts';
import { EventConnection, EventOrderBy, eventList } from '../event/list.ts';
import { Agent, Event, Session } from '../refs.ts';
import { agentOf, eventOf } from '../relations.ts';
import { loadSession } from './loader.ts';

const eventsOf = { ...eventList, connection: 'Session.events' };

// Whoever has a session has a row: both are written in one transaction.
const agentOfSession = (session: SessionRow, reader: MirrorReader) =>
  agentOf(session, 'agent', reader, (one: SessionRow) => one.agent)!;

builder.node(Session, {
  description:
    'The time from a login of an agent to its end, which is always inferred: no record says that an agent logged out.',
  id: {
    resolve: (session) => unpackId(session.sessionId),
    description: 'Opaque id, for `node` and for caches.',
  },
  loadOne: (id: string, context) => loadSession(id, context),
  fields: (t) => ({
    sessionId: t.field({
      type: 'UUID',
      nullable: false,
      description: "Upstream's id of the session.",
      resolve: (session) => session.sessionId,
    }),
    agentId: t.field({
      type: 'UUID',
      nullable: false,
      description: "Upstream's id of the agent whose session it is.",
      resolve: (session, _args, { tenant }) => agentOfSession(session, tenant.mirror).agentId,
    }),
    agent: t.field({
      type: Agent,
      nullable: false,
      description: 'Whose session it is.',
      resolve: (session, _args, { tenant }) => agentOfSession(session, tenant.mirror),
    }),
    loginTimestamp: t.field({
      type: 'DateTime',
      description: 'When the agent logged in, as reported; null when upstream did not say.',
      resolve: (session) => session.loginMs,
    }),
    began: t.field({
      type: 'DateTime',
      nullable: false,
      description:
        'When it began: `loginTimestamp`, or else the time inside the version-1 id, or else the start of the first event.',
      resolve: (session) => session.beganMs,
    }),
    end: t.field({
      type: 'DateTime',
      description: 'When it ended, inferred; null while it lasts, as far as is known.',
      resolve: (session) => session.endMs,
    }),
    endSource: t.field({
      type: SessionEndSourceEnum,
      nullable: false,
      description: 'How the end was inferred.',
      resolve: (session) => sessionEndSourceOf(session.endSource),
    }),
    durationSeconds: t.float({
      description: 'Length in seconds, to the millisecond; null while it lasts.',
      resolve: (session) => (session.endMs === null ? null : (session.endMs - session.beganMs) / 1000),
    }),
    duration: t.field({
      type: 'Duration',
      description:
        '`durationSeconds` as ISO 8601; null while it lasts, and where the login is reported later than the end, which is no length of time.',
      resolve: ({ beganMs, endMs }) => (endMs === null || endMs < beganMs ? null : endMs - beganMs),
    }),
    lastEvent: t.field({
      type: Event,
      description: 'Its last event by order; null before the first is known.',
      resolve: (session, _args, { tenant }) =>
        eventOf(session, 'lastEvent', tenant.mirror, (one: SessionRow) => one.lastEvent),
    }),
    events: t.field({
      type: EventConnection,
      nullable: false,
      description: 'Events of the session.',
      args: {
        ...pageArguments(t.arg),
        filter: filterArgument(t.arg, EventFilter),
        orderBy: t.arg({ type: EventOrderBy, defaultValue: 'START_DESC', description: 'In which order.' }),
      },
      resolve: (session, args, context) => resolveNestedList(eventsOf, 'session', session, args, context),
    }),
  }),
});
