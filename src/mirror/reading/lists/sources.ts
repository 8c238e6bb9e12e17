import type { EntityName, EntityRows } from '../condition/index.ts';
import {
  type AgentRow,
  agentColumns,
  type EventRow,
  eventColumns,
  OPEN_DURATION_KEY,
  type SessionRow,
  sessionColumns,
  type TransferRow,
  transferColumns,
} from '../rows.ts';

/** Where a row stands in an ordering: the sort key, and what tells rows with equal ones apart. */
export type RowKey = readonly [number | string, number | Buffer];

export type Ordering<Row> = {
  /** Columns of the row value that the list is ordered by; neither is ever null. */
  columns: readonly [string, string];
  keyOf: (row: Row) => RowKey;
  /** The integer field that the sort key is, for conditions that bound the walk. */
  sortField: string | null;
  /** Index by the column that the list is restricted to; '' for the whole list. */
  indexes: Readonly<Record<string, string>>;
};

export type Scope<Row> = {
  /** The relation that leads to the parent; null where the column is a value of the row itself. */
  relation: string | null;
  to: EntityName | null;
  field: string;
  parentOf: (row: Row) => number | null;
};

/** How rows that last are found: by when they began, and the long ones by their class (lengthClass.ts). */
export type SpanSource = {
  /** Name of the ordering by begin. */
  ordering: string;
  /** Indexes of (class, begin) over long rows, by the column that the list is restricted to. */
  long: Readonly<Record<string, string>>;
};

export type ListSource<Row> = {
  select: string;
  orderings: Readonly<Record<string, Ordering<Row>>>;
  /** null: rows have no span. */
  span: SpanSource | null;
  /** Relations and fields that restrict the list to rows of a few parents, by the column that holds the parent. */
  scopes: Readonly<Record<string, Scope<Row>>>;
  /** Fields whose equal rows are found at once, and are few. */
  points: readonly string[];
};

export type ListName = Exclude<EntityName, 'reason' | 'status'>;

const durationKey = (beginMs: number, endMs: number | null) =>
  endMs === null ? OPEN_DURATION_KEY : endMs - beginMs;

const agent: ListSource<AgentRow> = {
  select: agentColumns,
  orderings: {
    NAME: {
      columns: ['name_key', 'id'],
      sortField: null,
      keyOf: (row) => [row.nameKey, row.id],
      indexes: { '': 'agent_by_name', seen: 'agent_seen_by_name' },
    },
  },
  span: null,
  scopes: { seen: { relation: null, to: null, field: 'seen', parentOf: (row) => row.seen } },
  points: ['agentId'],
};

const session: ListSource<SessionRow> = {
  select: sessionColumns,
  orderings: {
    LOGIN: {
      columns: ['began_ms', 'session_id'],
      sortField: 'beganMs',
      keyOf: (row) => [row.beganMs, row.sessionId],
      indexes: { '': 'session_by_began', agent: 'session_by_agent' },
    },
    DURATION: {
      columns: ['duration_key', 'session_id'],
      sortField: 'durationMs',
      keyOf: (row) => [durationKey(row.beganMs, row.endMs), row.sessionId],
      indexes: { '': 'session_by_duration', agent: 'session_by_agent_duration' },
    },
  },
  span: { ordering: 'LOGIN', long: { '': 'session_long', agent: 'session_long_by_agent' } },
  scopes: {
    agent: { relation: 'agent', to: 'agent', field: 'agentRowId', parentOf: (row) => row.agent },
  },
  points: ['sessionId'],
};

const event: ListSource<EventRow> = {
  select: eventColumns,
  orderings: {
    START: {
      columns: ['start_ms', 'event_id'],
      sortField: 'startMs',
      keyOf: (row) => [row.startMs, row.eventId],
      indexes: { '': 'event_by_start', agent: 'event_by_agent', session: 'event_by_session' },
    },
    DURATION: {
      columns: ['duration_key', 'event_id'],
      sortField: 'durationMs',
      keyOf: (row) => [durationKey(row.startMs, row.endMs), row.eventId],
      // A session's events are few, some hundreds: found by session, then sorted. An index would cost every record.
      indexes: {
        '': 'event_by_duration',
        agent: 'event_by_agent_duration',
        session: 'event_by_session',
      },
    },
  },
  // For the same reason a session's events have none by class.
  span: { ordering: 'START', long: { '': 'event_long', agent: 'event_long_by_agent' } },
  scopes: {
    agent: { relation: 'agent', to: 'agent', field: 'agentRowId', parentOf: (row) => row.agent },
    session: { relation: 'session', to: 'session', field: 'sessionRowId', parentOf: (row) => row.session },
  },
  points: ['eventId'],
};

const transfer: ListSource<TransferRow> = {
  select: transferColumns,
  orderings: {
    START: {
      columns: ['start_ms', 'id'],
      sortField: 'startMs',
      keyOf: (row) => [row.startMs, row.id],
      indexes: { '': 'transfer_by_start', from_agent: 'transfer_by_from', to_agent: 'transfer_by_to' },
    },
    DURATION: {
      columns: ['duration_key', 'id'],
      sortField: 'durationMs',
      keyOf: (row) => [durationKey(row.startMs, row.endMs), row.id],
      indexes: {
        '': 'transfer_by_duration',
        from_agent: 'transfer_by_from_duration',
        to_agent: 'transfer_by_to_duration',
      },
    },
  },
  span: {
    ordering: 'START',
    long: {
      '': 'transfer_long',
      from_agent: 'transfer_long_by_from',
      to_agent: 'transfer_long_by_to',
    },
  },
  scopes: {
    from_agent: {
      relation: 'fromAgent',
      to: 'agent',
      field: 'fromAgentRowId',
      parentOf: (row) => row.fromAgent,
    },
    to_agent: { relation: 'toAgent', to: 'agent', field: 'toAgentRowId', parentOf: (row) => row.toAgent },
  },
  points: ['interactionId'],
};

export const sources: { readonly [Name in ListName]: ListSource<EntityRows[Name]> } = {
  agent,
  session,
  event,
  transfer,
};

/** The order of two keys of one ordering, as SQLite orders them. */
export const compareKeys = (a: RowKey, b: RowKey): number =>
  compareParts(a[0], b[0]) || compareParts(a[1], b[1]);

const compareParts = (a: number | string | Buffer, b: number | string | Buffer): number => {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  // Neither is a number: a key column has one type.
  return Buffer.compare(Buffer.from(a as string | Buffer), Buffer.from(b as string | Buffer));
};
