import type { MirrorReader, SqlValue } from './reader.ts';
import {
  type AgentRow,
  agentColumns,
  type EventRow,
  eventColumns,
  type ReasonRow,
  reasonColumns,
  type SessionRow,
  sessionColumns,
  type TransferRow,
  transferColumns,
} from './rows.ts';

const byRowId =
  <Row extends { id: number }>(table: string, columns: string) =>
  (reader: MirrorReader, ids: Iterable<number>): Map<number, Row> => {
    const distinct = [...new Set(ids)];
    if (distinct.length === 0) return new Map();
    const rows = reader.all<Row>(
      `select ${columns} from json_each(?) as wanted cross join ${table} on ${table}.id = wanted.value`,
      JSON.stringify(distinct),
    );
    return new Map(rows.map((row) => [row.id, row]));
  };

/** Rows by their row id; one statement for any number of them. */
export const readAgents = byRowId<AgentRow>('agent', agentColumns);
export const readSessions = byRowId<SessionRow>('session', sessionColumns);
export const readEvents = byRowId<EventRow>('event', eventColumns);
export const readTransfers = byRowId<TransferRow>('transfer', transferColumns);
export const readReasons = byRowId<ReasonRow>('reason', reasonColumns);

const byPackedId =
  <Row>(table: string, idColumn: string, columns: string) =>
  (reader: MirrorReader, packedIds: readonly Buffer[]): Row[] =>
    packedIds.length === 0
      ? []
      : reader.all<Row>(
          `select ${columns} from json_each(?) as wanted cross join ${table} on ${table}.${idColumn} = unhex(wanted.value)`,
          JSON.stringify(packedIds.map((id) => id.toString('hex'))),
        );

/** Rows by their packed id, in no order; ids that the mirror does not hold are left out. */
export const findAgents = byPackedId<AgentRow>('agent', 'agent_id', agentColumns);
export const findSessions = byPackedId<SessionRow>('session', 'session_id', sessionColumns);
export const findEvents = byPackedId<EventRow>('event', 'event_id', eventColumns);
/** All transfers of the interactions. */
export const findTransfersOf = byPackedId<TransferRow>('transfer', 'interaction_id', transferColumns);

/** Every reason as seen, in the order of (list name, name). */
export const readAllReasons = (reader: MirrorReader): ReasonRow[] =>
  reader.all<ReasonRow>(
    `select ${reasonColumns} from reason where not (reason_id = '' and name = '' and reason_list_id = '' and list_name = '')
     order by list_name, name, reason_id, id`,
  );

export type AgentNameRow = { agent: number; name: string; fromMs: number; toMs: number };
/** Every name of the agents, newest first. */
export const readAgentNames = (reader: MirrorReader, agents: readonly number[]): AgentNameRow[] =>
  reader.all<AgentNameRow>(
    `select agent_name.agent, agent_name.name, agent_name.from_ms as fromMs, agent_name.to_ms as toMs
     from json_each(?) as wanted cross join agent_name on agent_name.agent = wanted.value
     order by agent_name.to_ms desc, agent_name.name`,
    JSON.stringify(agents),
  );

/** Capacity groups as JSON text, by row id of the dictionary. */
export const readCapacities = (reader: MirrorReader, ids: Iterable<number>): Map<number, string> =>
  readTexts(
    reader,
    'select capacity_text.id, capacity_text.body as text from json_each(?) as wanted cross join capacity_text on capacity_text.id = wanted.value',
    ids,
  );

/** Agent names as they stood on events, by row id of the dictionary. */
export const readNameTexts = (reader: MirrorReader, ids: Iterable<number>): Map<number, string> =>
  readTexts(
    reader,
    'select name_text.id, name_text.name as text from json_each(?) as wanted cross join name_text on name_text.id = wanted.value',
    ids,
  );

const readTexts = (reader: MirrorReader, sql: string, ids: Iterable<number>): Map<number, string> => {
  const distinct: SqlValue = JSON.stringify([...new Set(ids)]);
  if (distinct === '[]') return new Map();
  return new Map(reader.all<{ id: number; text: string }>(sql, distinct).map((row) => [row.id, row.text]));
};

/** Transfers that each of the events carries, in the order of (start, key). */
export const readTransfersOfEvents = (
  reader: MirrorReader,
  events: readonly number[],
): (TransferRow & { carrier: number })[] =>
  reader.all<TransferRow & { carrier: number }>(
    `select event_transfer.event as carrier, ${transferColumns}
     from json_each(?) as wanted
     cross join event_transfer on event_transfer.event = wanted.value
     cross join transfer on transfer.id = event_transfer.transfer
     order by transfer.start_ms, transfer.id`,
    JSON.stringify(events),
  );

/** The event just before or after each of these in its session, by row id; events without a session have none. */
export const readNeighbours = (
  reader: MirrorReader,
  events: readonly EventRow[],
  side: 'next' | 'previous',
): Map<number, EventRow> => {
  const [operator, direction] = side === 'next' ? ['>', 'asc'] : ['<', 'desc'];
  const inSession = events.filter((event) => event.session !== null);
  if (inSession.length === 0) return new Map();
  const rows = reader.all<EventRow & { beside: number }>(
    `select wanted.value ->> 0 as beside, ${eventColumns}
     from json_each(?) as wanted
     cross join event on event.id = (
       select near.id from event as near indexed by event_by_session
       where near.session = wanted.value ->> 1
         and (near.start_ms, near.event_id) ${operator} (wanted.value ->> 2, unhex(wanted.value ->> 3))
       order by near.start_ms ${direction}, near.event_id ${direction} limit 1)`,
    JSON.stringify(
      inSession.map((event) => [event.id, event.session, event.startMs, event.eventId.toString('hex')]),
    ),
  );
  return new Map(rows.map((row) => [row.beside, row]));
};
