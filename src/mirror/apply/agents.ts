import type { Database } from 'better-sqlite3';
import type { AgentStateRecord } from '../../upstream/index.ts';
import { ownId, packId } from '../ids.ts';
import { compareEvents, type Position } from './eventRow.ts';

type AgentRow = {
  id: number;
  platformAgentId: number | null;
  tenantAgentId: number | null;
  name: string | null;
  seen: number;
  newestStartMs: number | null;
  newestEventId: Buffer | null;
};

type NameSpan = { name: string; fromMs: number; toMs: number };

const MAX_CACHED = 50_000;

/** Agents as their own records and others' transfers make them known. */
export const createAgents = (database: Database) => {
  const find = database.prepare<[Buffer], AgentRow>(
    `select id, platform_agent_id as platformAgentId, tenant_agent_id as tenantAgentId, name, seen,
       newest_start_ms as newestStartMs, newest_event_id as newestEventId from agent where agent_id = ?`,
  );
  const insert = database.prepare<[Buffer]>('insert into agent (agent_id, seen) values (?, 0)');
  const update = database.prepare(
    `update agent set platform_agent_id = ?, tenant_agent_id = ?, name = ?, name_key = ?, seen = ? where id = ?`,
  );
  const renameStatus = database.prepare<[string, number]>(
    'update agent_status set name_key = ? where agent = ?',
  );
  // Apart from the others: setting a column, even to what it was, costs its indexes a deletion and an insertion.
  const setNewest = database.prepare<[number | null, Buffer | null, number]>(
    'update agent set newest_start_ms = ?, newest_event_id = ? where id = ?',
  );
  const putName = database.prepare(
    `insert into agent_name (agent, name, from_ms, to_ms) values (?, ?, ?, ?)
     on conflict do update set from_ms = min(from_ms, excluded.from_ms), to_ms = max(to_ms, excluded.to_ms)
       where from_ms > excluded.from_ms or to_ms < excluded.to_ms`,
  );
  const rows = new Map<string, AgentRow>();
  const changed = new Set<AgentRow>();
  const newer = new Set<AgentRow>();
  /** Of the frame; an agent has one name, or two on the day that it changes. */
  const names = new Map<AgentRow, NameSpan[]>();

  const rowOf = (agentId: string): AgentRow => {
    const cached = rows.get(agentId);
    if (cached) return cached;
    const packed = packId(agentId);
    let row = find.get(packed);
    if (!row) {
      row = {
        id: Number(insert.run(packed).lastInsertRowid),
        platformAgentId: null,
        tenantAgentId: null,
        name: null,
        seen: 0,
        newestStartMs: null,
        newestEventId: null,
      };
    }
    rows.set(agentId, row);
    return row;
  };

  const extendSpan = (row: AgentRow, name: string, atMs: number) => {
    const spans = names.get(row);
    const span = spans?.find((known) => known.name === name);
    if (span) {
      span.fromMs = Math.min(span.fromMs, atMs);
      span.toMs = Math.max(span.toMs, atMs);
      return;
    }
    const begun = { name, fromMs: atMs, toMs: atMs };
    if (spans) spans.push(begun);
    else names.set(row, [begun]);
  };

  const noteName = (row: AgentRow, name: string, at: Position, newest: boolean) => {
    extendSpan(row, name, at.startMs);
    if (!newest) return;
    row.newestStartMs = at.startMs;
    row.newestEventId = at.eventId;
    newer.add(row);
    if (row.name === name) return;
    row.name = name;
    changed.add(row);
  };

  const isNewest = (row: AgentRow, at: Position): boolean =>
    row.newestStartMs === null ||
    row.newestEventId === null ||
    compareEvents(at, { startMs: row.newestStartMs, eventId: row.newestEventId }) >= 0;

  /** The numbers that upstream knows the agent by; no event bears them, so that no revision tells of another one. */
  const noteIds = (record: AgentStateRecord, at: Position) => {
    const row = rowOf(record.agentId);
    for (const attribute of ['platformAgentId', 'tenantAgentId'] as const) {
      const value = record[attribute];
      if (value === null || value === row[attribute]) continue;
      if (row[attribute] !== null && !isNewest(row, at)) continue;
      row[attribute] = value;
      changed.add(row);
    }
  };

  return {
    noteIds,
    /** agent.id; an id never seen before becomes a stub, as a transfer's target is until it speaks itself. */
    idOf: (agentId: string): number => rowOf(agentId).id,
    /** What a new version of one of the agent's records says of the agent; the newest event that says it counts. */
    note(record: AgentStateRecord, at: Position) {
      const row = rowOf(record.agentId);
      if (row.seen === 0) {
        row.seen = 1;
        changed.add(row);
      }
      noteIds(record, at);
      if (record.agentName !== null) noteName(row, record.agentName, at, isNewest(row, at));
    },
    /** Answers the agents, by agent.id, of whom something is told otherwise than before. */
    flush(): ReadonlySet<number> {
      const touched = new Set<number>();
      for (const row of changed) {
        touched.add(row.id);
        const nameKey = nameKeyOf(row.name);
        update.run(row.platformAgentId, row.tenantAgentId, row.name, nameKey, row.seen, row.id);
        renameStatus.run(nameKey, row.id);
      }
      changed.clear();
      for (const row of newer) {
        // Not for each event of the frame: most are only the newest until the next one.
        row.newestEventId = row.newestEventId && ownId(row.newestEventId);
        setNewest.run(row.newestStartMs, row.newestEventId, row.id);
      }
      newer.clear();
      for (const [row, spans] of names) {
        for (const { name, fromMs, toMs } of spans) putName.run(row.id, name, fromMs, toMs);
      }
      names.clear();
      if (rows.size > MAX_CACHED) rows.clear();
      return touched;
    },
    forget() {
      rows.clear();
      changed.clear();
      newer.clear();
      names.clear();
    },
  };
};
export type Agents = ReturnType<typeof createAgents>;

const nameKeyOf = (name: string | null): string => (name ?? '').toLowerCase();
