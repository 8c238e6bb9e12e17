import {
  type Condition,
  conditionPredicate,
  decodeEventImage,
  type EventRow,
  readEventImages,
  readEvents,
} from '../../mirror/index.ts';
import { type ContentChange, kindOf, versionsAsSiblings } from './contentChanges.ts';
import type { Translate } from './source.ts';

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
    versionsAsSiblings(changes);
    return changes;
  };
};
