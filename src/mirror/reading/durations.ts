import type { Database } from 'better-sqlite3';

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
  /** A condition over the table `event`, parameters bound by position. */
  where: { sql: string; params: (string | number | bigint | Buffer | null)[] } | null;
  /** An event without an end counts up to here. */
  openUntilMs: number;
  /** Collect each ended event's whole duration for averages and percentiles; needs the events one by one. */
  withSamples: boolean;
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

/** Events at least this long are looked up by their length, all others by a start at most this far before the range. */
const LONG_MS = 3_600_000;
const QUARTER_MS = 900_000;

const columnOf = {
  AGENT: 'event.agent',
  STATE: 'event.state',
  PRESENCE: 'event.presence',
  REASON: 'event.reason',
  REASON_LIST: 'event.reason',
  DIRECTION: 'event.direction',
  ALLOCATION: 'event.allocation',
} as const satisfies Record<DurationKey, string>;

/** A reason that was renamed is several rows; they count as the one that was seen first. */
const canonicalReasons = (database: Database, part: 'REASON' | 'REASON_LIST'): Map<number, number | null> => {
  const [idColumn, nameColumn] = part === 'REASON' ? ['reason_id', 'name'] : ['reason_list_id', 'list_name'];
  // Columns are fixed names of the table `reason`.
  const rows = database
    .prepare(`select id, ${idColumn} as key, ${nameColumn} as name from reason order by id`)
    .all() as { id: number; key: string; name: string }[];
  const firstByKey = new Map<string, number>();
  const canonical = new Map<number, number | null>();
  for (const row of rows) {
    if (row.key === '' && row.name === '') {
      canonical.set(row.id, null);
      continue;
    }
    const key = row.key === '' ? `name:${row.name}` : `id:${row.key}`;
    const first = firstByKey.get(key) ?? row.id;
    firstByKey.set(key, first);
    canonical.set(row.id, first);
  }
  return canonical;
};

type Cell = { ms: number; events: number; began: number; samples: number[] };

/** Sums what is added by (bucket, group); splits a span at the bucket edges it crosses. */
const createTally = (database: Database, request: DurationsRequest) => {
  const { edgesMs, groupBy, withSamples } = request;
  const cells = new Map<string, { bucket: number; key: (number | null)[]; cell: Cell }>();
  const foldings = groupBy.map((part) =>
    part === 'REASON' || part === 'REASON_LIST' ? canonicalReasons(database, part) : null,
  );

  /** The bucket that holds `atMs`: the last edge at or before it. */
  const bucketAt = (atMs: number) => {
    let low = 0;
    let high = edgesMs.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (edgesMs[middle]! <= atMs) low = middle;
      else high = middle;
    }
    return low;
  };

  const cellAt = (bucket: number, key: (number | null)[]) => {
    const name = `${bucket}|${key.join('|')}`;
    let entry = cells.get(name);
    if (!entry) {
      entry = { bucket, key, cell: { ms: 0, events: 0, began: 0, samples: [] } };
      cells.set(name, entry);
    }
    return entry.cell;
  };

  const fold = (raw: (number | null)[]) =>
    raw.map((value, i) => {
      const folding = foldings[i];
      return folding && value !== null ? (folding.get(value) ?? null) : value;
    });

  return {
    addEvent(startMs: number, endMs: number, ended: boolean, rawKey: (number | null)[]) {
      const fromMs = Math.max(startMs, edgesMs[0]!);
      const toMs = Math.min(endMs, edgesMs[edgesMs.length - 1]!);
      const key = fold(rawKey);
      for (let bucket = bucketAt(fromMs), at = fromMs; at < toMs || at === fromMs; bucket++) {
        const until = Math.min(toMs, edgesMs[bucket + 1]!);
        const cell = cellAt(bucket, key);
        cell.ms += Math.max(0, until - at);
        cell.events += 1;
        if (at === startMs) {
          cell.began += 1;
          if (withSamples && ended) cell.samples.push(endMs - startMs);
        }
        if (until >= toMs) break;
        at = until;
      }
    },
    addRollup(quarterMs: number, ms: number, began: number, rawKey: (number | null)[]) {
      const cell = cellAt(bucketAt(quarterMs), fold(rawKey));
      cell.ms += ms;
      cell.began += began;
    },
    rows(eventsKnown: boolean): DurationsRow[] {
      return [...cells.values()]
        .map(({ bucket, key, cell }) => ({
          bucket,
          key,
          ms: cell.ms,
          events: eventsKnown ? cell.events : null,
          began: cell.began,
          samplesMs: withSamples ? cell.samples.sort((a, b) => a - b) : null,
        }))
        .sort((a, b) => a.bucket - b.bucket);
    },
  };
};

type EventTuple = [startMs: number, endMs: number | null, ...keys: (number | null)[]];

/**
 * Time in state over a grid of buckets, each event split at the edges. Sums are integer milliseconds, exact.
 * Work is proportional to the events that overlap the range, plus those longer than an hour.
 */
export const readDurations = (database: Database, request: DurationsRequest): DurationsRow[] => {
  const { edgesMs, groupBy, where, openUntilMs } = request;
  const fromMs = edgesMs[0]!;
  const toMs = edgesMs[edgesMs.length - 1]!;
  const columns = ['event.start_ms', 'event.end_ms', ...groupBy.map((part) => columnOf[part])].join(', ');
  const condition = where ? ` and (${where.sql})` : '';
  // An event counts from its start to its end, or to openUntilMs; one of no length counts where it began.
  const overlaps = `(coalesce(event.end_ms, ?) > ? or event.start_ms >= ?)`;
  const sql = `
    select ${columns} from event indexed by event_by_start
      where event.start_ms >= ? and event.start_ms < ? and ${overlaps}${condition}
    union all
    select ${columns} from event indexed by event_by_duration
      where event.duration_key >= ${LONG_MS} and event.start_ms < ? and ${overlaps}${condition}`;
  const params = where?.params ?? [];
  const statement = database.prepare(sql).raw(true);
  const tally = createTally(database, request);
  const rows = statement.iterate(
    fromMs - LONG_MS,
    toMs,
    openUntilMs,
    fromMs,
    fromMs,
    ...params,
    fromMs - LONG_MS,
    openUntilMs,
    fromMs,
    fromMs,
    ...params,
  ) as IterableIterator<EventTuple>; // the select list above, in its order
  for (const [startMs, endMs, ...key] of rows) {
    const untilMs = endMs ?? Math.max(startMs, openUntilMs);
    if (endMs === null && startMs >= openUntilMs) continue;
    tally.addEvent(startMs, Math.max(startMs, untilMs), endMs !== null, key);
  }
  return tally.rows(true);
};

/** Whether every edge lies on a quarter hour of UTC, so that the rollup can answer. */
export const rollupCanAnswer = (request: DurationsRequest): boolean =>
  request.where === null && !request.withSamples && request.edgesMs.every((edge) => edge % QUARTER_MS === 0);

/** The same answer as `readDurations` for requests that `rollupCanAnswer`, without `events`: ended events from the rollup, open ones one by one. */
export const readDurationsFromRollup = (database: Database, request: DurationsRequest): DurationsRow[] => {
  const { edgesMs, groupBy, openUntilMs } = request;
  const fromMs = edgesMs[0]!;
  const toMs = edgesMs[edgesMs.length - 1]!;
  const tally = createTally(database, request);
  const rollupColumn = (part: DurationKey) =>
    part === 'AGENT' ? 'q.agent' : `nullif(c.${part === 'REASON_LIST' ? 'reason' : part.toLowerCase()}, 0)`;
  const keys = groupBy.map(rollupColumn);
  const rollup = database
    .prepare(
      `select q.quarter, sum(q.ms), sum(q.began)${keys.map((key) => `, ${key}`).join('')}
       from state_quarter q join state_combination c on c.id = q.combination
       where q.quarter >= ? and q.quarter < ?
       group by ${['q.quarter', ...keys].join(', ')}`,
    )
    .raw(true)
    .all(fromMs / QUARTER_MS, toMs / QUARTER_MS) as [number, number, number, ...(number | null)[]][]; // the select list above
  for (const [quarter, ms, began, ...key] of rollup) tally.addRollup(quarter * QUARTER_MS, ms, began, key);

  const columns = ['event.start_ms', ...groupBy.map((part) => columnOf[part])].join(', ');
  const open = database
    .prepare(
      `select ${columns} from event indexed by event_by_duration
       where event.duration_key >= 9000000000000000 and event.start_ms < ?`,
    )
    .raw(true)
    .all(Math.min(toMs, openUntilMs)) as [number, ...(number | null)[]][]; // the select list above
  for (const [startMs, ...key] of open) {
    if (Math.max(startMs, fromMs) < Math.min(openUntilMs, toMs))
      tally.addEvent(startMs, openUntilMs, false, key);
  }
  return tally.rows(false);
};
