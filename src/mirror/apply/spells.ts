import type { Database } from 'better-sqlite3';
import type { Position } from './eventRow.ts';
import { type StatusEvent, sameSpell } from './statusImage.ts';

type SpellEvent = Position & Pick<StatusEvent, 'presence' | 'state' | 'reason' | 'direction'>;

/** Searches the beginning of a spell: of the run of events that say the same presence, state, reason and direction. */
export const createSpells = (database: Database) => {
  const back = database.prepare<[number, number, Buffer, number | null], SpellEvent>(
    `select start_ms as startMs, event_id as eventId, presence, state, reason, direction
     from event where agent = ? and (start_ms, event_id) < (?, ?) and (session = ? or session is null)
     order by start_ms desc, event_id desc`,
  );
  /**
   * The spell of `event` among the session's events and those without one, searched backwards from a position that is
   * known to be in it; `after` is the event before the spell, null when there is none.
   */
  return (
    agent: number,
    session: number | null,
    event: StatusEvent,
    known: Position,
  ): { sinceMs: number; after: Position | null } => {
    let sinceMs = known.startMs;
    for (const earlier of back.iterate(agent, known.startMs, known.eventId, session)) {
      if (!sameSpell(earlier, event)) {
        return { sinceMs, after: { startMs: earlier.startMs, eventId: earlier.eventId } };
      }
      sinceMs = earlier.startMs;
    }
    return { sinceMs, after: null };
  };
};
