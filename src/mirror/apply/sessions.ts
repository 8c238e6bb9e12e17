import type { Database } from 'better-sqlite3';
import { type AgentStateRecord, uuidTimeMs } from '../../upstream/index.ts';
import { packId } from '../ids.ts';
import { SESSION_QUIET_MS, sessionEnd } from './sessionEnd.ts';

export type SessionRow = {
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

export type LastEvent = {
  id: number;
  startMs: number;
  reportedEndMs: number | null;
  nextEventId: Buffer | null;
  state: number | null;
  presence: number | null;
  endSource: number;
};

const columns = `id, session_id as sessionId, agent, login_ms as loginMs, began_ms as beganMs, end_ms as endMs,
  end_source as endSource, last_event as lastEvent, end_check_ms as endCheckMs`;

/**
 * Sessions as the records name them. Those that a frame touches are held until its end, so that each is written once.
 */
export const createSessions = (database: Database) => {
  const bySessionId = database.prepare<[Buffer], SessionRow>(
    `select ${columns} from session where session_id = ?`,
  );
  const byId = database.prepare<[number], SessionRow>(`select ${columns} from session where id = ?`);
  const byAgent = database.prepare<[number], SessionRow>(
    `select ${columns} from session where agent = ? order by began_ms, session_id`,
  );
  const due = database.prepare<[number], SessionRow>(
    `select ${columns} from session where end_check_ms is not null and end_check_ms <= ?`,
  );
  const insert = database.prepare<[Buffer, number, number | null, number]>(
    'insert into session (session_id, agent, login_ms, began_ms) values (?, ?, ?, ?)',
  );
  const setBegan = database.prepare('update session set login_ms = ?, began_ms = ? where id = ?');
  const setLast = database.prepare('update session set last_event = ? where id = ?');
  const setEnd = database.prepare(
    'update session set end_ms = ?, end_source = ?, end_check_ms = ? where id = ?',
  );
  const lastEvent = database.prepare<[number], LastEvent>(
    `select id, start_ms as startMs, reported_end_ms as reportedEndMs, next_event_id as nextEventId, state, presence,
       end_source as endSource from event where session = ? order by start_ms desc, event_id desc limit 1`,
  );
  // A session whose events were all revised into others never stands in the way.
  const superseding = database
    .prepare<[number, number, Buffer, number], number>(
      `select began_ms from session where agent = ? and (began_ms, session_id) > (?, ?) and began_ms >= ?
       and last_event is not null order by began_ms, session_id limit 1`,
    )
    .pluck();
  const newest = database.prepare<[number], SessionRow>(
    `select ${columns} from session where agent = ? and last_event is not null
     order by began_ms desc, session_id desc limit 1`,
  );

  const inFrame = new Map<number, SessionRow>();
  const idsInFrame = new Map<string, SessionRow>();
  /** Sessions whose events changed in this frame. */
  const spoken = new Set<SessionRow>();
  /** Agents whose sessions are other ones than before, or in another order. */
  const reordered = new Set<number>();

  const hold = (row: SessionRow): SessionRow => {
    const held = inFrame.get(row.id);
    if (held) return held;
    inFrame.set(row.id, row);
    return row;
  };

  const find = (sessionId: string): SessionRow | null => {
    const cached = idsInFrame.get(sessionId);
    if (cached) return cached;
    const stored = bySessionId.get(packId(sessionId));
    if (!stored) return null;
    const row = hold(stored);
    idsInFrame.set(sessionId, row);
    return row;
  };

  const rowOf = (id: number): SessionRow => {
    const held = inFrame.get(id);
    // Every session that an event names has a row: both are written, and pruned, in one transaction.
    return held ?? hold(byId.get(id)!);
  };

  return {
    rowOf,
    /** The session of a record, made or moved back in time as the record demands; null when it belongs to another agent. */
    of(record: AgentStateRecord & { sessionId: string }, agent: number): SessionRow | null {
      const row = find(record.sessionId);
      if (!row) {
        const made: SessionRow = {
          id: 0,
          sessionId: packId(record.sessionId),
          agent,
          loginMs: record.loginMs,
          beganMs: record.loginMs ?? uuidTimeMs(record.sessionId) ?? record.startMs,
          endMs: null,
          endSource: 0,
          lastEvent: null,
          endCheckMs: null,
        };
        made.id = Number(insert.run(made.sessionId, agent, made.loginMs, made.beganMs).lastInsertRowid);
        reordered.add(agent);
        idsInFrame.set(record.sessionId, made);
        return hold(made);
      }
      if (row.agent !== agent) return null;
      // One login a session; should upstream contradict itself, the earliest stands, in whatever order they came.
      const loginMs =
        record.loginMs === null ? row.loginMs : Math.min(record.loginMs, row.loginMs ?? record.loginMs);
      const beganMs = loginMs ?? uuidTimeMs(record.sessionId) ?? Math.min(row.beganMs, record.startMs);
      if (loginMs !== row.loginMs || beganMs !== row.beganMs) {
        if (beganMs !== row.beganMs) reordered.add(agent);
        row.loginMs = loginMs;
        row.beganMs = beganMs;
        setBegan.run(loginMs, beganMs, row.id);
      }
      return row;
    },
    /** One of the session's events is new, or says something new. */
    spoke(id: number) {
      spoken.add(rowOf(id));
    },
    /** Brings `lastEvent` of the sessions that spoke up to date. */
    refreshLast() {
      for (const row of spoken) {
        const last = lastEvent.get(row.id)?.id ?? null;
        if (last === row.lastEvent) continue;
        if (last === null || row.lastEvent === null) reordered.add(row.agent);
        row.lastEvent = last;
        setLast.run(last, row.id);
      }
    },
    reordered: (): ReadonlySet<number> => reordered,
    spoken: (): ReadonlySet<SessionRow> => spoken,
    ofAgent: (agent: number): SessionRow[] => byAgent.all(agent).map(hold),
    lastEventOf: (id: number) => lastEvent.get(id),
    /** When the agent's first newer session began that did not begin before `startMs`. */
    supersededMs: (row: SessionRow, startMs: number): number | null =>
      superseding.get(row.agent, row.beganMs, row.sessionId, startMs) ?? null,
    newestOf(agent: number): SessionRow | null {
      const row = newest.get(agent);
      return row ? hold(row) : null;
    },
    /**
     * Infers anew the ends of the sessions that spoke, of their agents' others where the order changed, and of those that
     * only waited for coverage. Answers the agents for whom an end changed.
     */
    inferEnds(freshThroughMs: number | null): Set<number> {
      const asked = new Set(spoken);
      for (const agent of reordered) for (const row of byAgent.all(agent)) asked.add(hold(row));
      if (freshThroughMs !== null) {
        for (const row of due.all(freshThroughMs - SESSION_QUIET_MS)) asked.add(hold(row));
      }
      const agents = new Set<number>();
      for (const row of asked) {
        const last = lastEvent.get(row.id);
        const end = sessionEnd({
          last: last ? { ...last, hasNextEventId: last.nextEventId !== null } : null,
          supersededMs: last
            ? (superseding.get(row.agent, row.beganMs, row.sessionId, last.startMs) ?? null)
            : null,
          freshThroughMs,
        });
        if (end.endMs === row.endMs && end.endSource === row.endSource && end.endCheckMs === row.endCheckMs)
          continue;
        if (end.endMs !== row.endMs || end.endSource !== row.endSource) agents.add(row.agent);
        Object.assign(row, end);
        setEnd.run(end.endMs, end.endSource, end.endCheckMs, row.id);
      }
      return agents;
    },
    /** Ends the frame, or forgets it. */
    forget() {
      inFrame.clear();
      idsInFrame.clear();
      spoken.clear();
      reordered.clear();
    },
  };
};
export type Sessions = ReturnType<typeof createSessions>;
