import type { Database } from 'better-sqlite3';
import { UNPEEKED } from '../unpeeked.ts';
import type { Position } from './eventRow.ts';

/** A row of `session`. */
export type StoredSession = {
  id: number;
  /** Packed. */
  sessionId: Buffer;
  agent: number;
  loginMs: number | null;
  beganMs: number;
  endMs: number | null;
  /** sessionEndSourceCodes */
  endSource: number;
  /** event.id */
  lastEvent: number | null;
  endCheckMs: number | null;
};

/** What a session's end is inferred from. */
export type LastEvent = Position & {
  id: number;
  reportedEndMs: number | null;
  /** 1: it names a successor. */
  hasNextEventId: number;
  state: number | null;
  presence: number | null;
};

export type SessionRow = StoredSession & { last: LastEvent | null };

const columns = `id, session_id as sessionId, agent, login_ms as loginMs, began_ms as beganMs, end_ms as endMs,
  end_source as endSource, last_event as lastEvent, end_check_ms as endCheckMs`;

export const dueSql = `select ${columns} from session where end_check_ms > ? and end_check_ms < ?`;

/** Reads and writes of `session`. */
export const createSessionTable = (database: Database) => {
  const bySessionId = database.prepare<[Buffer], StoredSession>(
    `select ${columns} from session where session_id = ?`,
  );
  const byId = database.prepare<[number], StoredSession>(`select ${columns} from session where id = ?`);
  const ofAgent = database.prepare<[number], StoredSession>(
    `select ${columns} from session where agent = ${UNPEEKED} order by began_ms, session_id`,
  );
  const due = database.prepare<[number, number], StoredSession>(dueSql);
  // A session whose events were all revised into others never stands in the way.
  const newest = database.prepare<[number], StoredSession>(
    `select ${columns} from session where agent = ${UNPEEKED} and last_event is not null
     order by began_ms desc, session_id desc limit 1`,
  );
  const superseding = database
    .prepare<[number, number, Buffer, number], number>(
      `select began_ms from session where agent = ${UNPEEKED} and (began_ms, session_id) > (?, ?) and began_ms >= ?
       and last_event is not null order by began_ms, session_id limit 1`,
    )
    .pluck();
  const lastEvent = database.prepare<[number], LastEvent>(
    `select id, event_id as eventId, start_ms as startMs, reported_end_ms as reportedEndMs,
       next_event_id is not null as hasNextEventId, state, presence
     from event where session = ${UNPEEKED} order by start_ms desc, event_id desc limit 1`,
  );
  const insert = database.prepare<[Buffer, number, number | null, number]>(
    'insert into session (session_id, agent, login_ms, began_ms) values (?, ?, ?, ?)',
  );
  const setBegan = database.prepare('update session set login_ms = ?, began_ms = ? where id = ?');
  const setLast = database.prepare('update session set last_event = ? where id = ?');
  const setEnd = database.prepare(
    'update session set end_ms = ?, end_source = ?, end_check_ms = ? where id = ?',
  );

  return {
    bySessionId: (sessionId: Buffer) => bySessionId.get(sessionId),
    byId: (id: number) => byId.get(id),
    ofAgent: (agent: number) => ofAgent.all(agent),
    /** Sessions that were left open for what came after their last event's reported end, where that lies in between. */
    due: (afterMs: number, beforeMs: number) => due.all(afterMs, beforeMs),
    newestOf: (agent: number) => newest.get(agent),
    supersededMs: (row: StoredSession, startMs: number) =>
      superseding.get(row.agent, row.beganMs, row.sessionId, startMs) ?? null,
    lastEventOf: (id: number) => lastEvent.get(id) ?? null,
    insert: (sessionId: Buffer, agent: number, loginMs: number | null, beganMs: number): number =>
      Number(insert.run(sessionId, agent, loginMs, beganMs).lastInsertRowid),
    setBegan: (row: StoredSession) => setBegan.run(row.loginMs, row.beganMs, row.id),
    setLast: (row: StoredSession) => setLast.run(row.lastEvent, row.id),
    setEnd: (row: StoredSession) => setEnd.run(row.endMs, row.endSource, row.endCheckMs, row.id),
  };
};
