import type { MirrorReader } from '../../mirror/index.ts';
import { clientError } from '../errors.ts';
import { peek, seal, unseal } from './seal.ts';

const VERSION = 1;

/** Where a stream stands: behind change `seq`. `unfinished`: of a snapshot that was not whole yet. */
export type StreamPosition = { seq: number; unfinished: boolean };

const lineages = new WeakMap<MirrorReader, string>();
const lineageOf = (reader: MirrorReader): string => {
  let lineage = lineages.get(reader);
  if (lineage === undefined) {
    lineage = (reader.meta('lineage') ?? '').slice(0, 8);
    lineages.set(reader, lineage);
  }
  return lineage;
};

/** The last one that was made: streams of different filters stand at the same place, the head. */
const lastMade = new WeakMap<MirrorReader, { seq: number; cursor: string }>();

/** The position just after change `seq` of this mirror's change log. */
export const encodeStreamCursor = (reader: MirrorReader, seq: number): string => {
  const last = lastMade.get(reader);
  if (last?.seq === seq) return last.cursor;
  const cursor = seal(reader, 'stream', [VERSION, lineageOf(reader), seq]);
  lastMade.set(reader, { seq, cursor });
  return cursor;
};

/** The same inside a snapshot: behind it there is no resuming, for the rest of the snapshot would be missing. */
export const encodeSnapshotCursor = (reader: MirrorReader, seq: number): string =>
  seal(reader, 'stream', [VERSION, lineageOf(reader), seq, 'SNAPSHOT']);

/** The head of the change log, as of everything else that is read in this synchronous stretch. */
export const headCursor = (reader: MirrorReader): string => encodeStreamCursor(reader, reader.headSeq());

/** A mirror that was rebuilt has another key, so its old cursors cannot be opened; that they once were cursors shows. */
const isForeign = (reader: MirrorReader, cursor: string): boolean => {
  const [version, lineage, seq] = peek(cursor) ?? [];
  return (
    version === VERSION &&
    typeof lineage === 'string' &&
    lineage !== lineageOf(reader) &&
    Number.isSafeInteger(seq)
  );
};

/**
 * The position that the cursor is. Throws CURSOR_MALFORMED; STREAM_CURSOR_EXPIRED when it is of another mirror, such as
 * the one before a rebuild; STREAM_CURSOR_FUTURE when this mirror never wrote that far (an older copy was put back).
 * Whether the log still reaches back that far is the caller's to ask.
 */
export const decodeStreamPosition = (
  reader: MirrorReader,
  cursor: string,
  argument = 'after',
): StreamPosition => {
  const [version, lineage, seq, snapshot] = unseal(reader, 'stream', cursor) ?? [];
  if (version !== VERSION || lineage !== lineageOf(reader) || typeof seq !== 'number') {
    if (isForeign(reader, cursor)) {
      throw clientError(
        'STREAM_CURSOR_EXPIRED',
        `\`${argument}\` is a cursor of another mirror: this one was rebuilt since. Take a snapshot, and go on from its cursor.`,
        { argument },
      );
    }
    throw clientError(
      'CURSOR_MALFORMED',
      `\`${argument}\` is no stream cursor of this mirror. Take a snapshot, and go on from its cursor.`,
      { argument },
    );
  }
  if (seq > reader.headSeq()) {
    throw clientError(
      'STREAM_CURSOR_FUTURE',
      `\`${argument}\` lies past the newest change of this mirror: an older copy was put back, or this node lags. Take a snapshot, and go on from its cursor.`,
      { argument },
    );
  }
  return { seq, unfinished: snapshot === 'SNAPSHOT' };
};

/** The sequence that the cursor stands behind; throws as `decodeStreamPosition` does. */
export const decodeStreamCursor = (reader: MirrorReader, cursor: string, argument = 'after'): number =>
  decodeStreamPosition(reader, cursor, argument).seq;
