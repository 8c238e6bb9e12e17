import type { Database } from 'better-sqlite3';
import type { Span } from '../../poller/index.ts';
import { type AgentStateRecord, uuidTimeMs } from '../../upstream/index.ts';
import { sessionEndSourceCodes } from '../codes.ts';
import { ownId, packId } from '../ids.ts';
import { compareEvents, type EventRow } from './eventRow.ts';
import { SESSION_QUIET_MS, sessionEnd } from './sessionEnd.ts';
import { createSessionTable, type SessionRow, type StoredSession } from './sessionTable.ts';

/** Sessions kept in memory between frames; past this many all are forgotten, and read again as they are needed. */
const MAX_CACHED = 50_000;

/** What the ends of sessions ask of coverage. */
export type SettledTime = {
  isSettled(span: Span): boolean;
  /** Of this frame. */
  newlySettled: readonly Span[];
};

export type SessionRecord = AgentStateRecord & { sessionId: string };
export const hasSession = (record: AgentStateRecord): record is SessionRecord => record.sessionId !== null;

/** A login that lies ahead is none: its session would be the newest, and hold the status, until then. */
const loginOf = (loginMs: number | null, sessionId: string, latestMs: number): number | null => {
  if (loginMs !== null && loginMs <= latestMs) return loginMs;
  const mintedMs = uuidTimeMs(sessionId);
  return mintedMs !== null && mintedMs <= latestMs ? mintedMs : null;
};

/** Sessions as the records name them, and when they end. */
export const createSessions = (database: Database) => {
  const table = createSessionTable(database);
  const rows = new Map<number, SessionRow>();
  const bySessionId = new Map<string, SessionRow>();
  const newestByAgent = new Map<number, SessionRow | null>();
  /** Sessions whose events changed in this frame; true: in another way than by new ones. */
  const spoken = new Map<SessionRow, boolean>();
  /** Those of them whose last event is another, or says something else: the others' ends stand. */
  const lastChanged = new Set<SessionRow>();
  /** Agents whose sessions are other ones than before, or in another order. */
  const reordered = new Set<number>();
  /** Sessions of which something is told otherwise than before this frame: the login, the begin, the end. */
  const touched = new Set<SessionRow>();

  const hold = (stored: StoredSession): SessionRow => {
    const held = rows.get(stored.id);
    if (held) return held;
    const row = { ...stored, last: stored.lastEvent === null ? null : table.lastEventOf(stored.id) };
    rows.set(row.id, row);
    return row;
  };

  const find = (sessionId: string): SessionRow | null => {
    const cached = bySessionId.get(sessionId);
    if (cached) return cached;
    const stored = table.bySessionId(packId(sessionId));
    if (!stored) return null;
    const row = hold(stored);
    bySessionId.set(sessionId, row);
    return row;
  };

  const make = (record: SessionRecord, agent: number, latestMs: number): SessionRow => {
    const sessionId = ownId(packId(record.sessionId));
    const { loginMs } = record;
    const beganMs = loginOf(loginMs, record.sessionId, latestMs) ?? record.startMs;
    const row: SessionRow = {
      id: table.insert(sessionId, agent, loginMs, beganMs),
      sessionId,
      agent,
      loginMs,
      beganMs,
      endMs: null,
      endSource: 0,
      lastEvent: null,
      endCheckMs: null,
      last: null,
    };
    rows.set(row.id, row);
    bySessionId.set(record.sessionId, row);
    return row;
  };

  const reorder = (agent: number) => {
    reordered.add(agent);
    newestByAgent.delete(agent);
  };

  const rowOf = (id: number): SessionRow =>
    // Every session that an event names has a row: both are written, and pruned, in one transaction.
    rows.get(id) ?? hold(table.byId(id)!);

  const newestOf = (agent: number): SessionRow | null => {
    const cached = newestByAgent.get(agent);
    if (cached !== undefined) return cached;
    const stored = table.newestOf(agent);
    const row = stored ? hold(stored) : null;
    newestByAgent.set(agent, row);
    return row;
  };

  const supersededMs = (row: SessionRow, startMs: number): number | null =>
    newestOf(row.agent) === row ? null : table.supersededMs(row, startMs);

  return {
    rowOf,
    newestOf,
    /** When the agent's first newer session began that did not begin before `startMs`. */
    supersededMs,
    /**
     * The session of a record, made or moved in time as the record demands; null when it belongs to another agent.
     * `latestMs`: what can have begun by now.
     */
    of(record: SessionRecord, agent: number, latestMs: number): SessionRow | null {
      const row = find(record.sessionId);
      if (!row) return make(record, agent, latestMs);
      if (row.agent !== agent) return null;
      // One login a session; should upstream contradict itself, the earliest stands, in whatever order they came.
      const loginMs =
        record.loginMs === null ? row.loginMs : Math.min(record.loginMs, row.loginMs ?? record.loginMs);
      const beganMs = loginOf(loginMs, record.sessionId, latestMs) ?? Math.min(row.beganMs, record.startMs);
      if (loginMs === row.loginMs && beganMs === row.beganMs) return row;
      if (beganMs !== row.beganMs) reorder(agent);
      row.loginMs = loginMs;
      row.beganMs = beganMs;
      touched.add(row);
      table.setBegan(row);
      return row;
    },
    /** An event of the session is new. */
    gained(session: number, event: EventRow) {
      const row = rowOf(session);
      if (!spoken.has(row)) spoken.set(row, false);
      if (row.last !== null && compareEvents(event, row.last) <= 0) return;
      const { id, startMs, reportedEndMs, state, presence } = event;
      const hasNextEventId = event.nextEventId === null ? 0 : 1;
      row.last = {
        id,
        eventId: event.eventId,
        startMs,
        reportedEndMs,
        hasNextEventId,
        state,
        presence,
      };
    },
    /** One of the session's events says something else, has moved away or is gone. */
    revised(id: number) {
      spoken.set(rowOf(id), true);
    },
    /** Brings `lastEvent` of the sessions that spoke up to date. */
    refreshLast() {
      for (const [row, otherwise] of spoken) {
        if (otherwise) row.last = table.lastEventOf(row.id);
        const lastEvent = row.last?.id ?? null;
        if (otherwise || lastEvent !== row.lastEvent) lastChanged.add(row);
        if (lastEvent === row.lastEvent) continue;
        if (row.last) row.last.eventId = ownId(row.last.eventId);
        if (lastEvent === null || row.lastEvent === null) reorder(row.agent);
        row.lastEvent = lastEvent;
        table.setLast(row);
      }
    },
    /** Agents whose sessions are other ones than before this frame, or in another order. */
    reordered: (): ReadonlySet<number> => reordered,
    /** Sessions of which something is told otherwise than before this frame. */
    touched: (): ReadonlySet<SessionRow> => touched,
    ofAgent: (agent: number): SessionRow[] => table.ofAgent(agent).map(hold),
    /**
     * Infers anew the ends of the sessions whose last event changed, of their agents' others where the order changed,
     * and of those that waited for what this frame has settled. Answers the agents for whom an end changed.
     */
    inferEnds(coverage: SettledTime): Set<number> {
      const asked = new Set(lastChanged);
      for (const agent of reordered) for (const stored of table.ofAgent(agent)) asked.add(hold(stored));
      for (const { fromMs, toMs } of coverage.newlySettled) {
        for (const stored of table.due(fromMs - SESSION_QUIET_MS, toMs)) asked.add(hold(stored));
      }
      const agents = new Set<number>();
      for (const row of asked) {
        const { last } = row;
        const end = sessionEnd({
          last,
          supersededMs: last && supersededMs(row, last.startMs),
          quiet: (sinceMs) =>
            // Once it was quiet it stays so, though what was read then is past its retention now.
            (row.endMs === sinceMs && row.endSource === sessionEndSourceCodes.LAST_EVENT_ENDED) ||
            coverage.isSettled({ fromMs: sinceMs, toMs: sinceMs + SESSION_QUIET_MS }),
        });
        const same = end.endMs === row.endMs && end.endSource === row.endSource;
        if (same && end.endCheckMs === row.endCheckMs) continue;
        if (!same) {
          agents.add(row.agent);
          touched.add(row);
        }
        Object.assign(row, end);
        table.setEnd(row);
      }
      return agents;
    },
    endFrame() {
      spoken.clear();
      lastChanged.clear();
      reordered.clear();
      touched.clear();
      if (rows.size <= MAX_CACHED && newestByAgent.size <= MAX_CACHED) return;
      rows.clear();
      bySessionId.clear();
      newestByAgent.clear();
    },
    forget() {
      spoken.clear();
      lastChanged.clear();
      reordered.clear();
      touched.clear();
      rows.clear();
      bySessionId.clear();
      newestByAgent.clear();
    },
  };
};
export type Sessions = ReturnType<typeof createSessions>;
