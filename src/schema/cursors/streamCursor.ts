import type { MirrorReader } from '../../mirror/index.ts';
import { clientError } from '../errors.ts';
import { seal, unseal } from './seal.ts';

const VERSION = 1;

const lineages = new WeakMap<MirrorReader, string>();
const lineageOf = (reader: MirrorReader): string => {
  let lineage = lineages.get(reader);
  if (lineage === undefined) {
    lineage = (reader.meta('lineage') ?? '').slice(0, 8);
    lineages.set(reader, lineage);
  }
  return lineage;
};

/** The position just after change `seq` of this mirror's change log. */
export const encodeStreamCursor = (reader: MirrorReader, seq: number): string =>
  seal(reader, 'stream', [VERSION, lineageOf(reader), seq]);

/** The head of the change log, as of everything else that is read in this synchronous stretch. */
export const headCursor = (reader: MirrorReader): string => encodeStreamCursor(reader, reader.headSeq());

/**
 * The sequence that the cursor stands after. Throws CURSOR_MALFORMED; STREAM_CURSOR_FUTURE when this mirror never wrote
 * that far (an older copy was put back). Whether the log still reaches back that far is the caller's to ask.
 */
export const decodeStreamCursor = (reader: MirrorReader, cursor: string, argument = 'after'): number => {
  const [version, lineage, seq] = unseal(reader, 'stream', cursor) ?? [];
  if (version !== VERSION || lineage !== lineageOf(reader) || typeof seq !== 'number') {
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
  return seq;
};
