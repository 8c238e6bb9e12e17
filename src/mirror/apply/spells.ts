import type { Database } from 'better-sqlite3';
import { UNPEEKED } from '../unpeeked.ts';
import type { Position } from './eventRow.ts';
import type { Reasons } from './reasons.ts';
import { type StatusEvent, sameSpell } from './statusImage.ts';

type SpellEvent = Position & Pick<StatusEvent, 'presence' | 'state' | 'reason' | 'direction'>;

/** Where a spell begins: its first event, and the event before it; null when there is none, or none is known. */
export type Spell = { first: Position; after: Position | null };

/** Searches the beginning of a spell: of the run of events that say the same presence, state, reason and direction. */
export const createSpells = (database: Database, sameReason: Reasons['same']) => {
  // One by one: a spell is short, and an iterator costs more than the few rows that it would give.
  const before = database.prepare<[number, number, Buffer, number | null], SpellEvent>(
    `select start_ms as startMs, event_id as eventId, presence, state, reason, direction
     from event where agent = ${UNPEEKED} and (start_ms, event_id) < (?, ?) and (session = ${UNPEEKED} or session is null)
     order by start_ms desc, event_id desc limit 1`,
  );
  /**
   * The spell of `event` among the session's events and those without one, searched backwards from an event that is
   * known to be in it.
   */
  return (agent: number, session: number | null, event: StatusEvent, known: Position): Spell => {
    let first = known;
    for (;;) {
      const earlier = before.get(agent, first.startMs, first.eventId, session);
      if (!earlier) return { first, after: null };
      const { startMs, eventId } = earlier;
      if (!sameSpell(earlier, event, sameReason)) return { first, after: { startMs, eventId } };
      first = { startMs, eventId };
    }
  };
};
