import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { lengthClassSql } from './lengthClass.ts';

/**
 * The mirror on disk, one file a tenant. Instants are integer milliseconds UTC; ids are packed (ids.ts); enumerations
 * are codes (codes.ts); names, reasons and capacities are dictionary rows. Written only by `apply`, one frame a
 * transaction.
 */

/**
 * How long the row lasts, coarsely (lengthClass.ts). The indexes of long rows find what overlaps a time; the many short
 * rows are in none of them.
 */
const lengthClass = (beginColumn: string) =>
  integer('length_class').generatedAlwaysAs(sql.raw(lengthClassSql(beginColumn)), { mode: 'virtual' });
const isLong = sql`length_class is not null`;

/** Lineage, tenant, cursor key: facts of the file itself. */
export const meta = sqliteTable('meta', {
  key: text().primaryKey(),
  value: text().notNull(),
});

/** One row a frame: `seq` is the position that `append` fences on. `body` only where the log keeps frames for its tail. */
export const frame = sqliteTable('frame', {
  seq: integer().primaryKey({ autoIncrement: true }),
  observedMs: integer('observed_ms').notNull(),
  records: integer().notNull(),
  /** change_log head after this frame. */
  changeSeq: integer('change_seq').notNull(),
  body: blob({ mode: 'buffer' }),
});

export const agent = sqliteTable(
  'agent',
  {
    id: integer().primaryKey(),
    agentId: blob('agent_id', { mode: 'buffer' }).notNull(),
    platformAgentId: integer('platform_agent_id'),
    tenantAgentId: integer('tenant_agent_id'),
    /** Name on the agent's newest event. */
    name: text(),
    /** Lower-cased name, '' when there is none: the sort key, never null. */
    nameKey: text('name_key').notNull().default(''),
    /** 0: known only as a transfer's target. */
    seen: integer().notNull(),
    /** Start and packed id of the newest event that bears a name; null while none does. */
    newestStartMs: integer('newest_start_ms'),
    newestEventId: blob('newest_event_id', { mode: 'buffer' }),
  },
  (t) => [
    uniqueIndex('agent_by_id').on(t.agentId),
    index('agent_by_name').on(t.nameKey, t.id),
    index('agent_seen_by_name').on(t.seen, t.nameKey, t.id),
  ],
);

/** Every name an agent was seen with; `from_ms`/`to_ms` are the first and last event starts that bear it. */
export const agentName = sqliteTable(
  'agent_name',
  {
    agent: integer().notNull(),
    name: text().notNull(),
    fromMs: integer('from_ms').notNull(),
    toMs: integer('to_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.agent, t.name] })],
);

export const session = sqliteTable(
  'session',
  {
    id: integer().primaryKey(),
    sessionId: blob('session_id', { mode: 'buffer' }).notNull(),
    agent: integer().notNull(),
    loginMs: integer('login_ms'),
    /** loginTimestamp, else the time inside a version-1 sessionId, else the first event's start. */
    beganMs: integer('began_ms').notNull(),
    endMs: integer('end_ms'),
    /** sessionEndSourceCodes */
    endSource: integer('end_source').notNull().default(0),
    /** event.id of the last event by order. */
    lastEvent: integer('last_event'),
    /** Reported end of a last event without successor, awaiting the settle time before the session counts as ended. */
    endCheckMs: integer('end_check_ms'),
    /** Sort key of the duration, never null: an open session is longer than any. */
    durationKey: integer('duration_key').generatedAlwaysAs(
      sql`(coalesce(end_ms - began_ms, 9000000000000000))`,
      { mode: 'virtual' },
    ),
    lengthClass: lengthClass('began_ms'),
  },
  (t) => [
    uniqueIndex('session_by_id').on(t.sessionId),
    index('session_by_began').on(t.beganMs, t.sessionId),
    index('session_by_agent').on(t.agent, t.beganMs, t.sessionId),
    index('session_by_duration').on(t.durationKey, t.sessionId),
    index('session_by_agent_duration').on(t.agent, t.durationKey, t.sessionId),
    index('session_long').on(t.lengthClass, t.beganMs, t.sessionId).where(isLong),
    index('session_long_by_agent').on(t.agent, t.lengthClass, t.beganMs, t.sessionId).where(isLong),
    index('session_end_check').on(t.endCheckMs).where(sql`end_check_ms is not null`),
  ],
);

/** A reason as seen: the four attributes together. Absent ones are ''. */
export const reason = sqliteTable(
  'reason',
  {
    id: integer().primaryKey(),
    reasonId: text('reason_id').notNull(),
    name: text().notNull(),
    reasonListId: text('reason_list_id').notNull(),
    listName: text('list_name').notNull(),
    firstSeenMs: integer('first_seen_ms').notNull(),
    lastSeenMs: integer('last_seen_ms').notNull(),
    /** Equal for rows that are one reason to people: lists and names may change, the reasonId stays. Null: no reason. */
    identity: text().generatedAlwaysAs(
      sql`(case when reason_id <> '' then 'id ' || reason_id when name <> '' then 'name ' || name end)`,
      { mode: 'virtual' },
    ),
  },
  (t) => [uniqueIndex('reason_by_all').on(t.reasonId, t.name, t.reasonListId, t.listName)],
);

/** Dictionary of agent names as they stand on events. */
export const nameText = sqliteTable('name_text', {
  id: integer().primaryKey(),
  name: text().notNull().unique(),
});

/** Dictionary of capacity groups: the normalised JSON array of CapacityGroup. */
export const capacityText = sqliteTable('capacity_text', {
  id: integer().primaryKey(),
  body: text().notNull().unique(),
});

/** Enumeration values that this version does not know, and attributes of unexpected type or name. */
export const unknownValue = sqliteTable(
  'unknown_value',
  {
    id: integer().primaryKey(),
    /** state, presence, eventType, allocation, direction; or `attribute` for an unknown or mistyped attribute's name. */
    attribute: text().notNull(),
    raw: text().notNull(),
    firstSeenMs: integer('first_seen_ms').notNull(),
    lastSeenMs: integer('last_seen_ms').notNull(),
    count: integer().notNull(),
  },
  (t) => [uniqueIndex('unknown_value_by_raw').on(t.attribute, t.raw)],
);

export const event = sqliteTable(
  'event',
  {
    id: integer().primaryKey(),
    eventId: blob('event_id', { mode: 'buffer' }).notNull(),
    agent: integer().notNull(),
    session: integer(),
    startMs: integer('start_ms').notNull(),
    /** Effective end by the best source; null while open. */
    endMs: integer('end_ms'),
    /** endSourceCodes */
    endSource: integer('end_source').notNull(),
    /** `end` as upstream reported it, whatever the effective end. */
    reportedEndMs: integer('reported_end_ms'),
    reportedDurationMs: integer('reported_duration_ms'),
    eventType: integer('event_type'),
    presence: integer(),
    state: integer(),
    allocation: integer(),
    direction: integer(),
    reason: integer(),
    capacity: integer(),
    name: integer(),
    nextEventId: blob('next_event_id', { mode: 'buffer' }),
    /** Starts at 1; +1 for each real difference. */
    revision: integer().notNull(),
    /** Server time (lower bound) of the read that brought this revision. */
    observedMs: integer('observed_ms').notNull(),
    /** 1: the start came from the eventId. */
    startInferred: integer('start_inferred').notNull().default(0),
    /** Unknown and mistyped attributes, JSON object. */
    extra: text(),
    /** How complete the version is (apply/completeness.ts): a less complete one never replaces it. */
    completeness: integer().notNull(),
    /** Sort key of the duration, never null: an open event is longer than any. */
    durationKey: integer('duration_key').generatedAlwaysAs(
      sql`(coalesce(end_ms - start_ms, 9000000000000000))`,
      { mode: 'virtual' },
    ),
    lengthClass: lengthClass('start_ms'),
  },
  (t) => [
    uniqueIndex('event_by_id').on(t.eventId),
    index('event_by_start').on(t.startMs, t.eventId),
    index('event_by_agent').on(t.agent, t.startMs, t.eventId),
    index('event_by_session').on(t.session, t.startMs, t.eventId),
    index('event_by_duration').on(t.durationKey, t.eventId),
    index('event_by_agent_duration').on(t.agent, t.durationKey, t.eventId),
    index('event_long').on(t.lengthClass, t.startMs, t.eventId).where(isLong),
    index('event_long_by_agent').on(t.agent, t.lengthClass, t.startMs, t.eventId).where(isLong),
    /** Events whose end may still improve: few. 4 = REPORTED. */
    index('event_weak_end').on(t.session, t.startMs).where(sql`end_source < 4`),
  ],
);

/**
 * Superseded versions: `image` is the JSON row of `revision` as it was; the current one stands in `event`. Negative
 * revisions (-1, -2, …) are versions that were never current: they came after a more complete one.
 */
export const eventRevision = sqliteTable(
  'event_revision',
  {
    event: integer().notNull(),
    revision: integer().notNull(),
    observedMs: integer('observed_ms').notNull(),
    image: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.event, t.revision] })],
);

export const transfer = sqliteTable(
  'transfer',
  {
    id: integer().primaryKey(),
    interactionId: blob('interaction_id', { mode: 'buffer' }).notNull(),
    fromAgent: integer('from_agent').notNull(),
    toAgent: integer('to_agent').notNull(),
    startMs: integer('start_ms').notNull(),
    /** null until an end is seen; the latest end wins. */
    endMs: integer('end_ms'),
    /** event.id of the first record, by order, that carries it. */
    event: integer().notNull(),
    observedMs: integer('observed_ms').notNull(),
    /** Sort key of the duration, never null: a transfer without an end is longer than any. */
    durationKey: integer('duration_key').generatedAlwaysAs(
      sql`(coalesce(end_ms - start_ms, 9000000000000000))`,
      { mode: 'virtual' },
    ),
    lengthClass: lengthClass('start_ms'),
  },
  (t) => [
    uniqueIndex('transfer_by_key').on(t.interactionId, t.startMs, t.fromAgent, t.toAgent),
    index('transfer_by_start').on(t.startMs, t.id),
    index('transfer_by_from').on(t.fromAgent, t.startMs, t.id),
    index('transfer_by_to').on(t.toAgent, t.startMs, t.id),
    index('transfer_by_duration').on(t.durationKey, t.id),
    index('transfer_by_from_duration').on(t.fromAgent, t.durationKey, t.id),
    index('transfer_by_to_duration').on(t.toAgent, t.durationKey, t.id),
    index('transfer_long').on(t.lengthClass, t.startMs, t.id).where(isLong),
    index('transfer_long_by_from').on(t.fromAgent, t.lengthClass, t.startMs, t.id).where(isLong),
    index('transfer_long_by_to').on(t.toAgent, t.lengthClass, t.startMs, t.id).where(isLong),
  ],
);

/** Which records carry which transfer. */
export const eventTransfer = sqliteTable(
  'event_transfer',
  { event: integer().notNull(), transfer: integer().notNull() },
  (t) => [
    primaryKey({ columns: [t.event, t.transfer] }),
    index('event_transfer_by_transfer').on(t.transfer, t.event),
  ],
);

/** Every seen agent's status now: the last event, by order, of the newest session. */
export const agentStatus = sqliteTable(
  'agent_status',
  {
    agent: integer().primaryKey(),
    event: integer().notNull(),
    session: integer(),
    /** When (presence, state, reason, direction) last changed. */
    sinceMs: integer('since_ms').notNull(),
    /** Start of the event that stands now. */
    sinceEventMs: integer('since_event_ms').notNull(),
    presence: integer(),
    state: integer(),
    reason: integer(),
    direction: integer(),
    allocation: integer(),
    /** capacity_text.id */
    capacity: integer(),
    /** 1: the session is inferred to have ended; presence and state then read offline. */
    inferred: integer().notNull().default(0),
    /** agent.name_key, copied so that a board sorted by name is one index walk. */
    nameKey: text('name_key').notNull().default(''),
  },
  (t) => [
    index('agent_status_by_since').on(t.sinceMs, t.agent),
    index('agent_status_by_state').on(t.state, t.sinceMs, t.agent),
    index('agent_status_by_name').on(t.nameKey, t.agent),
  ],
);

/**
 * Every real difference, in commit order. `before`/`after` are JSON images for STATUS and TRANSFER topics; for EVENT the
 * images are found by (subject, revision): `revision` is the version that this change brought.
 */
export const changeLog = sqliteTable(
  'change_log',
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    /** changeTopicCodes */
    topic: integer().notNull(),
    /** changeKindCodes */
    kind: integer().notNull(),
    /** event.id, agent.id or transfer.id by topic. */
    subject: integer().notNull(),
    agent: integer().notNull(),
    revision: integer(),
    observedMs: integer('observed_ms').notNull(),
    before: text(),
    after: text(),
  },
  (t) => [index('change_log_by_topic').on(t.topic, t.seq)],
);

/** Disjoint slices of server time; see CoverageSlice. Chain breaks are not among them: see `audit`. */
export const coverage = sqliteTable('coverage', {
  fromMs: integer('from_ms').primaryKey(),
  toMs: integer('to_ms').notNull(),
  level: integer().notNull(),
  cause: integer(),
  readAtMs: integer('read_at_ms'),
  reads: integer().notNull(),
  stage: integer().notNull(),
});

/** Records that the chain proves and the mirror lacks; see AuditTask. */
export const audit = sqliteTable(
  'audit',
  {
    eventId: blob('event_id', { mode: 'buffer' }).primaryKey(),
    namedBy: blob('named_by', { mode: 'buffer' }).notNull(),
    expectedMs: integer('expected_ms'),
    attempts: integer().notNull(),
    nextAttemptMs: integer('next_attempt_ms').notNull(),
    /** 1: given up. It is a CHAIN_BREAK gap then, laid over `coverage` by those who read it. */
    broken: integer().notNull(),
    /** When the missing record began, as well as is known. Null only in files from before there was this column. */
    instantMs: integer('instant_ms'),
  },
  (t) => [index('audit_broken').on(t.instantMs).where(sql`broken = 1`)],
);

/** Rows that could not become records, whole; an identical row again only counts. */
export const quarantine = sqliteTable(
  'quarantine',
  {
    id: integer().primaryKey(),
    reason: text().notNull(),
    rawJson: text('raw_json').notNull(),
    digest: blob({ mode: 'buffer' }).notNull(),
    firstSeenMs: integer('first_seen_ms').notNull(),
    lastSeenMs: integer('last_seen_ms').notNull(),
    count: integer().notNull(),
  },
  (t) => [uniqueIndex('quarantine_by_digest').on(t.digest)],
);

/** The poller's account of itself as of the last frame: one row, id 1, JSON PollerStatus. */
export const pollerStatus = sqliteTable('poller_status', {
  id: integer().primaryKey(),
  body: text().notNull(),
});

/** Time in state by agent and quarter hour of UTC, kept by deltas: milliseconds and event counts. */
export const stateCombination = sqliteTable(
  'state_combination',
  {
    id: integer().primaryKey(),
    presence: integer().notNull(),
    state: integer().notNull(),
    reason: integer().notNull(),
    direction: integer().notNull(),
    allocation: integer().notNull(),
  },
  (t) => [
    uniqueIndex('state_combination_by_all').on(t.presence, t.state, t.reason, t.direction, t.allocation),
  ],
);

export const stateQuarter = sqliteTable(
  'state_quarter',
  {
    /** Start of the quarter hour, milliseconds UTC divided by 900,000. */
    quarter: integer().notNull(),
    agent: integer().notNull(),
    /** state_combination.id; its columns are codes, 0 for absent. */
    combination: integer().notNull(),
    ms: integer().notNull(),
    /** Events of this combination that began in the quarter. */
    began: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.quarter, t.agent, t.combination] })],
);
