import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import DatabaseDriver, { type Database } from 'better-sqlite3';
import {
  codedAttributes,
  createMirrorReader,
  type MirrorWriter,
  openWriter,
  packId,
  readCoverageBetween,
  unpackId,
} from '../../src/mirror/index.ts';
import type { CoverageSlice } from '../../src/poller/index.ts';
import type { AgentStateRecord } from '../../src/upstream/index.ts';
import { TENANT_ID } from './simulate.ts';

/** What the mirror holds of one event, in the words of a record. */
export type HeldEvent = Omit<AgentStateRecord, 'transfers' | 'platformAgentId' | 'tenantAgentId'> & {
  effectiveEndMs: number | null;
};

export type MirrorFile = {
  /** As a new process finds it. The old process's writer is gone, with whatever it had not committed. */
  open(): MirrorWriter;
  held(eventId: string): HeldEvent | null;
  /** Every event, in no order. */
  allHeld(): HeldEvent[];
  rows<Row>(sql: string, ...params: unknown[]): Row[];
  /** As it is told to readers, chain breaks included. */
  coverage(): CoverageSlice[];
  /** Positions that the change log skips or repeats. */
  changeLogFaults(): number;
  remove(): void;
};

/** A real mirror on disk, opened again by every life of the simulated process. */
export const createMirrorFile = (): MirrorFile => {
  const folder = mkdtempSync(join(tmpdir(), 'rta-simulation-'));
  const file = join(folder, 'mirror.db');
  let writer: MirrorWriter | null = null;
  let reader: Database | null = null;
  const database = (): Database => {
    reader ??= new DatabaseDriver(file, { readonly: true });
    return reader;
  };
  return {
    open() {
      writer?.close();
      writer = openWriter({ file, tenantId: TENANT_ID, randomBytes });
      return writer;
    },
    held: (eventId) => readHeld(database(), eventId),
    allHeld: () =>
      database()
        .prepare<[], Buffer>('select event_id from event')
        .pluck()
        .all()
        .map(unpackId)
        // Just read from the same table, which nothing writes to any more.
        .map((eventId) => readHeld(database(), eventId)!),
    rows: <Row>(sql: string, ...params: unknown[]) =>
      database()
        .prepare<unknown[], Row>(sql)
        .all(...params),
    coverage: () =>
      readCoverageBetween(createMirrorReader(database()), 0, Number.MAX_SAFE_INTEGER).flatMap(
        ({ level, ...part }) => (level === 'UNREAD' ? [] : { level, ...part }),
      ),
    changeLogFaults: () =>
      database()
        .prepare<[], number>('select coalesce(max(seq) - min(seq) + 1 - count(*), 0) from change_log')
        .pluck()
        .get() ?? 0,
    remove() {
      reader?.close();
      writer?.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

type Row = {
  agentId: Buffer;
  sessionId: Buffer | null;
  loginMs: number | null;
  startMs: number;
  endMs: number | null;
  reportedEndMs: number | null;
  reportedDurationMs: number | null;
  startInferred: number;
  nextEventId: Buffer | null;
  name: string | null;
  capacity: string | null;
  extra: string | null;
  reasonId: string | null;
  reasonName: string | null;
  reasonListId: string | null;
  listName: string | null;
  eventType: number | null;
  presence: number | null;
  state: number | null;
  allocation: number | null;
  direction: number | null;
};

const readHeld = (database: Database, eventId: string): HeldEvent | null => {
  const row = database
    .prepare<[Buffer], Row>(
      `select a.agent_id as agentId, s.session_id as sessionId, s.login_ms as loginMs, e.start_ms as startMs,
         e.end_ms as endMs, e.reported_end_ms as reportedEndMs, e.reported_duration_ms as reportedDurationMs,
         e.start_inferred as startInferred, e.next_event_id as nextEventId, n.name, c.body as capacity, e.extra,
         r.reason_id as reasonId, r.name as reasonName, r.reason_list_id as reasonListId, r.list_name as listName,
         e.event_type as eventType, e.presence, e.state, e.allocation, e.direction
       from event e join agent a on a.id = e.agent left join session s on s.id = e.session
         left join name_text n on n.id = e.name left join capacity_text c on c.id = e.capacity
         left join reason r on r.id = e.reason
       where e.event_id = ?`,
    )
    .get(packId(eventId));
  if (!row) return null;
  const raw = (attribute: keyof typeof codedAttributes, code: number | null): string | null => {
    if (code === null) return null;
    const known = Object.entries(codedAttributes[attribute]).find(([, value]) => value === code);
    if (known) return known[0];
    return (
      database
        .prepare<[number, string], string>('select raw from unknown_value where id = ? and attribute = ?')
        .pluck()
        .get(code, attribute) ?? null
    );
  };
  const textOrNull = (text: string | null) => (text === '' ? null : text);
  return {
    eventId,
    agentId: unpackId(row.agentId),
    startMs: row.startMs,
    startSource: row.startInferred === 1 ? 'EVENT_ID' : 'REPORTED',
    sessionId: row.sessionId && unpackId(row.sessionId),
    loginMs: row.loginMs,
    eventType: raw('eventType', row.eventType),
    nextEventId: row.nextEventId && unpackId(row.nextEventId),
    agentName: row.name,
    presence: raw('presence', row.presence),
    state: raw('state', row.state),
    allocation: raw('allocation', row.allocation),
    direction: raw('direction', row.direction),
    reasonId: textOrNull(row.reasonId),
    reasonName: textOrNull(row.reasonName),
    reasonListId: textOrNull(row.reasonListId),
    reasonListName: textOrNull(row.listName),
    endMs: row.reportedEndMs,
    reportedDurationMs: row.reportedDurationMs,
    capacity: row.capacity === null ? null : JSON.parse(row.capacity),
    extra: row.extra === null ? null : JSON.parse(row.extra),
    effectiveEndMs: row.endMs,
  };
};
