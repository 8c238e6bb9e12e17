import { changeTopicCodes } from '../codes.ts';
import type { MirrorReader } from './reader.ts';

export type ChangeTopic = keyof typeof changeTopicCodes;

/** One row of the change log. Images as images.ts and the event's revisions have them. */
export type ChangeRow = {
  seq: number;
  /** changeKindCodes */
  kind: number;
  /** event.id, agent.id or transfer.id by topic. */
  subject: number;
  agent: number;
  revision: number | null;
  observedMs: number;
  before: string | null;
  after: string | null;
};

const selectChanges = (
  reader: MirrorReader,
  topic: ChangeTopic,
  afterSeq: number,
  limit: number,
): ChangeRow[] =>
  reader.all<ChangeRow>(
    `select seq, kind, subject, agent, revision, observed_ms as observedMs, before, after
     from change_log indexed by change_log_by_topic
     where topic = ? and seq > ? order by seq limit ?`,
    changeTopicCodes[topic],
    afterSeq,
    limit,
  );

/** The newest changes of a topic, all of those in (afterSeq, headSeq]. */
type Recent = {
  afterSeq: number;
  headSeq: number;
  rows: ChangeRow[];
  /** What was asked for last: streams that follow the head ask for the same. */
  cut: { from: number; limit: number; rows: readonly ChangeRow[] } | null;
};
const RECENT_ROWS = 4_096;
const recents = new WeakMap<MirrorReader, Map<ChangeTopic, Recent>>();

/** Brought up to this commit by one statement, whoever asks first. */
const recentChanges = (reader: MirrorReader, topic: ChangeTopic): Recent => {
  const byTopic = recents.get(reader) ?? new Map<ChangeTopic, Recent>();
  recents.set(reader, byTopic);
  const headSeq = reader.headSeq();
  const known = byTopic.get(topic);
  if (known?.headSeq === headSeq) return known;
  const fresh = known ? selectChanges(reader, topic, known.headSeq, RECENT_ROWS + 1) : [];
  const rows = [...(known?.rows ?? []), ...fresh].slice(-RECENT_ROWS);
  const recent: Recent =
    !known || fresh.length > RECENT_ROWS
      ? { afterSeq: headSeq, headSeq, rows: [], cut: null }
      : {
          afterSeq: rows.length < known.rows.length + fresh.length ? rows[0]!.seq - 1 : known.afterSeq,
          headSeq,
          rows,
          cut: null,
        };
  byTopic.set(topic, recent);
  return recent;
};

const firstAfter = (rows: readonly ChangeRow[], seq: number): number => {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.seq > seq) high = middle;
    else low = middle + 1;
  }
  return low;
};

/**
 * Changes of a topic after `afterSeq`, oldest first. Whoever follows the head is served from memory, with the same rows
 * and arrays as everybody else; only who lags behind some thousand changes costs a statement.
 */
export const readChanges = (
  reader: MirrorReader,
  topic: ChangeTopic,
  afterSeq: number,
  limit: number,
): readonly ChangeRow[] => {
  const recent = recentChanges(reader, topic);
  if (afterSeq < recent.afterSeq) return selectChanges(reader, topic, afterSeq, limit);
  const from = firstAfter(recent.rows, afterSeq);
  if (recent.cut?.from !== from || recent.cut.limit !== limit) {
    recent.cut = { from, limit, rows: recent.rows.slice(from, from + limit) };
  }
  return recent.cut.rows;
};

/** The oldest change still held; null when the log is empty. A cursor before it has lost its continuation. */
export const oldestChange = (reader: MirrorReader): number | null =>
  reader.get<{ seq: number | null }>('select min(seq) as seq from change_log')?.seq ?? null;

/** Superseded versions of events: (event.id, revision) to the JSON of `decodeEventImage`. */
export const readEventImages = (
  reader: MirrorReader,
  wanted: readonly (readonly [event: number, revision: number])[],
): Map<string, string> => {
  if (wanted.length === 0) return new Map();
  const rows = reader.all<{ event: number; revision: number; image: string }>(
    `select event_revision.event, event_revision.revision, event_revision.image
     from json_each(?) as wanted cross join event_revision
       on event_revision.event = wanted.value ->> 0 and event_revision.revision = wanted.value ->> 1`,
    JSON.stringify(wanted),
  );
  return new Map(rows.map((row) => [`${row.event}:${row.revision}`, row.image]));
};
