import { LONGEST_IN_ROLLUP_MS, QUARTER_MS } from '../apply/quarters.ts';
import { LONG_MS } from '../lengthClass.ts';
import { createTally, DurationsTooLargeError } from './durationTally.ts';
import { type MirrorReader, type SqlValue, WalkTooLongError } from './reader.ts';

/** What durations can be grouped by, in the order in which keys are given back. */
export type DurationKey =
  | 'AGENT'
  | 'STATE'
  | 'PRESENCE'
  | 'REASON'
  | 'REASON_LIST'
  | 'DIRECTION'
  | 'ALLOCATION';

export type DurationsRequest = {
  /** Bucket edges, milliseconds UTC, ascending: buckets are [edges[i], edges[i + 1]). */
  edgesMs: number[];
  groupBy: DurationKey[];
  /** Only events of these agents (agent.id); null: of all. */
  agents: readonly number[] | null;
  /** A condition over the table `event`, parameters bound by position. */
  where: { sql: string; params: readonly SqlValue[] } | null;
  /** An event without an end counts up to here. */
  openUntilMs: number;
  /** Collect each ended event's whole duration for averages and percentiles; needs the events one by one. */
  withSamples: boolean;
  /** More groups in all buckets together are refused. */
  maxRows: number;
};

export type DurationsRow = {
  /** Index of the bucket. */
  bucket: number;
  /** One code or row id a group key; null for absent. A reason is the id of its oldest row in `reason`. */
  key: (number | null)[];
  /** Time inside the bucket, exact milliseconds. */
  ms: number;
  /** Events that overlap the bucket, and of those the ones that began in it; null where only the rollup was read. */
  events: number | null;
  began: number;
  /** Whole durations, ascending, of the ended events that began in the bucket. */
  samplesMs: number[] | null;
};

const columnOf = {
  AGENT: 'event.agent',
  STATE: 'event.state',
  PRESENCE: 'event.presence',
  REASON: 'event.reason',
  REASON_LIST: 'event.reason',
  DIRECTION: 'event.direction',
  ALLOCATION: 'event.allocation',
} as const satisfies Record<DurationKey, string>;

/** Columns `k0`, `k1`, … are the group keys, in their order. */
type EventSpan = { startMs: number; endMs: number | null } & { [key: `k${number}`]: number | null };
type RollupRow = { quarter: number; ms: number; began: number } & { [key: `k${number}`]: number | null };

const keyColumns = (columns: readonly string[]): string =>
  columns.map((column, i) => `, ${column} as k${i}`).join('');
const keyOf = (row: { [key: `k${number}`]: number | null }, groupBy: readonly DurationKey[]) =>
  groupBy.map((_, i) => row[`k${i}`] ?? null);

/**
 * Time in state over a grid of buckets, each event split at the edges. Sums are integer milliseconds, exact.
 * Work is proportional to the events that overlap the range, plus those longer than an hour. Of a few agents only their
 * own events are looked at.
 */
const readFromEvents = (reader: MirrorReader, request: DurationsRequest): DurationsRow[] => {
  const { edgesMs, groupBy, where, agents } = request;
  const fromMs = edgesMs[0]!;
  const toMs = edgesMs[edgesMs.length - 1]!;
  const condition = where ? ` and (${where.sql})` : '';
  const params = where?.params ?? [];
  const tally = createTally(reader, request);
  const { byStart, byDuration } = agents ? ofAgents : ofAll;
  const wanted = agents ? [JSON.stringify(agents)] : [];
  const spans = reader.iterate<EventSpan>(
    `${selectSpans(groupBy)} ${byStart} event.start_ms >= ? and event.start_ms < ? and ${REACHES}${condition}
       union all ${selectSpans(groupBy)} ${byDuration} event.start_ms < ? and ${REACHES}${condition}`,
    ...[...wanted, fromMs - LONG_MS, toMs, request.openUntilMs, fromMs, fromMs, ...params],
    ...[...wanted, fromMs - LONG_MS, request.openUntilMs, fromMs, fromMs, ...params],
  );
  for (const span of spans) addSpan(tally, span, request);
  return tally.rows(true);
};

/** An aggregate may look at more than a list, as it sends little. */
const EVENTS_A_WALK = 4;
const SUMS_A_WALK = 20;

/**
 * Time in state over a grid of buckets: from the rollup where that can answer, else event by event. Throws
 * DurationsTooLargeError where too much would have to be looked at, split or given back.
 */
export const readDurations = (reader: MirrorReader, request: DurationsRequest): DurationsRow[] => {
  const fromRollup = rollupCanAnswer(request);
  const what = fromRollup ? 'SUMS' : 'EVENTS';
  const most = reader.maxWalkRows * (fromRollup ? SUMS_A_WALK : EVENTS_A_WALK);
  if (request.agents) {
    try {
      return reader.bounded(most, () => readFromEvents(reader, request));
    } catch (thrown) {
      throw thrown instanceof WalkTooLongError ? new DurationsTooLargeError(what, most) : thrown;
    }
  }
  const [fromMs, toMs] = [request.edgesMs[0]!, request.edgesMs.at(-1)!];
  const found = (fromRollup ? countRollupRows : countEvents)(reader, fromMs, toMs, most + 1);
  if (found > most) throw new DurationsTooLargeError(what, most);
  return (fromRollup ? readFromRollup : readFromEvents)(reader, request);
};

/** How many events of the whole floor `readFromEvents` would look at, counted up to `most`; cheap, over an index. */
const countEvents = (reader: MirrorReader, fromMs: number, toMs: number, most: number): number =>
  reader.get<{ found: number }>(
    `select count(*) as found from (
       select 1 from event indexed by event_by_start where start_ms >= ? and start_ms < ? limit ?)`,
    ...[fromMs - LONG_MS, toMs, most],
  )?.found ?? 0;

/** The same of `readFromRollup` and the rollup's rows. */
const countRollupRows = (reader: MirrorReader, fromMs: number, toMs: number, most: number): number =>
  reader.get<{ found: number }>(
    `select count(*) as found from (
       select 1 from state_quarter where quarter >= ? and quarter < ? limit ?)`,
    ...[fromMs / QUARTER_MS, toMs / QUARTER_MS, most],
  )?.found ?? 0;

/** How events are found: those that began in a stretch of time, and those that may have begun long before it. */
const ofAll = {
  byStart: 'from event indexed by event_by_start where',
  byDuration: `from event indexed by event_by_duration where event.duration_key >= ${LONG_MS} and`,
};
const ofAgents = {
  byStart: `from json_each(?) as wanted cross join event indexed by event_by_agent
    where event.agent = wanted.value and spend(event.id) and`,
  byDuration: `from json_each(?) as wanted cross join event indexed by event_by_agent_duration
    where event.agent = wanted.value and event.duration_key >= ${LONG_MS} and spend(event.id) and`,
};

/** An event counts from its start to its end, or to openUntilMs; one of no length counts where it began. */
const REACHES = '(coalesce(event.end_ms, ?) > ? or event.start_ms >= ?)';

const selectSpans = (groupBy: readonly DurationKey[]): string =>
  `select event.start_ms as startMs, event.end_ms as endMs${keyColumns(groupBy.map((part) => columnOf[part]))}`;

const addSpan = (
  tally: ReturnType<typeof createTally>,
  span: EventSpan,
  { groupBy, openUntilMs }: DurationsRequest,
): void => {
  const { startMs, endMs } = span;
  if (endMs === null && startMs >= openUntilMs) return;
  tally.addEvent(startMs, Math.max(startMs, endMs ?? openUntilMs), endMs !== null, keyOf(span, groupBy));
};

/** Whether every edge lies on a quarter hour of UTC, so that the rollup can answer. */
const rollupCanAnswer = (request: DurationsRequest): boolean =>
  request.where === null &&
  request.agents === null &&
  !request.withSamples &&
  request.edgesMs.every((edge) => edge % QUARTER_MS === 0);

/**
 * The same answer as `readFromEvents` for requests that `rollupCanAnswer`, without `events`: what the rollup leaves
 * out, open events and those longer than a week, is added one by one.
 */
const readFromRollup = (reader: MirrorReader, request: DurationsRequest): DurationsRow[] => {
  const { edgesMs, groupBy, openUntilMs } = request;
  const fromMs = edgesMs[0]!;
  const toMs = edgesMs[edgesMs.length - 1]!;
  const tally = createTally(reader, request);
  const columns = groupBy.map((part) =>
    part === 'AGENT' ? 'q.agent' : `nullif(c.${part === 'REASON_LIST' ? 'reason' : part.toLowerCase()}, 0)`,
  );
  const quarters = reader.iterate<RollupRow>(
    `select q.quarter, sum(q.ms) as ms, sum(q.began) as began${keyColumns(columns)}
     from state_quarter q join state_combination c on c.id = q.combination
     where q.quarter >= ? and q.quarter < ?
     group by ${['q.quarter', ...columns].join(', ')}`,
    fromMs / QUARTER_MS,
    toMs / QUARTER_MS,
  );
  for (const row of quarters)
    tally.addRollup(row.quarter * QUARTER_MS, row.ms, row.began, keyOf(row, groupBy));
  const others = reader.iterate<EventSpan>(
    `${selectSpans(groupBy)} from event indexed by event_by_duration
     where event.duration_key > ${LONGEST_IN_ROLLUP_MS} and event.start_ms < ? and ${REACHES}`,
    toMs,
    openUntilMs,
    fromMs,
    fromMs,
  );
  for (const span of others) addSpan(tally, span, request);
  return tally.rows(false);
};
