/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** Which agents. What is given must all hold. A field that is left out or null is no condition; without any, everything is let through. */
export type AgentFilter = {
  /** Upstream's id of the agent. */
  agentId?: UuidFilter | null | undefined;
  /** All of these hold; true when the list is empty. */
  and?: Array<AgentFilter> | null | undefined;
  /** The events of the agent. */
  events?: EventsFilter | null | undefined;
  /** Name on the newest event of the agent. */
  name?: StringFilter | null | undefined;
  /** This does not hold: exactly the rows that it would not let through. */
  not?: AgentFilter | null | undefined;
  /** At least one of these holds; false when the list is empty. */
  or?: Array<AgentFilter> | null | undefined;
  /** Id of the agent on the platform. */
  platformAgentId?: IntFilter | null | undefined;
  /** Whether the agent has events of their own. Lists of agents leave out those without unless the filter speaks of `seen`. */
  seen?: boolean | null | undefined;
  /** The sessions of the agent. */
  sessions?: SessionsFilter | null | undefined;
  /** The agent's status now; false for an agent without events. */
  status?: AgentStatusFilter | null | undefined;
  /** Id of the agent in the tenant. */
  tenantAgentId?: IntFilter | null | undefined;
  /** What was handed to the agent. */
  transfersIn?: TransfersFilter | null | undefined;
  /** What the agent handed over. */
  transfersOut?: TransfersFilter | null | undefined;
};

/** What the agent is doing. */
export type AgentState =
  /** Logged in, and not to be given interactions. */
  | 'AWAY'
  /** Working on at least one interaction. */
  | 'BUSY'
  /** Waiting for an interaction. */
  | 'IDLE'
  /** Not logged in. */
  | 'OFFLINE'
  /** A value that this version does not know; `stateRaw` has it, and `mirror.schemaDrift` lists it. */
  | 'UNKNOWN';

/** Comparisons of an enumeration; all that are given must hold, and one must be given. UNKNOWN is any value that this version does not know. */
export type AgentStateFilter = {
  /** Equals. */
  eq?: AgentState | null | undefined;
  /** Equals one of these; none of them when the list is empty. */
  in?: Array<AgentState> | null | undefined;
  /** true: the value is absent; false: it is present. */
  isNull?: boolean | null | undefined;
  /** Does not equal; an absent value does not equal anything. */
  ne?: AgentState | null | undefined;
  /** Equals none of these; an absent value equals none. */
  notIn?: Array<AgentState> | null | undefined;
};

/** Which statuses. What is given must all hold. A field that is left out or null is no condition; without any, everything is let through. */
export type AgentStatusFilter = {
  /** The agent whose status it is. */
  agent?: AgentFilter | null | undefined;
  /** Upstream's id of the agent whose status it is. */
  agentId?: UuidFilter | null | undefined;
  /** How much of the agent's capacity is in use. */
  allocation?: AllocationFilter | null | undefined;
  /** How much of the agent's capacity is in use, in upstream's own word. */
  allocationRaw?: StringFilter | null | undefined;
  /** All of these hold; true when the list is empty. */
  and?: Array<AgentStatusFilter> | null | undefined;
  /** Who began the interaction in hand. */
  direction?: DirectionFilter | null | undefined;
  /** Who began the interaction in hand, in upstream's own word. */
  directionRaw?: StringFilter | null | undefined;
  /** Seconds since presence, state, reason or direction last changed, at the instant asked for. Only in agentStatuses: it grows by itself, which is no change that a stream could tell of. */
  durationSeconds?: SecondsFilter | null | undefined;
  /** Whether the agent is inferred to have logged out. */
  inferred?: boolean | null | undefined;
  /** This does not hold: exactly the rows that it would not let through. */
  not?: AgentStatusFilter | null | undefined;
  /** At least one of these holds; false when the list is empty. */
  or?: Array<AgentStatusFilter> | null | undefined;
  /** Whether the agent takes interactions. */
  presence?: PresenceFilter | null | undefined;
  /** Whether the agent takes interactions, in upstream's own word. */
  presenceRaw?: StringFilter | null | undefined;
  /** The reason that was given; false where none was. */
  reason?: ReasonFilter | null | undefined;
  /** The session that it stands in; false where there is none. */
  session?: SessionFilter | null | undefined;
  /** Upstream's id of the session that it stands in; false where there is none. */
  sessionId?: UuidFilter | null | undefined;
  /** When presence, state, reason or direction last changed. */
  since?: DateTimeFilter | null | undefined;
  /** When the event that stands now began. */
  sinceEvent?: DateTimeFilter | null | undefined;
  /** What the agent does. */
  state?: AgentStateFilter | null | undefined;
  /** What the agent does, in upstream's own word. */
  stateRaw?: StringFilter | null | undefined;
};

/** How much of the agent's capacity is in use. */
export type Allocation =
  /** Some. */
  | 'ALLOCATED'
  /** All: the agent can take no more. */
  | 'FULLY_ALLOCATED'
  /** None. */
  | 'NOT_ALLOCATED'
  /** A value that this version does not know; `allocationRaw` has it, and `mirror.schemaDrift` lists it. */
  | 'UNKNOWN';

/** Comparisons of an enumeration; all that are given must hold, and one must be given. UNKNOWN is any value that this version does not know. */
export type AllocationFilter = {
  /** Equals. */
  eq?: Allocation | null | undefined;
  /** Equals one of these; none of them when the list is empty. */
  in?: Array<Allocation> | null | undefined;
  /** true: the value is absent; false: it is present. */
  isNull?: boolean | null | undefined;
  /** Does not equal; an absent value does not equal anything. */
  ne?: Allocation | null | undefined;
  /** Equals none of these; an absent value equals none. */
  notIn?: Array<Allocation> | null | undefined;
};

/** How sure an answer about an instant is. A status asked for now goes by its event, for all that came before is known as well; one asked for `at` an instant goes by the instant. So the same status can be SETTLED now and PROVISIONAL `at` this very moment, which is still being read. */
export type Certainty =
  /** Read while records could still be on their way, or by answers much of which was no record: may be revised. */
  | 'PROVISIONAL'
  /** Read after the settle time: what upstream had to say has been heard. */
  | 'SETTLED'
  /** Not covered: before the mirror began; inside a gap; from a gap on until the agent's next event, as what the gap hides may have ended what stands, whether it can still be filled or is lost for ever; from where a record of the agent is proved to be missing (a CHAIN_BREAK, which says nothing of others) until the next; or when the feed has been silent for minutes. */
  | 'UNKNOWN';

/** How exact a count is. */
export type CountPrecision =
  /** There are so many or more: counting stopped. */
  | 'AT_LEAST'
  /** There are exactly so many. */
  | 'EXACT';

/** Comparisons of an instant, to the millisecond; all that are given must hold, and one must be given. */
export type DateTimeFilter = {
  /** Equals. */
  eq?: string | null | undefined;
  /** Greater than; never true of an absent value. */
  gt?: string | null | undefined;
  /** Greater than or equal; never true of an absent value. */
  gte?: string | null | undefined;
  /** Equals one of these; none of them when the list is empty. */
  in?: Array<string> | null | undefined;
  /** true: the value is absent; false: it is present. */
  isNull?: boolean | null | undefined;
  /** Less than; never true of an absent value. */
  lt?: string | null | undefined;
  /** Less than or equal; never true of an absent value. */
  lte?: string | null | undefined;
  /** Does not equal; an absent value does not equal anything. */
  ne?: string | null | undefined;
  /** Equals none of these; an absent value equals none. */
  notIn?: Array<string> | null | undefined;
};

/** Who began the interaction in hand. */
export type Direction =
  /** The agent. */
  | 'AGENT_INITIATED'
  /** The customer. */
  | 'INBOUND'
  /** The contact centre. */
  | 'OUTBOUND'
  /** A value that this version does not know; `directionRaw` has it, and `mirror.schemaDrift` lists it. */
  | 'UNKNOWN';

/** Comparisons of an enumeration; all that are given must hold, and one must be given. UNKNOWN is any value that this version does not know. */
export type DirectionFilter = {
  /** Equals. */
  eq?: Direction | null | undefined;
  /** Equals one of these; none of them when the list is empty. */
  in?: Array<Direction> | null | undefined;
  /** true: the value is absent; false: it is present. */
  isNull?: boolean | null | undefined;
  /** Does not equal; an absent value does not equal anything. */
  ne?: Direction | null | undefined;
  /** Equals none of these; an absent value equals none. */
  notIn?: Array<Direction> | null | undefined;
};

/** Where the end of an event comes from, best first; a better source revises a worse one. */
export type EventEndSource =
  /** The time inside the version-1 id of the event that follows. */
  | 'NEXT_EVENT_ID'
  /** There is no end yet. */
  | 'OPEN'
  /** Upstream gave it. */
  | 'REPORTED'
  /** The start of the agent's next event in the session. */
  | 'SUCCESSOR'
  /** A newer session of the agent began. */
  | 'SUPERSEDED';

/** Comparisons of an enumeration; all that are given must hold, and one must be given. */
export type EventEndSourceFilter = {
  /** Equals. */
  eq?: EventEndSource | null | undefined;
  /** Equals one of these; none of them when the list is empty. */
  in?: Array<EventEndSource> | null | undefined;
  /** Does not equal; an absent value does not equal anything. */
  ne?: EventEndSource | null | undefined;
  /** Equals none of these; an absent value equals none. */
  notIn?: Array<EventEndSource> | null | undefined;
};

/** Which events. What is given must all hold. A field that is left out or null is no condition; without any, everything is let through. */
export type EventFilter = {
  /** The agent whose event it is. */
  agent?: AgentFilter | null | undefined;
  /** Upstream's id of the agent whose event it is. */
  agentId?: UuidFilter | null | undefined;
  /** How much of the agent's capacity is in use. */
  allocation?: AllocationFilter | null | undefined;
  /** How much of the agent's capacity is in use, in upstream's own word. */
  allocationRaw?: StringFilter | null | undefined;
  /** All of these hold; true when the list is empty. */
  and?: Array<EventFilter> | null | undefined;
  /** Who began the interaction in hand. */
  direction?: DirectionFilter | null | undefined;
  /** Who began the interaction in hand, in upstream's own word. */
  directionRaw?: StringFilter | null | undefined;
  /** Length in seconds; absent while it lasts. */
  durationSeconds?: SecondsFilter | null | undefined;
  /** When it ended; absent while it lasts. */
  end?: DateTimeFilter | null | undefined;
  /** Where the end comes from. */
  endSource?: EventEndSourceFilter | null | undefined;
  /** Upstream's id of the event. */
  eventId?: UuidFilter | null | undefined;
  /** What made upstream write the record. */
  eventType?: EventTypeFilter | null | undefined;
  /** What made upstream write the record, in upstream's own word. */
  eventTypeRaw?: StringFilter | null | undefined;
  /** This does not hold: exactly the rows that it would not let through. */
  not?: EventFilter | null | undefined;
  /** When the gateway read this revision. */
  observedAt?: DateTimeFilter | null | undefined;
  /** At least one of these holds; false when the list is empty. */
  or?: Array<EventFilter> | null | undefined;
  /** The event has a moment in common with this stretch of time, which must have begun; one without an end lasts until now. */
  overlaps?: TimeRangeInput | null | undefined;
  /** Whether the agent takes interactions. */
  presence?: PresenceFilter | null | undefined;
  /** Whether the agent takes interactions, in upstream's own word. */
  presenceRaw?: StringFilter | null | undefined;
  /** The reason that was given; false where none was. */
  reason?: ReasonFilter | null | undefined;
  /** How often upstream said something new about it, counted from 1. */
  revision?: IntFilter | null | undefined;
  /** The session that it belongs to; false where it belongs to none. */
  session?: SessionFilter | null | undefined;
  /** Upstream's id of the session that it belongs to; false where it belongs to none. */
  sessionId?: UuidFilter | null | undefined;
  /** When it began. */
  start?: DateTimeFilter | null | undefined;
  /** The event began within this stretch of time. */
  startedIn?: TimeRangeInput | null | undefined;
  /** What the agent does. */
  state?: AgentStateFilter | null | undefined;
  /** What the agent does, in upstream's own word. */
  stateRaw?: StringFilter | null | undefined;
  /** The transfers that it carries. */
  transfers?: TransfersFilter | null | undefined;
};

/** What made upstream write the record. */
export type EventType =
  /** What the agent has in hand, or could take, changed. */
  | 'AGENT_CAPACITY'
  /** The agent became not ready. */
  | 'AGENT_NOT_READY'
  /** The agent became ready to take interactions. */
  | 'AGENT_READY'
  /** The agent logged in. */
  | 'AGENT_SESSION_START'
  /** A value that this version does not know; `eventTypeRaw` has it, and `mirror.schemaDrift` lists it. */
  | 'UNKNOWN';

/** Comparisons of an enumeration; all that are given must hold, and one must be given. UNKNOWN is any value that this version does not know. */
export type EventTypeFilter = {
  /** Equals. */
  eq?: EventType | null | undefined;
  /** Equals one of these; none of them when the list is empty. */
  in?: Array<EventType> | null | undefined;
  /** true: the value is absent; false: it is present. */
  isNull?: boolean | null | undefined;
  /** Does not equal; an absent value does not equal anything. */
  ne?: EventType | null | undefined;
  /** Equals none of these; an absent value equals none. */
  notIn?: Array<EventType> | null | undefined;
};

/** A condition over events; what is given must all hold, and something must be given. */
export type EventsFilter = {
  /** Not one of them satisfies this. */
  none?: EventFilter | null | undefined;
  /** At least one of them satisfies this. */
  some?: EventFilter | null | undefined;
};

/** Why a stretch of time is not known. */
export type GapCause =
  /** A record names a successor that never came. */
  | 'CHAIN_BREAK'
  /** Left the three days of upstream unread: lost for ever. */
  | 'EXPIRED'
  /** Not read yet; will be while upstream still has it. */
  | 'OUTAGE'
  /** Upstream refuses the credentials or the window. */
  | 'REFUSED'
  /** No answer could be trusted. */
  | 'UNREADABLE';

/** How the feed is doing. */
export type Health =
  /** Upstream refuses the credentials. */
  | 'AUTH_FAILED'
  /** The server's clock and ours moved apart suddenly; the offset is measured anew. */
  | 'CLOCK_STEP'
  /** Upstream has faults, or the mirror lags; it is being retried. */
  | 'DEGRADED'
  /** The mirror cannot be written. */
  | 'DISK_FULL'
  /** The feed is read and fresh. */
  | 'OK'
  /** Nothing has been read yet. */
  | 'STARTING'
  /** The poller does not run. */
  | 'STOPPED'
  /** Upstream has not answered for a while. */
  | 'UNREACHABLE';

/** Comparisons of a whole number; all that are given must hold, and one must be given. */
export type IntFilter = {
  /** Equals. */
  eq?: number | null | undefined;
  /** Greater than; never true of an absent value. */
  gt?: number | null | undefined;
  /** Greater than or equal; never true of an absent value. */
  gte?: number | null | undefined;
  /** Equals one of these; none of them when the list is empty. */
  in?: Array<number> | null | undefined;
  /** true: the value is absent; false: it is present. */
  isNull?: boolean | null | undefined;
  /** Less than; never true of an absent value. */
  lt?: number | null | undefined;
  /** Less than or equal; never true of an absent value. */
  lte?: number | null | undefined;
  /** Does not equal; an absent value does not equal anything. */
  ne?: number | null | undefined;
  /** Equals none of these; an absent value equals none. */
  notIn?: Array<number> | null | undefined;
};

/** Whether the agent takes interactions. */
export type Presence =
  /** Logged in, takes none. */
  | 'NOT_READY'
  /** Not logged in. */
  | 'OFFLINE'
  /** Takes interactions. */
  | 'READY'
  /** A value that this version does not know; `presenceRaw` has it, and `mirror.schemaDrift` lists it. */
  | 'UNKNOWN';

/** Comparisons of an enumeration; all that are given must hold, and one must be given. UNKNOWN is any value that this version does not know. */
export type PresenceFilter = {
  /** Equals. */
  eq?: Presence | null | undefined;
  /** Equals one of these; none of them when the list is empty. */
  in?: Array<Presence> | null | undefined;
  /** true: the value is absent; false: it is present. */
  isNull?: boolean | null | undefined;
  /** Does not equal; an absent value does not equal anything. */
  ne?: Presence | null | undefined;
  /** Equals none of these; an absent value equals none. */
  notIn?: Array<Presence> | null | undefined;
};

/** Which reasons. What is given must all hold. A field that is left out or null is no condition; without any, everything is let through. */
export type ReasonFilter = {
  /** All of these hold; true when the list is empty. */
  and?: Array<ReasonFilter> | null | undefined;
  /** Name of the list that the reason is of. */
  listName?: StringFilter | null | undefined;
  /** Name of the reason. */
  name?: StringFilter | null | undefined;
  /** This does not hold: exactly the rows that it would not let through. */
  not?: ReasonFilter | null | undefined;
  /** At least one of these holds; false when the list is empty. */
  or?: Array<ReasonFilter> | null | undefined;
  /** Upstream's id of the reason. */
  reasonId?: StringFilter | null | undefined;
  /** Upstream's id of the list that the reason is of. */
  reasonListId?: StringFilter | null | undefined;
};

/** Comparisons of a length of time in seconds, to the millisecond; all that are given must hold, and one must be given. What has not ended has no length yet. */
export type SecondsFilter = {
  /** Equals. */
  eq?: number | null | undefined;
  /** Greater than; never true of an absent value. */
  gt?: number | null | undefined;
  /** Greater than or equal; never true of an absent value. */
  gte?: number | null | undefined;
  /** Equals one of these; none of them when the list is empty. */
  in?: Array<number> | null | undefined;
  /** true: the value is absent; false: it is present. */
  isNull?: boolean | null | undefined;
  /** Less than; never true of an absent value. */
  lt?: number | null | undefined;
  /** Less than or equal; never true of an absent value. */
  lte?: number | null | undefined;
  /** Does not equal; an absent value does not equal anything. */
  ne?: number | null | undefined;
  /** Equals none of these; an absent value equals none. */
  notIn?: Array<number> | null | undefined;
};

/** How the end of a session was inferred: no record says that an agent logged out. */
export type SessionEndSource =
  /** Its last event ended, and none followed. */
  | 'LAST_EVENT_ENDED'
  /** An event said that the agent is offline. */
  | 'OFFLINE_EVENT'
  /** The session goes on, as far as is known. */
  | 'OPEN'
  /** A newer session of the agent began. */
  | 'SUPERSEDED';

/** Comparisons of an enumeration; all that are given must hold, and one must be given. */
export type SessionEndSourceFilter = {
  /** Equals. */
  eq?: SessionEndSource | null | undefined;
  /** Equals one of these; none of them when the list is empty. */
  in?: Array<SessionEndSource> | null | undefined;
  /** Does not equal; an absent value does not equal anything. */
  ne?: SessionEndSource | null | undefined;
  /** Equals none of these; an absent value equals none. */
  notIn?: Array<SessionEndSource> | null | undefined;
};

/** Which sessions. What is given must all hold. A field that is left out or null is no condition; without any, everything is let through. */
export type SessionFilter = {
  /** The agent whose session it is. */
  agent?: AgentFilter | null | undefined;
  /** Upstream's id of the agent whose session it is. */
  agentId?: UuidFilter | null | undefined;
  /** All of these hold; true when the list is empty. */
  and?: Array<SessionFilter> | null | undefined;
  /** When it began, which LOGIN orders by: `loginTimestamp`, or else what stands in for it. */
  began?: DateTimeFilter | null | undefined;
  /** Length in seconds; absent while the session lasts. */
  durationSeconds?: SecondsFilter | null | undefined;
  /** When the session ended; absent while it lasts. */
  end?: DateTimeFilter | null | undefined;
  /** How the end was inferred. */
  endSource?: SessionEndSourceFilter | null | undefined;
  /** The events of the session. */
  events?: EventsFilter | null | undefined;
  /** When the agent logged in; absent where upstream never said. */
  loginTimestamp?: DateTimeFilter | null | undefined;
  /** This does not hold: exactly the rows that it would not let through. */
  not?: SessionFilter | null | undefined;
  /** At least one of these holds; false when the list is empty. */
  or?: Array<SessionFilter> | null | undefined;
  /** The session has a moment in common with this stretch of time, which must have begun; one without an end lasts until now. */
  overlaps?: TimeRangeInput | null | undefined;
  /** Upstream's id of the session. */
  sessionId?: UuidFilter | null | undefined;
  /** The session began within this stretch of time. */
  startedIn?: TimeRangeInput | null | undefined;
};

/** A condition over sessions; what is given must all hold, and something must be given. */
export type SessionsFilter = {
  /** Not one of them satisfies this. */
  none?: SessionFilter | null | undefined;
  /** At least one of them satisfies this. */
  some?: SessionFilter | null | undefined;
};

/** What happened to an agent, as seen through the filter. */
export type StateChangeKind =
  /** Satisfied the filter before and after; another event stands. */
  | 'CHANGED'
  /** Satisfies the filter now, and did not before. Where the filter speaks of the agent or the session, such as a name or a login, and that is told otherwise than before, it comes for an agent that may have been in: put it on the board, whether it is there or not. */
  | 'ENTERED'
  /** Does not satisfy the filter any more: take it off the board. Where the filter speaks of the agent or the session, such as a name or a login, it may come for an agent that was not on it. */
  | 'LEFT'
  /** Satisfied the filter before and after; what is known of the same event, or of its agent or session, changed: an end, a name, a login. */
  | 'REVISED';

/** What a batch of a stream is. */
export type StreamPhase =
  /** Nothing changed; the cursor and the watermarks have moved on. */
  | 'HEARTBEAT'
  /** Changes, in the order in which they became known. */
  | 'LIVE'
  /** Part of what stands now; more of it follows. */
  | 'SNAPSHOT'
  /** The snapshot is whole; from its cursor on, changes follow without a seam. */
  | 'SNAPSHOT_END';

/** Comparisons of a text; all that are given must hold, and one must be given. `eq` and the like are exact to the letter; texts are ordered by their UTF-8 bytes. */
export type StringFilter = {
  /** Has this text in it, whatever the case; `%` and `_` stand for themselves. */
  contains?: string | null | undefined;
  /** Equals. */
  eq?: string | null | undefined;
  /** Greater than; never true of an absent value. */
  gt?: string | null | undefined;
  /** Greater than or equal; never true of an absent value. */
  gte?: string | null | undefined;
  /** Equals one of these; none of them when the list is empty. */
  in?: Array<string> | null | undefined;
  /** true: the value is absent; false: it is present. */
  isNull?: boolean | null | undefined;
  /** Less than; never true of an absent value. */
  lt?: string | null | undefined;
  /** Less than or equal; never true of an absent value. */
  lte?: string | null | undefined;
  /** Does not equal; an absent value does not equal anything. */
  ne?: string | null | undefined;
  /** Equals none of these; an absent value equals none. */
  notIn?: Array<string> | null | undefined;
  /** Begins with this text, whatever the case; `%` and `_` stand for themselves. */
  startsWith?: string | null | undefined;
};

/** A stretch of time: from `from` on, up to but not including `to`. */
export type TimeRangeInput = {
  /** First instant that belongs to it. */
  from: string;
  /** First instant that no longer belongs to it; later than `from`. */
  to: string;
};

/** Which transfers. What is given must all hold. A field that is left out or null is no condition; without any, everything is let through. */
export type TransferFilter = {
  /** All of these hold; true when the list is empty. */
  and?: Array<TransferFilter> | null | undefined;
  /** Length in seconds; absent while no end is known. */
  durationSeconds?: SecondsFilter | null | undefined;
  /** When it ended; absent while no end is known. */
  end?: DateTimeFilter | null | undefined;
  /** The first event that carries it. */
  event?: EventFilter | null | undefined;
  /** The agent who handed it over. */
  fromAgent?: AgentFilter | null | undefined;
  /** Upstream's id of the agent who handed it over. */
  fromAgentId?: UuidFilter | null | undefined;
  /** Upstream's id of the interaction that was handed over. */
  interactionId?: UuidFilter | null | undefined;
  /** This does not hold: exactly the rows that it would not let through. */
  not?: TransferFilter | null | undefined;
  /** At least one of these holds; false when the list is empty. */
  or?: Array<TransferFilter> | null | undefined;
  /** The transfer has a moment in common with this stretch of time, which must have begun; one without an end lasts until now. */
  overlaps?: TimeRangeInput | null | undefined;
  /** When it began. */
  start?: DateTimeFilter | null | undefined;
  /** The transfer began within this stretch of time. */
  startedIn?: TimeRangeInput | null | undefined;
  /** The agent to whom it was handed. */
  toAgent?: AgentFilter | null | undefined;
  /** Upstream's id of the agent to whom it was handed. */
  toAgentId?: UuidFilter | null | undefined;
};

/** A condition over transfers; what is given must all hold, and something must be given. */
export type TransfersFilter = {
  /** Not one of them satisfies this. */
  none?: TransferFilter | null | undefined;
  /** At least one of them satisfies this. */
  some?: TransferFilter | null | undefined;
};

/** Comparisons of a UUID; all that are given must hold, and one must be given. */
export type UuidFilter = {
  /** Equals. */
  eq?: string | null | undefined;
  /** Equals one of these; none of them when the list is empty. */
  in?: Array<string> | null | undefined;
  /** true: the value is absent; false: it is present. */
  isNull?: boolean | null | undefined;
  /** Does not equal; an absent value does not equal anything. */
  ne?: string | null | undefined;
  /** Equals none of these; an absent value equals none. */
  notIn?: Array<string> | null | undefined;
};

export type AgentTimelineQueryVariables = Exact<{
  agent?: AgentFilter | null | undefined;
  from?: string | null | undefined;
  to?: string | null | undefined;
}>;


export type AgentTimelineQuery = { agents: { nodes: Array<{ name: string | null, timeline: Array<{ from: string, to: string, durationSeconds: number, state: AgentState | null, presence: Presence | null, direction: Direction | null, eventCount: number, certainty: Certainty, inferred: boolean, reason: { name: string | null } | null }> }> } };

export type AgentsQueryVariables = Exact<{ [key: string]: never; }>;


export type AgentsQuery = { agents: { totalCount: { value: number, precision: CountPrecision }, nodes: Array<{ id: string, agentId: string, name: string | null, names: Array<{ name: string, from: string, to: string }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type AgentsWithSessionsQueryVariables = Exact<{ [key: string]: never; }>;


export type AgentsWithSessionsQuery = { agents: { nodes: Array<{ name: string | null, sessions: { nodes: Array<{ loginTimestamp: string | null, end: string | null, endSource: SessionEndSource, durationSeconds: number | null, events: { nodes: Array<{ start: string, end: string | null, eventType: EventType | null, state: AgentState | null, presence: Presence | null, transfers: Array<{ start: string, end: string | null, toAgent: { name: string | null } }> }> } }> } }> } };

export type CapacityQueryVariables = Exact<{ [key: string]: never; }>;


export type CapacityQuery = { events: { nodes: Array<{ start: string, allocation: Allocation | null, agent: { name: string | null }, capacity: Array<{ load: number | null, capacity: number | null, allocation: Allocation | null, channels: { voice: number | null, email: number | null, messaging: number | null, sms: number | null, workItem: number | null, other: unknown } }> | null }> } };

export type EventsPageQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: EventFilter | null | undefined;
}>;


export type EventsPageQuery = { events: { streamCursor: string, edges: Array<{ cursor: string, node: { eventId: string, start: string, end: string | null, endSource: EventEndSource, durationSeconds: number | null, state: AgentState | null, stateRaw: string | null, presence: Presence | null, direction: Direction | null, revision: number, observedAt: string, agent: { name: string | null }, reason: { name: string | null, list: { name: string | null } | null } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type FloorNowQueryVariables = Exact<{ [key: string]: never; }>;


export type FloorNowQuery = { agentStatuses: { streamCursor: string, totalCount: { value: number }, nodes: Array<{ since: string | null, durationSeconds: number | null, certainty: Certainty, agent: { name: string | null }, reason: { name: string | null, list: { name: string | null } | null } | null }> } };

export type LongestAwayQueryVariables = Exact<{ [key: string]: never; }>;


export type LongestAwayQuery = { events: { totalCount: { value: number, precision: CountPrecision }, nodes: Array<{ start: string, end: string | null, durationSeconds: number | null, agent: { name: string | null }, reason: { name: string | null } | null, previous: { state: AgentState | null, start: string } | null, next: { state: AgentState | null, start: string } | null }> } };

export type MirrorHealthQueryVariables = Exact<{ [key: string]: never; }>;


export type MirrorHealthQuery = { mirror: { health: Health, healthMessage: string | null, freshThrough: string | null, completeThrough: string | null, lagSeconds: number | null, clockOffset: { lowMs: number, highMs: number } | null, backfill: { complete: boolean, doneSeconds: number, totalSeconds: number } | null, gaps: Array<{ from: string, to: string, cause: GapCause | null }>, counts: { agents: number, sessions: number, events: number, transfers: number } } };

export type OpenSessionsQueryVariables = Exact<{ [key: string]: never; }>;


export type OpenSessionsQuery = { sessions: { totalCount: { value: number, precision: CountPrecision }, nodes: Array<{ began: string, agent: { name: string | null }, lastEvent: { start: string, state: AgentState | null, presence: Presence | null } | null }> } };

export type ReasonsQueryVariables = Exact<{ [key: string]: never; }>;


export type ReasonsQuery = { reasons: Array<{ name: string | null, reasonId: string | null, firstSeen: string, lastSeen: string, list: { name: string | null } | null }> };

export type TransfersQueryVariables = Exact<{ [key: string]: never; }>;


export type TransfersQuery = { transfers: { nodes: Array<{ interactionId: string, start: string, end: string | null, durationSeconds: number | null, fromAgent: { name: string | null }, toAgent: { name: string | null, seen: boolean }, interaction: { broken: boolean, chain: Array<{ broken: boolean, transfer: { start: string, fromAgent: { name: string | null }, toAgent: { name: string | null } } }> } }> } };

export type WallboardSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type WallboardSubscription = { stateChanges: { phase: StreamPhase, cursor: string, freshThrough: string | null, health: Health, changes: Array<{ kind: StateChangeKind, agent: { agentId: string, name: string | null }, after: { state: AgentState | null, presence: Presence | null, since: string | null, inferred: boolean, reason: { name: string | null } | null } | null }> } };


export const AgentTimelineDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"AgentTimeline"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"agent"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"AgentFilter"}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"status"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"inferred"},"value":{"kind":"BooleanValue","value":false}}]}}]}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"from"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"to"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"agent"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"timeline"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"from"},"value":{"kind":"Variable","name":{"kind":"Name","value":"from"}}},{"kind":"Argument","name":{"kind":"Name","value":"to"},"value":{"kind":"Variable","name":{"kind":"Name","value":"to"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"durationSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"presence"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"reason"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"eventCount"}},{"kind":"Field","name":{"kind":"Name","value":"certainty"}},{"kind":"Field","name":{"kind":"Name","value":"inferred"}}]}}]}}]}}]}}]} as unknown as DocumentNode<AgentTimelineQuery, AgentTimelineQueryVariables>;
export const AgentsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Agents"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"precision"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"agentId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"names"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"to"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<AgentsQuery, AgentsQueryVariables>;
export const AgentsWithSessionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"AgentsWithSessions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"sessions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"3"}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"LOGIN_DESC"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"loginTimestamp"}},{"kind":"Field","name":{"kind":"Name","value":"end"}},{"kind":"Field","name":{"kind":"Name","value":"endSource"}},{"kind":"Field","name":{"kind":"Name","value":"durationSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"events"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"START_ASC"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"start"}},{"kind":"Field","name":{"kind":"Name","value":"end"}},{"kind":"Field","name":{"kind":"Name","value":"eventType"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"presence"}},{"kind":"Field","name":{"kind":"Name","value":"transfers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"toAgent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"start"}},{"kind":"Field","name":{"kind":"Name","value":"end"}}]}}]}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<AgentsWithSessionsQuery, AgentsWithSessionsQueryVariables>;
export const CapacityDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Capacity"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"events"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"eventType"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"eq"},"value":{"kind":"EnumValue","value":"AGENT_CAPACITY"}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"start"}},{"kind":"Field","name":{"kind":"Name","value":"allocation"}},{"kind":"Field","name":{"kind":"Name","value":"capacity"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"load"}},{"kind":"Field","name":{"kind":"Name","value":"capacity"}},{"kind":"Field","name":{"kind":"Name","value":"allocation"}},{"kind":"Field","name":{"kind":"Name","value":"channels"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"voice"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"messaging"}},{"kind":"Field","name":{"kind":"Name","value":"sms"}},{"kind":"Field","name":{"kind":"Name","value":"workItem"}},{"kind":"Field","name":{"kind":"Name","value":"other"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<CapacityQuery, CapacityQueryVariables>;
export const EventsPageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EventsPage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"50"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"EventFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"events"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"START_DESC"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"eventId"}},{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"start"}},{"kind":"Field","name":{"kind":"Name","value":"end"}},{"kind":"Field","name":{"kind":"Name","value":"endSource"}},{"kind":"Field","name":{"kind":"Name","value":"durationSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"stateRaw"}},{"kind":"Field","name":{"kind":"Name","value":"presence"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"reason"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"list"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"streamCursor"}}]}}]}}]} as unknown as DocumentNode<EventsPageQuery, EventsPageQueryVariables>;
export const FloorNowDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FloorNow"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agentStatuses"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"state"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"eq"},"value":{"kind":"EnumValue","value":"AWAY"}}]}}]}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"SINCE_ASC"}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"streamCursor"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"since"}},{"kind":"Field","name":{"kind":"Name","value":"durationSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"reason"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"list"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"certainty"}}]}}]}}]}}]} as unknown as DocumentNode<FloorNowQuery, FloorNowQueryVariables>;
export const LongestAwayDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"LongestAway"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"events"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"DURATION_DESC"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"state"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"eq"},"value":{"kind":"EnumValue","value":"AWAY"}}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"durationSeconds"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"gte"},"value":{"kind":"IntValue","value":"600"}}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"or"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"reason"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"name"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"contains"},"value":{"kind":"StringValue","value":"lunch","block":false}}]}}]}}]},{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"not"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"reason"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"name"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"startsWith"},"value":{"kind":"StringValue","value":"meet","block":false}}]}}]}}]}}]}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"precision"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"start"}},{"kind":"Field","name":{"kind":"Name","value":"end"}},{"kind":"Field","name":{"kind":"Name","value":"durationSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"reason"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"previous"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"start"}}]}},{"kind":"Field","name":{"kind":"Name","value":"next"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"start"}}]}}]}}]}}]}}]} as unknown as DocumentNode<LongestAwayQuery, LongestAwayQueryVariables>;
export const MirrorHealthDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"MirrorHealth"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mirror"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"health"}},{"kind":"Field","name":{"kind":"Name","value":"healthMessage"}},{"kind":"Field","name":{"kind":"Name","value":"freshThrough"}},{"kind":"Field","name":{"kind":"Name","value":"completeThrough"}},{"kind":"Field","name":{"kind":"Name","value":"lagSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"clockOffset"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"lowMs"}},{"kind":"Field","name":{"kind":"Name","value":"highMs"}}]}},{"kind":"Field","name":{"kind":"Name","value":"backfill"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"complete"}},{"kind":"Field","name":{"kind":"Name","value":"doneSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"totalSeconds"}}]}},{"kind":"Field","name":{"kind":"Name","value":"gaps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"cause"}}]}},{"kind":"Field","name":{"kind":"Name","value":"counts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agents"}},{"kind":"Field","name":{"kind":"Name","value":"sessions"}},{"kind":"Field","name":{"kind":"Name","value":"events"}},{"kind":"Field","name":{"kind":"Name","value":"transfers"}}]}}]}}]}}]} as unknown as DocumentNode<MirrorHealthQuery, MirrorHealthQueryVariables>;
export const OpenSessionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"OpenSessions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sessions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"LOGIN_ASC"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"end"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"isNull"},"value":{"kind":"BooleanValue","value":true}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"precision"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"began"}},{"kind":"Field","name":{"kind":"Name","value":"lastEvent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"start"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"presence"}}]}}]}}]}}]}}]} as unknown as DocumentNode<OpenSessionsQuery, OpenSessionsQueryVariables>;
export const ReasonsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Reasons"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reasons"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"reasonId"}},{"kind":"Field","name":{"kind":"Name","value":"list"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"firstSeen"}},{"kind":"Field","name":{"kind":"Name","value":"lastSeen"}}]}}]}}]} as unknown as DocumentNode<ReasonsQuery, ReasonsQueryVariables>;
export const TransfersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Transfers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"transfers"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"interactionId"}},{"kind":"Field","name":{"kind":"Name","value":"fromAgent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"toAgent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"seen"}}]}},{"kind":"Field","name":{"kind":"Name","value":"start"}},{"kind":"Field","name":{"kind":"Name","value":"end"}},{"kind":"Field","name":{"kind":"Name","value":"durationSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"interaction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"broken"}},{"kind":"Field","name":{"kind":"Name","value":"chain"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"broken"}},{"kind":"Field","name":{"kind":"Name","value":"transfer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fromAgent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"toAgent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"start"}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<TransfersQuery, TransfersQueryVariables>;
export const WallboardDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"Wallboard"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stateChanges"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"snapshot"},"value":{"kind":"BooleanValue","value":true}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"freshThrough"}},{"kind":"Field","name":{"kind":"Name","value":"health"}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agentId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"after"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"presence"}},{"kind":"Field","name":{"kind":"Name","value":"since"}},{"kind":"Field","name":{"kind":"Name","value":"reason"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"inferred"}}]}}]}}]}}]}}]} as unknown as DocumentNode<WallboardSubscription, WallboardSubscriptionVariables>;