import type { Database } from 'better-sqlite3';
import { UNPEEKED } from '../unpeeked.ts';
import type { EventRow, Position } from './eventRow.ts';

const columns = `id, event_id as eventId, agent, session, start_ms as startMs, end_ms as endMs, end_source as endSource,
  reported_end_ms as reportedEndMs, reported_duration_ms as reportedDurationMs, event_type as eventType, presence, state,
  allocation, direction, reason, capacity, name, next_event_id as nextEventId, revision, observed_ms as observedMs,
  start_inferred as startInferred, extra, completeness`;

/** Point reads and writes of `event`. */
export const createEvents = (database: Database) => {
  const byEventId = database.prepare<[Buffer], EventRow>(`select ${columns} from event where event_id = ?`);
  const byId = database.prepare<[number], EventRow>(`select ${columns} from event where id = ?`);
  const insert = database.prepare(
    `insert into event (id, event_id, agent, session, start_ms, end_ms, end_source, reported_end_ms,
       reported_duration_ms, event_type, presence, state, allocation, direction, reason, capacity, name, next_event_id,
       revision, observed_ms, start_inferred, extra, completeness)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const replace = database.prepare(
    `update event set session = ?, start_ms = ?, end_ms = ?, end_source = ?, reported_end_ms = ?,
       reported_duration_ms = ?, event_type = ?, presence = ?, state = ?, allocation = ?, direction = ?, reason = ?,
       capacity = ?, name = ?, next_event_id = ?, revision = ?, observed_ms = ?, start_inferred = ?, extra = ?,
       completeness = ? where id = ?`,
  );
  const setEnd = database.prepare(
    'update event set end_ms = ?, end_source = ?, revision = ?, observed_ms = ? where id = ?',
  );
  const raise = database.prepare<[number, number]>('update event set completeness = ? where id = ?');
  const maxId = database.prepare<[], number | null>('select max(id) from event').pluck();
  let lastId = maxId.get() ?? 0;

  const previousInSession = database
    .prepare<[number, number, Buffer], number>(
      `select id from event where session = ${UNPEEKED} and (start_ms, event_id) < (?, ?)
       order by start_ms desc, event_id desc limit 1`,
    )
    .pluck();
  const nextInSession = database
    .prepare<[number, number, Buffer], number>(
      `select start_ms from event where session = ${UNPEEKED} and (start_ms, event_id) > (?, ?)
       order by start_ms, event_id limit 1`,
    )
    .pluck();
  const nextOfAgent = database
    .prepare<[number, number, Buffer], number>(
      `select start_ms from event where agent = ${UNPEEKED} and (start_ms, event_id) > (?, ?)
       order by start_ms, event_id limit 1`,
    )
    .pluck();
  const firstWeakInSession = database
    .prepare<[number], number>(
      `select start_ms from event indexed by event_weak_end where session = ${UNPEEKED} and end_source < 4
       order by start_ms limit 1`,
    )
    .pluck();
  // Walks only what follows the agent's previous event without a session.
  const previousSessionless = database
    .prepare<[number, number, Buffer], number>(
      `select id from event where agent = ${UNPEEKED} and session is null and (start_ms, event_id) < (?, ?)
       order by start_ms desc, event_id desc limit 1`,
    )
    .pluck();
  const anySessionless = database
    .prepare<[], number>('select 1 from event where session is null limit 1')
    .pluck();
  let sessionlessSeen = anySessionless.get() !== undefined;

  return {
    byEventId: (eventId: Buffer) => byEventId.get(eventId),
    byId: (id: number) => byId.get(id),
    nextId: () => {
      lastId += 1;
      return lastId;
    },
    insert(e: EventRow) {
      if (e.session === null) sessionlessSeen = true;
      insert.run(
        e.id,
        e.eventId,
        e.agent,
        e.session,
        e.startMs,
        e.endMs,
        e.endSource,
        e.reportedEndMs,
        e.reportedDurationMs,
        e.eventType,
        e.presence,
        e.state,
        e.allocation,
        e.direction,
        e.reason,
        e.capacity,
        e.name,
        e.nextEventId,
        e.revision,
        e.observedMs,
        e.startInferred,
        e.extra,
        e.completeness,
      );
    },
    replace(e: EventRow) {
      if (e.session === null) sessionlessSeen = true;
      replace.run(
        e.session,
        e.startMs,
        e.endMs,
        e.endSource,
        e.reportedEndMs,
        e.reportedDurationMs,
        e.eventType,
        e.presence,
        e.state,
        e.allocation,
        e.direction,
        e.reason,
        e.capacity,
        e.name,
        e.nextEventId,
        e.revision,
        e.observedMs,
        e.startInferred,
        e.extra,
        e.completeness,
        e.id,
      );
    },
    setEnd(e: EventRow) {
      setEnd.run(e.endMs, e.endSource, e.revision, e.observedMs, e.id);
    },
    raiseCompleteness(id: number, completeness: number) {
      raise.run(completeness, id);
    },
    previousInSession: (session: number, at: Position) =>
      previousInSession.get(session, at.startMs, at.eventId),
    nextStartInSession: (session: number, at: Position) => nextInSession.get(session, at.startMs, at.eventId),
    nextStartOfAgent: (agent: number, at: Position) => nextOfAgent.get(agent, at.startMs, at.eventId),
    /** Start of the session's first event whose end is not reported. */
    firstWeakEnd: (session: number) => firstWeakInSession.get(session),
    /** The agent's previous event without a session; costs nothing while upstream always gives one. */
    previousSessionless: (agent: number, at: Position) =>
      sessionlessSeen ? previousSessionless.get(agent, at.startMs, at.eventId) : undefined,
    sessionlessSeen: () => sessionlessSeen,
    forget() {
      lastId = maxId.get() ?? 0;
      sessionlessSeen = anySessionless.get() !== undefined;
    },
  };
};
export type Events = ReturnType<typeof createEvents>;
