import type { Clock } from '../../clock/clock.ts';
import {
  type ChangeRow,
  type ChangeTopic,
  type MirrorReader,
  oldestChange,
  readChanges,
  WalkTooLongError,
} from '../../mirror/index.ts';
import { decodeStreamPosition, encodeStreamCursor, type StreamPosition } from '../cursors/streamCursor.ts';
import { clientError } from '../errors.ts';
import { asSource, type Step, type SteppedStream, type Steps } from '../stepped.ts';
import { shareHeartbeat, shareStep } from './shared.ts';

export type Phase = 'SNAPSHOT' | 'SNAPSHOT_END' | 'LIVE' | 'HEARTBEAT';

/** One message of a stream: `cursor` is the position behind everything in it. */
export type Batch<Change> = { phase: Phase; cursor: string; changes: readonly Change[] };

/** How a topic's rows become changes, each in its row's place; null leaves one out, as the end of the list does. Called in the synchronous stretch that read the rows. */
export type Translate<Change> = (reader: MirrorReader, rows: readonly ChangeRow[]) => (Change | null)[];

export type StreamParts<Change> = {
  topic: ChangeTopic;
  translate: Translate<Change>;
  mirror: MirrorReader;
  clock: Clock;
  batchSize: number;
  /** Equal exactly for streams whose topic, filter and batch size are equal. */
  shareKey: string;
  draining: AbortSignal;
};

/** Changes looked at for one batch, matching or not: some milliseconds of work. */
const SCAN_ROWS = 2_000;

/** Where a stream starts. Throws STREAM_CURSOR_EXPIRED when the log no longer goes on from there. */
export const startAfter = (mirror: MirrorReader, cursor: string): StreamPosition => {
  const position = decodeStreamPosition(mirror, cursor);
  const heldFrom = oldestChange(mirror) ?? mirror.headSeq() + 1;
  if (!position.unfinished && position.seq + 1 < heldFrom) {
    throw clientError(
      'STREAM_CURSOR_EXPIRED',
      'The change log no longer reaches back to this cursor (RTA_CHANGE_RETENTION). Take a snapshot, and go on from its cursor.',
      { argument: 'after' },
    );
  }
  return position;
};

/** Share of the rows that a list may look at which a step may, in what its filter asks of related rows: it is one of many. */
const STEP_SHARE = 0.2;

const stepTooExpensive = ({ maxRows }: WalkTooLongError) =>
  clientError(
    'QUERY_TOO_EXPENSIVE',
    `For one batch more than ${maxRows} rows would have to be looked at, as the filter asks what else agents or sessions did. Ask for smaller batches, or filter by what the row itself says.`,
    { argument: 'filter', maxRows },
  );

export type Pulled<Change> = { changes: Change[]; seq: number; more: boolean };

/**
 * The next changes after `afterSeq`: at most `limit`, from at most SCAN_ROWS rows. `seq` is the position behind what
 * was looked at, whether it matched or not; at the head it is the head, past rows of other topics. Looks at pieces that
 * begin with `limit` rows and double: a small batch of many changes costs little, a sparse filter few pieces. A filter
 * that walks through related rows gets as far as its budget does; QUERY_TOO_EXPENSIVE when that is not one piece.
 */
export const pullChanges = <Change>(
  parts: Pick<StreamParts<Change>, 'mirror' | 'topic' | 'translate'>,
  afterSeq: number,
  limit: number,
): Pulled<Change> =>
  parts.mirror.bounded(parts.mirror.maxWalkRows * STEP_SHARE, () => pullPieces(parts, afterSeq, limit));

const pullPieces = <Change>(
  { mirror, topic, translate }: Pick<StreamParts<Change>, 'mirror' | 'topic' | 'translate'>,
  afterSeq: number,
  limit: number,
): Pulled<Change> => {
  /** Null: past the budget. */
  const translated = (rows: readonly ChangeRow[]): (Change | null)[] | null => {
    try {
      return translate(mirror, rows);
    } catch (thrown) {
      if (!(thrown instanceof WalkTooLongError)) throw thrown;
      if (seq === afterSeq) throw stepTooExpensive(thrown);
      return null;
    }
  };
  const headSeq = mirror.headSeq();
  const changes: Change[] = [];
  let seq = afterSeq;
  let leftRows = SCAN_ROWS;
  for (let wanted = limit; leftRows > 0; wanted *= 2) {
    if (headSeq <= seq) return { changes, seq, more: false };
    const pieceRows = Math.min(wanted, leftRows);
    const rows = readChanges(mirror, topic, seq, pieceRows);
    const found = translated(rows);
    if (!found) return { changes, seq, more: true };
    for (const [i, change] of found.entries()) {
      if (change === null) continue;
      changes.push(change);
      if (changes.length >= limit) return { changes, seq: rows[i]!.seq, more: true };
    }
    if (rows.length < pieceRows) return { changes, seq: headSeq, more: false };
    seq = rows.at(-1)!.seq;
    leftRows -= pieceRows;
  }
  return { changes, seq, more: true };
};

const takeStep = <Change>(parts: StreamParts<Change>, afterSeq: number): Step<Batch<Change>> =>
  shareStep(parts.mirror, parts.shareKey, afterSeq, () => {
    const { changes, seq, more } = pullChanges(parts, afterSeq, parts.batchSize);
    assertHeld(parts.mirror, afterSeq);
    const event: Batch<Change> | null =
      changes.length > 0 ? { phase: 'LIVE', cursor: encodeStreamCursor(parts.mirror, seq), changes } : null;
    return { event, seq, more };
  });

/** A stream that sleeps for longer than the log is kept must end with a code, not go on with a hole. */
const assertHeld = (mirror: MirrorReader, seq: number) => {
  const oldest = oldestChange(mirror);
  if (oldest !== null && seq + 1 < oldest) {
    throw clientError(
      'STREAM_CURSOR_EXPIRED',
      'The change log was cut behind this stream (RTA_CHANGE_RETENTION). Take a snapshot, and go on from its cursor.',
      { argument: 'after' },
    );
  }
};

/**
 * What a stream opens with, then every change once, in order; a heartbeat after 15 s of quiet, with the cursor moved on.
 * Nothing is held for a consumer but its position.
 */
export const followChanges = <Change>(
  parts: StreamParts<Change>,
  open: Steps<Batch<Change>>['open'],
): SteppedStream<Batch<Change>> => {
  const { mirror, clock, draining } = parts;
  return asSource({
    open,
    step(afterSeq) {
      if (draining.aborted) {
        throw clientError(
          'SERVER_DRAINING',
          'The server is stopping. Reconnect and resume after the cursor.',
          {
            cursor: encodeStreamCursor(mirror, afterSeq),
          },
        );
      }
      return takeStep(parts, afterSeq);
    },
    heartbeat: (seq) =>
      shareHeartbeat(mirror, clock, seq, () => ({
        phase: 'HEARTBEAT',
        cursor: encodeStreamCursor(mirror, seq),
        changes: [],
      })),
  });
};
