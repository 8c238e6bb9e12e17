import type { CodedAttribute } from '../../codes.ts';
import type { StatusImage } from '../../images.ts';
import type { AgentRow, EventRow, ReasonRow, SessionRow, TransferRow } from '../rows.ts';

type Cell = number | string | Buffer | null;

/** One field that conditions may speak of: where it stands in the table, and in a row in memory. */
export type Field<Row> = {
  sql: (alias: string) => string;
  read: (row: Row) => Cell;
  /** The column holds a code; the condition speaks of the raw string. */
  coded?: CodedAttribute;
};

/** Leads from a row to rows of another entity. */
export type Relation<Row> = {
  to: EntityName;
  /** SQL that is true of the other row, given this row's key. */
  match: (other: string, key: string) => string;
  /** The key: a column here, a cell in memory. */
  column: string;
  read: (row: Row) => number | null;
  /** Any number of rows may be at the other end. */
  many: boolean;
  /** The key is the other row's own id. */
  toRow: boolean;
};

export type Entity<Row> = {
  table: string;
  /** Fields of the begin and the end; null where rows have no span. */
  span: { begin: string; end: string } | null;
  fields: Readonly<Record<string, Field<Row>>>;
  relations: Readonly<Record<string, Relation<Row>>>;
};

/** A status, now or as it stood at a change. */
export type StatusFacts = Omit<StatusImage, 'inferred'> & { agent: number; inferred: boolean | number };

/** A status as conditions see it: where nothing is known of the agent, since when is absent too. */
export type StatusSubject = Omit<StatusFacts, 'sinceMs' | 'sinceEventMs'> & {
  sinceMs: number | null;
  sinceEventMs: number | null;
};

export type EntityRows = {
  agent: AgentRow;
  session: SessionRow;
  event: EventRow;
  transfer: TransferRow;
  reason: ReasonRow;
  status: StatusSubject;
};
export type EntityName = keyof EntityRows;

const column = (name: string) => (alias: string) => `${alias}.${name}`;
const isRow = (other: string, key: string) => `${other}.id = ${key}`;
const lengthMs = (fromMs: number, toMs: number | null) => (toMs === null ? null : toMs - fromMs);

/** An attribute of `Row` that holds a code, as its code and as the raw string that upstream sent. */
const codedPair = <Row>(
  name: string,
  attribute: CodedAttribute,
  sqlName: string,
  read: (row: Row) => number | null,
): Record<string, Field<Row>> => ({
  [name]: { sql: column(sqlName), read },
  [`${name}Raw`]: { sql: column(sqlName), read, coded: attribute },
});

const agent: Entity<AgentRow> = {
  table: 'agent',
  span: null,
  fields: {
    rowId: { sql: column('id'), read: (row) => row.id },
    agentId: { sql: column('agent_id'), read: (row) => row.agentId },
    platformAgentId: { sql: column('platform_agent_id'), read: (row) => row.platformAgentId },
    tenantAgentId: { sql: column('tenant_agent_id'), read: (row) => row.tenantAgentId },
    name: { sql: column('name'), read: (row) => row.name },
    seen: { sql: column('seen'), read: (row) => row.seen },
  },
  relations: {
    sessions: relation(
      'session',
      'id',
      (row) => row.id,
      (o, k) => `${o}.agent = ${k}`,
    ),
    events: relation(
      'event',
      'id',
      (row) => row.id,
      (o, k) => `${o}.agent = ${k}`,
    ),
    transfersOut: relation(
      'transfer',
      'id',
      (row) => row.id,
      (o, k) => `${o}.from_agent = ${k}`,
    ),
    transfersIn: relation(
      'transfer',
      'id',
      (row) => row.id,
      (o, k) => `${o}.to_agent = ${k}`,
    ),
    status: relation(
      'status',
      'id',
      (row) => row.id,
      (o, k) => `${o}.agent = ${k}`,
    ),
  },
};

const session: Entity<SessionRow> = {
  table: 'session',
  span: { begin: 'beganMs', end: 'endMs' },
  fields: {
    rowId: { sql: column('id'), read: (row) => row.id },
    sessionId: { sql: column('session_id'), read: (row) => row.sessionId },
    agentRowId: { sql: column('agent'), read: (row) => row.agent },
    loginMs: { sql: column('login_ms'), read: (row) => row.loginMs },
    beganMs: { sql: column('began_ms'), read: (row) => row.beganMs },
    endMs: { sql: column('end_ms'), read: (row) => row.endMs },
    endSource: { sql: column('end_source'), read: (row) => row.endSource },
    durationMs: {
      sql: (alias) => `(${alias}.end_ms - ${alias}.began_ms)`,
      read: (row) => lengthMs(row.beganMs, row.endMs),
    },
  },
  relations: {
    agent: relation('agent', 'agent', (row) => row.agent, isRow),
    events: relation(
      'event',
      'id',
      (row) => row.id,
      (o, k) => `${o}.session = ${k}`,
    ),
  },
};

const event: Entity<EventRow> = {
  table: 'event',
  span: { begin: 'startMs', end: 'endMs' },
  fields: {
    rowId: { sql: column('id'), read: (row) => row.id },
    eventId: { sql: column('event_id'), read: (row) => row.eventId },
    agentRowId: { sql: column('agent'), read: (row) => row.agent },
    sessionRowId: { sql: column('session'), read: (row) => row.session },
    startMs: { sql: column('start_ms'), read: (row) => row.startMs },
    endMs: { sql: column('end_ms'), read: (row) => row.endMs },
    endSource: { sql: column('end_source'), read: (row) => row.endSource },
    durationMs: {
      sql: (alias) => `(${alias}.end_ms - ${alias}.start_ms)`,
      read: (row) => lengthMs(row.startMs, row.endMs),
    },
    revision: { sql: column('revision'), read: (row) => row.revision },
    observedMs: { sql: column('observed_ms'), read: (row) => row.observedMs },
    ...codedPair<EventRow>('eventType', 'eventType', 'event_type', (row) => row.eventType),
    ...codedPair<EventRow>('presence', 'presence', 'presence', (row) => row.presence),
    ...codedPair<EventRow>('state', 'state', 'state', (row) => row.state),
    ...codedPair<EventRow>('allocation', 'allocation', 'allocation', (row) => row.allocation),
    ...codedPair<EventRow>('direction', 'direction', 'direction', (row) => row.direction),
  },
  relations: {
    agent: relation('agent', 'agent', (row) => row.agent, isRow),
    session: relation('session', 'session', (row) => row.session, isRow),
    reason: relation('reason', 'reason', (row) => row.reason, isRow),
    transfers: relation(
      'transfer',
      'id',
      (row) => row.id,
      (o, k) => `${o}.id in (select transfer from event_transfer where event = ${k})`,
    ),
  },
};

const transfer: Entity<TransferRow> = {
  table: 'transfer',
  span: { begin: 'startMs', end: 'endMs' },
  fields: {
    rowId: { sql: column('id'), read: (row) => row.id },
    interactionId: { sql: column('interaction_id'), read: (row) => row.interactionId },
    fromAgentRowId: { sql: column('from_agent'), read: (row) => row.fromAgent },
    toAgentRowId: { sql: column('to_agent'), read: (row) => row.toAgent },
    startMs: { sql: column('start_ms'), read: (row) => row.startMs },
    endMs: { sql: column('end_ms'), read: (row) => row.endMs },
    durationMs: {
      sql: (alias) => `(${alias}.end_ms - ${alias}.start_ms)`,
      read: (row) => lengthMs(row.startMs, row.endMs),
    },
  },
  relations: {
    fromAgent: relation('agent', 'from_agent', (row) => row.fromAgent, isRow),
    toAgent: relation('agent', 'to_agent', (row) => row.toAgent, isRow),
    event: relation('event', 'event', (row) => row.event, isRow),
  },
};

/** Absent attributes of a reason are stored as ''. */
const orNull = (name: string) => (alias: string) => `nullif(${alias}.${name}, '')`;
const reason: Entity<ReasonRow> = {
  table: 'reason',
  span: null,
  fields: {
    reasonId: { sql: orNull('reason_id'), read: (row) => row.reasonId || null },
    name: { sql: orNull('name'), read: (row) => row.name || null },
    reasonListId: { sql: orNull('reason_list_id'), read: (row) => row.reasonListId || null },
    listName: { sql: orNull('list_name'), read: (row) => row.listName || null },
  },
  relations: {},
};

const status: Entity<StatusSubject> = {
  table: 'agent_status',
  span: null,
  fields: {
    agentRowId: { sql: column('agent'), read: (row) => row.agent },
    sinceMs: { sql: column('since_ms'), read: (row) => row.sinceMs },
    sinceEventMs: { sql: column('since_event_ms'), read: (row) => row.sinceEventMs },
    inferred: { sql: column('inferred'), read: (row) => (row.inferred ? 1 : 0) },
    ...codedPair<StatusSubject>('presence', 'presence', 'presence', (row) => row.presence),
    ...codedPair<StatusSubject>('state', 'state', 'state', (row) => row.state),
    ...codedPair<StatusSubject>('allocation', 'allocation', 'allocation', (row) => row.allocation),
    ...codedPair<StatusSubject>('direction', 'direction', 'direction', (row) => row.direction),
  },
  relations: {
    agent: relation('agent', 'agent', (row) => row.agent, isRow),
    session: relation('session', 'session', (row) => row.session, isRow),
    reason: relation('reason', 'reason', (row) => row.reason, isRow),
    event: relation('event', 'event', (row) => row.event, isRow),
  },
};

function relation<Row>(
  to: EntityName,
  columnName: string,
  read: (row: Row) => number | null,
  match: (other: string, key: string) => string,
): Relation<Row> {
  const toRow = match === isRow;
  return { to, column: columnName, read, match, many: !toRow && to !== 'status', toRow };
}

export const entities: { readonly [Name in EntityName]: Entity<EntityRows[Name]> } = {
  agent,
  session,
  event,
  transfer,
  reason,
  status,
};
