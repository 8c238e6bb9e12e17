import type { Clock } from '../../clock/clock.ts';
import {
  type ChangeRow,
  type ChangeTopic,
  type MirrorReader,
  oldestChange,
  readChanges,
} from '../../mirror/index.ts';
import type { Doorbell } from '../context.ts';
import { decodeStreamPosition, encodeStreamCursor, type StreamPosition } from '../cursors/streamCursor.ts';
import { clientError } from '../errors.ts';
import { shareHeartbeat, shareStep } from './shared.ts';

export type Phase = 'SNAPSHOT' | 'SNAPSHOT_END' | 'LIVE' | 'HEARTBEAT';

/** One message of a stream: `cursor` is the position behind everything in it. */
export type Batch<Change> = { phase: Phase; cursor: string; changes: readonly Change[] };

/** How a topic's rows become changes; null leaves one out. Called in the synchronous stretch that read the rows. */
export type Translate<Change> = (reader: MirrorReader, rows: readonly ChangeRow[]) => (Change | null)[];

export type StreamParts<Change> = {
  topic: ChangeTopic;
  translate: Translate<Change>;
  mirror: MirrorReader;
  doorbell: Doorbell;
  clock: Clock;
  batchSize: number;
  /** Equal exactly for streams whose topic and filter are equal. */
  shareKey: string;
  /** Aborted when the consumer is gone. */
  signal: AbortSignal | undefined;
  draining: AbortSignal;
};

/** Changes looked at for one batch, matching or not: some milliseconds of work. */
const SCAN_ROWS = 2_000;
export const HEARTBEAT_MS = 15_000;
/** A ring that was lost is made up for by looking anyway. */
const LOOK_MS = 1_000;

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

export type Pulled<Change> = { changes: Change[]; seq: number; more: boolean };

/**
 * The next changes after `afterSeq`: at most `limit`, from at most SCAN_ROWS rows. `seq` is the position behind what
 * was looked at, whether it matched or not; at the head it is the head, past rows of other topics.
 */
export const pullChanges = <Change>(
  { mirror, topic, translate }: Pick<StreamParts<Change>, 'mirror' | 'topic' | 'translate'>,
  afterSeq: number,
  limit: number,
): Pulled<Change> => {
  const headSeq = mirror.headSeq();
  if (headSeq <= afterSeq) return { changes: [], seq: afterSeq, more: false };
  const rows = readChanges(mirror, topic, afterSeq, SCAN_ROWS);
  const changes: Change[] = [];
  for (const [i, change] of translate(mirror, rows).entries()) {
    if (change === null) continue;
    changes.push(change);
    if (changes.length >= limit) return { changes, seq: rows[i]!.seq, more: true };
  }
  const more = rows.length === SCAN_ROWS;
  return { changes, seq: more ? rows.at(-1)!.seq : headSeq, more };
};

export type Step<Change> = { batch: Batch<Change> | null; seq: number; more: boolean };

const takeStep = <Change>(parts: StreamParts<Change>, afterSeq: number): Step<Change> =>
  shareStep(parts.mirror, `${parts.batchSize}|${parts.shareKey}`, afterSeq, () => {
    const { changes, seq, more } = pullChanges(parts, afterSeq, parts.batchSize);
    const batch: Batch<Change> | null =
      changes.length > 0 ? { phase: 'LIVE', cursor: encodeStreamCursor(parts.mirror, seq), changes } : null;
    return { batch, seq, more };
  });

/**
 * A stream as a consumer pulls it: every change after `afterSeq` once, in order; a heartbeat after 15 s of quiet, with
 * the cursor moved on. Nothing is held for a consumer but its position.
 */
export async function* followChanges<Change>(
  parts: StreamParts<Change>,
  afterSeq: number,
): AsyncGenerator<Batch<Change>> {
  const { mirror, clock, doorbell, draining } = parts;
  const signal = parts.signal ? AbortSignal.any([parts.signal, draining]) : draining;
  let seq = afterSeq;
  let saidMs = clock.monotonicMs();
  while (!parts.signal?.aborted) {
    if (draining.aborted) {
      throw clientError('SERVER_DRAINING', 'The server is stopping. Reconnect and resume after the cursor.', {
        cursor: encodeStreamCursor(mirror, seq),
      });
    }
    assertHeld(mirror, seq);
    const step = takeStep(parts, seq);
    seq = step.seq;
    if (step.batch) {
      yield step.batch;
      saidMs = clock.monotonicMs();
      continue;
    }
    const quietMs = clock.monotonicMs() - saidMs;
    if (quietMs >= HEARTBEAT_MS) {
      yield shareHeartbeat(mirror, clock, seq, () => ({
        phase: 'HEARTBEAT',
        cursor: encodeStreamCursor(mirror, seq),
        changes: [],
      }));
      saidMs = clock.monotonicMs();
      continue;
    }
    if (step.more) {
      // Let others in: a filter that nothing matches would otherwise walk the whole log in one go.
      await clock.sleep(0, signal);
      continue;
    }
    await doorbell.wait(Math.min(LOOK_MS, HEARTBEAT_MS - quietMs), signal);
  }
}

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
