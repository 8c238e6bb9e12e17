import type { Database } from 'better-sqlite3';
import { decodeEventImage, type EventImage, encodeEventImage } from '../images.ts';
import { UNPEEKED } from '../unpeeked.ts';
import type { EventContent, EventRow } from './eventRow.ts';

/** Versions that are not, or never were, the current one. */
export const createRevisions = (database: Database) => {
  const insert = database.prepare(
    'insert into event_revision (event, revision, observed_ms, image) values (?, ?, ?, ?)',
  );
  const images = database
    .prepare<[number], string>(`select image from event_revision where event = ${UNPEEKED} order by revision`)
    .pluck();
  const lowest = database
    .prepare<[number], number | null>(`select min(revision) from event_revision where event = ${UNPEEKED}`)
    .pluck();

  return {
    /** Keeps the version that a new one has just replaced. */
    supersede(before: EventRow) {
      const image = encodeEventImage(imageOf(before, before));
      insert.run(before.id, before.revision, before.observedMs, image);
    },
    /** Keeps a version that came after a more complete one, once: an out-of-date replica repeats itself. Answers whether. */
    keepStale(current: EventRow, stale: EventContent, observedMs: number): boolean {
      const image = imageOf(stale, {
        endMs: stale.reportedEndMs === null ? null : Math.max(stale.startMs, stale.reportedEndMs),
        endSource: stale.reportedEndMs === null ? 0 : 4,
        observedMs,
      });
      const said = reportedPart(image);
      if (images.all(current.id).some((text) => reportedPart(decodeEventImage(text)) === said)) return false;
      const revision = Math.min(lowest.get(current.id) ?? 0, 0) - 1;
      insert.run(current.id, revision, observedMs, encodeEventImage(image));
      return true;
    },
  };
};
export type Revisions = ReturnType<typeof createRevisions>;

const imageOf = (
  content: EventContent,
  derived: { endMs: number | null; endSource: number; observedMs: number },
): EventImage => ({
  session: content.session,
  startMs: content.startMs,
  endMs: derived.endMs,
  endSource: derived.endSource,
  reportedEndMs: content.reportedEndMs,
  reportedDurationMs: content.reportedDurationMs,
  eventType: content.eventType,
  presence: content.presence,
  state: content.state,
  allocation: content.allocation,
  direction: content.direction,
  reason: content.reason,
  capacity: content.capacity,
  name: content.name,
  nextEventId: content.nextEventId?.toString('hex') ?? null,
  observedMs: derived.observedMs,
  startInferred: content.startInferred,
  extra: content.extra,
});

/** What upstream said, without what the mirror inferred. */
const reportedPart = (image: EventImage): string =>
  encodeEventImage({ ...image, endMs: null, endSource: 0, observedMs: 0 });
