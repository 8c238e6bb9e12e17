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

/** Changes of a topic after `afterSeq`, oldest first: one walk of change_log_by_topic. */
export const readChanges = (
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
