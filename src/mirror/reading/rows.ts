/**
 * Rows as the mirror stores them: ids packed, enumerations as codes, other rows by their row id. `…Columns` are the
 * select lists that yield them, over the table's own name.
 */
export type AgentRow = {
  id: number;
  agentId: Buffer;
  platformAgentId: number | null;
  tenantAgentId: number | null;
  name: string | null;
  nameKey: string;
  /** 0: known only as a transfer's target. */
  seen: number;
};
export const agentColumns = `agent.id, agent.agent_id as agentId, agent.platform_agent_id as platformAgentId,
  agent.tenant_agent_id as tenantAgentId, agent.name, agent.name_key as nameKey, agent.seen`;

export type SessionRow = {
  id: number;
  sessionId: Buffer;
  agent: number;
  loginMs: number | null;
  beganMs: number;
  endMs: number | null;
  /** sessionEndSourceCodes */
  endSource: number;
  /** event.id */
  lastEvent: number | null;
};
export const sessionColumns = `session.id, session.session_id as sessionId, session.agent, session.login_ms as loginMs,
  session.began_ms as beganMs, session.end_ms as endMs, session.end_source as endSource,
  session.last_event as lastEvent`;

export type EventRow = {
  id: number;
  eventId: Buffer;
  agent: number;
  session: number | null;
  startMs: number;
  endMs: number | null;
  /** endSourceCodes */
  endSource: number;
  reportedEndMs: number | null;
  reportedDurationMs: number | null;
  eventType: number | null;
  presence: number | null;
  state: number | null;
  allocation: number | null;
  direction: number | null;
  reason: number | null;
  capacity: number | null;
  /** name_text.id */
  name: number | null;
  nextEventId: Buffer | null;
  revision: number;
  observedMs: number;
  startInferred: number;
  extra: string | null;
};
export const eventColumns = `event.id, event.event_id as eventId, event.agent, event.session,
  event.start_ms as startMs, event.end_ms as endMs, event.end_source as endSource,
  event.reported_end_ms as reportedEndMs, event.reported_duration_ms as reportedDurationMs,
  event.event_type as eventType, event.presence, event.state, event.allocation, event.direction, event.reason,
  event.capacity, event.name, event.next_event_id as nextEventId, event.revision,
  event.observed_ms as observedMs, event.start_inferred as startInferred, event.extra`;

export type TransferRow = {
  id: number;
  interactionId: Buffer;
  /** agent.id */
  fromAgent: number;
  toAgent: number;
  startMs: number;
  endMs: number | null;
  /** event.id of the first record, by order, that carries it. */
  event: number;
  observedMs: number;
};
export const transferColumns = `transfer.id, transfer.interaction_id as interactionId, transfer.from_agent as fromAgent,
  transfer.to_agent as toAgent, transfer.start_ms as startMs, transfer.end_ms as endMs, transfer.event,
  transfer.observed_ms as observedMs`;

/** Absent attributes are ''. */
export type ReasonRow = {
  id: number;
  reasonId: string;
  name: string;
  reasonListId: string;
  listName: string;
  firstSeenMs: number;
  lastSeenMs: number;
};
export const reasonColumns = `reason.id, reason.reason_id as reasonId, reason.name, reason.reason_list_id as reasonListId,
  reason.list_name as listName, reason.first_seen_ms as firstSeenMs, reason.last_seen_ms as lastSeenMs`;

/** What an open event's or session's duration sorts as: longer than any. */
export const OPEN_DURATION_KEY = 9_000_000_000_000_000;
