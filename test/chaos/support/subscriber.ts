import type { Topic } from './topics.ts';

/** An unbroken run of changes: all that came after `first`, up to and with `last`. */
export type Segment = { first: string; last: string; changes: string[] };

export type Sent = {
  data?: { batches: { phase: string; cursor: string; changes: unknown[] } } | null;
  errors?: { message: string; extensions?: { code?: string; cursor?: string } }[];
};

export type Subscriber = {
  topic: Topic;
  /** Whole runs; a new one begins where the server said that a cursor has expired. */
  segments: Segment[];
  /** Agents by id, as a wallboard would show them; only for subscribers that take snapshots. */
  board: Map<string, string> | null;
  /** Codes that the stream ended with. */
  codes: string[];
  heartbeats(): number;
  /** Of the last thing heard; null before there is anything to go on from, also inside a snapshot. */
  cursor(): string | null;
  /** A cursor to begin after is wanted: there is none, and no snapshot to begin with. */
  wantsStart(): boolean;
  beginAfter(cursor: string): void;
  /** What to subscribe with, to go on where it stopped. */
  variables(): Record<string, unknown>;
  take(sent: Sent): 'GOES ON' | 'ENDED';
};

/** What one client of a stream must do, and nothing more: apply, remember the cursor, and obey the codes. */
export const createSubscriber = (
  topic: Topic,
  options: {
    snapshot: boolean;
    batchSize: number;
    /** Called when the server says that a cursor's continuation is gone. */
    onExpired(cursor: string): void;
  },
): Subscriber => {
  const { snapshot, batchSize } = options;
  const segments: Segment[] = [];
  const codes: string[] = [];
  let segment: Segment | null = null;
  let heartbeats = 0;
  /** Inside a snapshot: what has come of it, and its cursor, after which it is sent anew. */
  let incoming = new Map<string, string>();
  let unfinished: string | null = null;

  const begin = (cursor: string) => {
    segment = { first: cursor, last: cursor, changes: [] };
    segments.push(segment);
  };

  const subscriber: Subscriber = {
    topic,
    segments,
    board: snapshot ? new Map() : null,
    codes,
    heartbeats: () => heartbeats,
    cursor: () => segment?.last ?? null,
    wantsStart: () => !snapshot && segment === null,
    beginAfter: begin,
    variables() {
      incoming = new Map();
      const after = segment?.last ?? unfinished;
      return {
        filter: topic.filter,
        batchSize,
        ...(after === null ? {} : { after }),
        ...(topic.field === 'stateChanges' ? { snapshot: snapshot && after === null } : {}),
      };
    },
    take({ data, errors }) {
      if (errors?.[0]) {
        const { code = 'NO CODE', cursor } = errors[0].extensions ?? {};
        codes.push(code);
        if (code === 'STREAM_CURSOR_EXPIRED') {
          const lost = segment?.last ?? unfinished;
          if (lost !== null) options.onExpired(lost);
          segment = null;
          unfinished = null;
        } else if (cursor !== undefined && segment) segment.last = cursor;
        else if (cursor !== undefined) unfinished = cursor;
        return 'ENDED';
      }
      if (!data) throw new Error('a result with neither data nor errors');
      const { phase, cursor, changes } = data.batches;
      if (phase === 'HEARTBEAT') heartbeats += 1;
      const heard = changes.map(topic.read);
      const inSnapshot = phase === 'SNAPSHOT' || phase === 'SNAPSHOT_END';
      const board = inSnapshot ? incoming : subscriber.board;
      for (const { board: move } of heard) {
        if (!move || !board) continue;
        if (move.status === null) board.delete(move.agentId);
        else board.set(move.agentId, move.status);
      }
      if (phase === 'SNAPSHOT') unfinished = cursor;
      else if (phase === 'SNAPSHOT_END') {
        subscriber.board = incoming;
        incoming = new Map();
        unfinished = null;
        begin(cursor);
      } else {
        if (!segment) throw new Error(`${phase} before there was anything to go on from`);
        segment.changes.push(...heard.map(({ text }) => text));
        segment.last = cursor;
      }
      return 'GOES ON';
    },
  };
  return subscriber;
};
