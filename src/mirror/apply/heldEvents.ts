import type { Database } from 'better-sqlite3';
import { unpackId } from '../ids.ts';

/** Fewer ids than these are looked up one by one; more are not worth listing. */
const MOST_LISTED = 1_000;

/**
 * Which of a large frame's events the table may hold. Of time that was never read it holds next to none, a second at
 * either edge: one look at what lies between the least id and the greatest spares a look for each.
 */
export const createHeldEvents = (database: Database) => {
  const between = database
    .prepare<[Buffer, Buffer, number], Buffer>(
      'select event_id from event where event_id between ? and ? limit ?',
    )
    .pluck();

  return (ids: readonly Buffer[]): ((eventId: string) => boolean) => {
    const [first] = ids;
    if (!first || ids.length <= MOST_LISTED) return () => true;
    let least = first;
    let greatest = first;
    for (const id of ids) {
      if (Buffer.compare(id, least) < 0) least = id;
      if (Buffer.compare(id, greatest) > 0) greatest = id;
    }
    const listed = between.all(least, greatest, MOST_LISTED + 1);
    if (listed.length > MOST_LISTED) return () => true;
    const held = new Set(listed.map(unpackId));
    return (eventId) => held.has(eventId);
  };
};
