import type { PollerStatus } from '../../poller/index.ts';
import type { QuarantineReason } from '../quarantineReasons.ts';
import { MOST_BREAKS_LISTED } from './chainBreaks.ts';
import type { MirrorReader } from './reader.ts';

/** The poller's account of itself as of the last frame that carried one. */
export const readPollerStatus = (reader: MirrorReader): PollerStatus | null => {
  const row = reader.get<{ body: string }>('select body from poller_status where id = 1');
  // Written by the writer alone, from a PollerStatus.
  return row ? (JSON.parse(row.body) as PollerStatus) : null;
};

export type MirrorCounts = {
  agents: number;
  sessions: number;
  events: number;
  transfers: number;
  changes: number;
};

/** Exact counts; each counts the smallest index of its table. */
export const readCounts = (reader: MirrorReader): MirrorCounts =>
  reader.get<MirrorCounts>(
    `select (select count(*) from agent where seen = 1) as agents, (select count(*) from session) as sessions,
       (select count(*) from event) as events, (select count(*) from transfer) as transfers,
       (select count(*) from change_log) as changes`,
  )!;

export type DriftRow = {
  attribute: string;
  raw: string;
  firstSeenMs: number;
  lastSeenMs: number;
  count: number;
};

/** Where so many records never come it is upstream's habit: most likely its sessions end by naming one. */
const HABIT = { attribute: 'nextEventId', raw: 'names a record that never comes' };

/** Values, attributes and habits that nobody knew when this was written, newest first. */
export const readDrift = (reader: MirrorReader): DriftRow[] => {
  const unknown = reader.all<DriftRow>(
    `select attribute, raw, first_seen_ms as firstSeenMs, last_seen_ms as lastSeenMs, count
     from unknown_value order by last_seen_ms desc, id desc limit 1000`,
  );
  const breaks = reader.get<Omit<DriftRow, 'attribute' | 'raw'>>(
    `select min(instant_ms) as firstSeenMs, max(instant_ms) as lastSeenMs, count(*) as count
     from audit indexed by audit_broken where broken = 1 and instant_ms is not null`,
  )!;
  return breaks.count > MOST_BREAKS_LISTED ? [{ ...HABIT, ...breaks }, ...unknown] : unknown;
};

export type QuarantineRow = {
  id: number;
  reason: QuarantineReason;
  rawJson: string;
  firstSeenMs: number;
  lastSeenMs: number;
  count: number;
};

/** The newest rows that could not become records, and how many there are in all. */
export const readQuarantine = (
  reader: MirrorReader,
  limit: number,
): { total: number; rows: QuarantineRow[] } => ({
  total: reader.get<{ n: number }>('select count(*) as n from quarantine')!.n,
  rows: reader.all<QuarantineRow>(
    `select id, reason, raw_json as rawJson, first_seen_ms as firstSeenMs, last_seen_ms as lastSeenMs, count
     from quarantine order by last_seen_ms desc, id desc limit ?`,
    limit,
  ),
});

/** Start of the oldest event held; null when there is none. */
export const oldestEventMs = (reader: MirrorReader): number | null =>
  reader.get<{ ms: number | null }>('select min(start_ms) as ms from event indexed by event_by_start')?.ms ??
  null;
