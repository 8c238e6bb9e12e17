import type { TransferRecord } from '../../upstream/index.ts';
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
  /** Those that any version of its record carried, each with the latest end that any record gives it. */
  transfers: TransferRecord[];
  revision: number;
  observedMs: number;
};

type Row = {
  id: number;
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
  select event.id, event.event_id as eventId, agent.agent_id as agentId, name_text.name as agentName,
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

export const carriedSql = `
  select event_transfer.event, transfer.interaction_id as interactionId, agent.agent_id as toAgentId,
    transfer.start_ms as startMs, transfer.end_ms as endMs
  from json_each(?) as wanted
  cross join event_transfer on event_transfer.event = wanted.value
  cross join transfer on transfer.id = event_transfer.transfer
  cross join agent on agent.id = transfer.to_agent
  order by event_transfer.event, transfer.start_ms, transfer.id`;

type CarriedRow = {
  event: number;
  interactionId: Buffer;
  toAgentId: Buffer;
  startMs: number;
  endMs: number | null;
};

const readTransfers = (reader: MirrorReader, events: readonly number[]): Map<number, TransferRecord[]> => {
  const carried = new Map<number, TransferRecord[]>();
  for (const { event, interactionId, toAgentId, ...times } of reader.all<CarriedRow>(
    carriedSql,
    JSON.stringify(events),
  )) {
    const transfer = { interactionId: unpackId(interactionId), toAgentId: unpackId(toAgentId), ...times };
    const known = carried.get(event);
    if (known) known.push(transfer);
    else carried.set(event, [transfer]);
  }
  return carried;
};

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
    const transfers = readTransfers(
      reader,
      rows.map(({ id }) => id),
    );
    yield rows.map(({ id, ...row }) => ({
      ...row,
      transfers: transfers.get(id) ?? [],
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
