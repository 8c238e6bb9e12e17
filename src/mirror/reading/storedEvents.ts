import type { EndSource } from '../codes.ts';
import { type CodedAttribute, endSourceCodes, namesOf } from '../codes.ts';
import { unpackId } from '../ids.ts';
import { rawValue } from './codedValues.ts';
import type { MirrorReader } from './reader.ts';

/** One event with everything that it refers to, in upstream's own words. Instants in milliseconds UTC. */
export type StoredEvent = {
  eventId: string;
  agentId: string;
  agentName: string | null;
  platformAgentId: number | null;
  tenantAgentId: number | null;
  sessionId: string | null;
  loginMs: number | null;
  eventType: string | null;
  startMs: number;
  /** The effective end, and where it comes from. */
  endMs: number | null;
  endSource: EndSource;
  reportedEndMs: number | null;
  reportedDurationMs: number | null;
  presence: string | null;
  state: string | null;
  allocation: string | null;
  direction: string | null;
  reasonId: string | null;
  reasonName: string | null;
  reasonListId: string | null;
  reasonListName: string | null;
  nextEventId: string | null;
  /** JSON array of capacity groups. */
  capacityJson: string | null;
  /** JSON object of attributes that nobody knows. */
  extraJson: string | null;
  revision: number;
  observedMs: number;
};

type Row = {
  eventId: Buffer;
  agentId: Buffer;
  agentName: string | null;
  platformAgentId: number | null;
  tenantAgentId: number | null;
  sessionId: Buffer | null;
  loginMs: number | null;
  eventType: number | null;
  startMs: number;
  endMs: number | null;
  endSource: number;
  reportedEndMs: number | null;
  reportedDurationMs: number | null;
  presence: number | null;
  state: number | null;
  allocation: number | null;
  direction: number | null;
  reasonId: string | null;
  reasonName: string | null;
  reasonListId: string | null;
  reasonListName: string | null;
  nextEventId: Buffer | null;
  capacityJson: string | null;
  extraJson: string | null;
  revision: number;
  observedMs: number;
};

const PAGE = `
  select event.event_id as eventId, agent.agent_id as agentId, name_text.name as agentName,
    agent.platform_agent_id as platformAgentId, agent.tenant_agent_id as tenantAgentId,
    session.session_id as sessionId, session.login_ms as loginMs, event.event_type as eventType,
    event.start_ms as startMs, event.end_ms as endMs, event.end_source as endSource,
    event.reported_end_ms as reportedEndMs, event.reported_duration_ms as reportedDurationMs,
    event.presence, event.state, event.allocation, event.direction,
    nullif(reason.reason_id, '') as reasonId, nullif(reason.name, '') as reasonName,
    nullif(reason.reason_list_id, '') as reasonListId, nullif(reason.list_name, '') as reasonListName,
    event.next_event_id as nextEventId, capacity_text.body as capacityJson, event.extra as extraJson,
    event.revision, event.observed_ms as observedMs
  from event
  join agent on agent.id = event.agent
  left join session on session.id = event.session
  left join name_text on name_text.id = event.name
  left join reason on reason.id = event.reason
  left join capacity_text on capacity_text.id = event.capacity
  where (event.start_ms, event.event_id) > (?, ?) and event.start_ms < ?
  order by event.start_ms, event.event_id
  limit ?`;

const BEFORE_ANY_ID = Buffer.alloc(0);

const endSources = namesOf(endSourceCodes);

/**
 * Events that began in [fromMs, toMs), by (start, id), page by page. Each page is one commit's truth; all of them
 * together need not be, while a writer goes on.
 */
export function* readStoredEvents(
  reader: MirrorReader,
  span: { fromMs: number; toMs: number },
  pageSize = 1_000,
): Generator<StoredEvent[]> {
  let afterMs = span.fromMs;
  let afterId: Buffer = BEFORE_ANY_ID;
  for (;;) {
    const rows = reader.all<Row>(PAGE, afterMs, afterId, span.toMs, pageSize);
    const last = rows.at(-1);
    if (!last) return;
    const raw = (attribute: CodedAttribute, code: number | null) =>
      code === null ? null : rawValue(reader, attribute, code);
    yield rows.map((row) => ({
      ...row,
      eventId: unpackId(row.eventId),
      agentId: unpackId(row.agentId),
      sessionId: row.sessionId && unpackId(row.sessionId),
      nextEventId: row.nextEventId && unpackId(row.nextEventId),
      // A code that the writer alone puts there.
      endSource: endSources.get(row.endSource)!,
      eventType: raw('eventType', row.eventType),
      presence: raw('presence', row.presence),
      state: raw('state', row.state),
      allocation: raw('allocation', row.allocation),
      direction: raw('direction', row.direction),
    }));
    if (rows.length < pageSize) return;
    afterMs = last.startMs;
    afterId = last.eventId;
  }
}
