import {
  type Condition,
  changeKindCodes,
  conditionPredicate,
  decodeEventImage,
  decodeTransferImage,
  type EventRow,
  readEventImages,
  readEvents,
  readTransfers,
  type TransferRow,
} from '../../mirror/index.ts';
import { siblings } from '../batch.ts';
import type { Translate } from './source.ts';

export type ContentChangeKind = 'NEW' | 'REVISED' | 'CLOSED';
export type ContentChange<Row> = {
  kind: ContentChangeKind;
  row: Row;
  before: Row | null;
  observedMs: number;
};

const kinds = new Map<number, ContentChangeKind>([
  [changeKindCodes.EVENT_NEW, 'NEW'],
  [changeKindCodes.EVENT_REVISED, 'REVISED'],
  [changeKindCodes.EVENT_CLOSED, 'CLOSED'],
  [changeKindCodes.TRANSFER_NEW, 'NEW'],
  [changeKindCodes.TRANSFER_REVISED, 'REVISED'],
  [changeKindCodes.TRANSFER_CLOSED, 'CLOSED'],
]);
/** The writer knows no other kinds of these topics. */
const kindOf = (code: number): ContentChangeKind => kinds.get(code)!;

/** A version of an event: the row as it is now, with what a revision can change as it was then. */
const versionOf = (current: EventRow, revision: number, image: string | undefined): EventRow => {
  if (revision === current.revision || image === undefined) return { ...current };
  const { nextEventId, ...then } = decodeEventImage(image);
  return {
    ...current,
    ...then,
    nextEventId: nextEventId === null ? null : Buffer.from(nextEventId, 'hex'),
    revision,
  };
};

/** Each version of an event as it came to be. A change is sent when the version before or after satisfies the filter. */
export const translateEvents = (condition: Condition): Translate<ContentChange<EventRow>> => {
  const satisfies = conditionPredicate('event', condition);
  return (reader, rows) => {
    const current = readEvents(
      reader,
      rows.map((row) => row.subject),
    );
    const versions = rows.flatMap(({ subject, revision }) => {
      const newest = current.get(subject)?.revision;
      if (revision === null || newest === undefined) return [];
      return [revision, revision - 1]
        .filter((one) => one > 0 && one < newest)
        .map((one) => [subject, one] as const);
    });
    const images = readEventImages(reader, versions);
    const changes = rows.map(({ subject, revision, kind, observedMs }) => {
      const row = current.get(subject);
      // Past its retention: there is nothing left to show.
      if (!row || revision === null) return null;
      const at = (one: number) => versionOf(row, one, images.get(`${subject}:${one}`));
      const after = at(revision);
      const before = revision > 1 ? at(revision - 1) : null;
      if (!satisfies(after, reader) && !(before && satisfies(before, reader))) return null;
      return { kind: kindOf(kind), row: after, before, observedMs };
    });
    siblings(
      changes.flatMap((change) => (change ? [change.row, ...(change.before ? [change.before] : [])] : [])),
    );
    return changes;
  };
};

/** Each version of a transfer as it came to be. */
export const translateTransfers = (condition: Condition): Translate<ContentChange<TransferRow>> => {
  const satisfies = conditionPredicate('transfer', condition);
  return (reader, rows) => {
    const current = readTransfers(
      reader,
      rows.map((row) => row.subject),
    );
    const changes = rows.map(({ subject, kind, observedMs, before: beforeImage, after: afterImage }) => {
      const row = current.get(subject);
      if (!row) return null;
      const at = (image: string | null) =>
        image === null ? null : { ...row, ...decodeTransferImage(image) };
      const after = at(afterImage) ?? { ...row };
      const before = at(beforeImage);
      if (!satisfies(after, reader) && !(before && satisfies(before, reader))) return null;
      return { kind: kindOf(kind), row: after, before, observedMs };
    });
    siblings(
      changes.flatMap((change) => (change ? [change.row, ...(change.before ? [change.before] : [])] : [])),
    );
    return changes;
  };
};
