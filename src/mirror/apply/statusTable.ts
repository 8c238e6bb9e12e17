import type { Database } from 'better-sqlite3';
import type { StatusImage } from '../images.ts';
import { UNPEEKED } from '../unpeeked.ts';
import type { Position } from './eventRow.ts';
import type { StatusEvent } from './statusImage.ts';

type StatusRow = Omit<StatusImage, 'inferred'> & { inferred: number };

const eventColumns = `id, event_id as eventId, session, start_ms as startMs, presence, state, reason, direction,
  allocation, capacity`;

/** Reads and writes of `agent_status`, and the events that a status is made of. */
export const createStatusTable = (database: Database) => {
  const find = database.prepare<[number], StatusRow>(
    `select event, session, since_ms as sinceMs, since_event_ms as sinceEventMs, presence, state, reason, direction,
       allocation, capacity, inferred from agent_status where agent = ?`,
  );
  const put = database.prepare(
    `insert into agent_status (agent, event, session, since_ms, since_event_ms, presence, state, reason, direction,
       allocation, capacity, inferred, name_key)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (select name_key from agent where id = ?))
     on conflict do update set event = excluded.event, session = excluded.session, since_ms = excluded.since_ms,
       since_event_ms = excluded.since_event_ms, presence = excluded.presence, state = excluded.state,
       reason = excluded.reason, direction = excluded.direction, allocation = excluded.allocation,
       capacity = excluded.capacity, inferred = excluded.inferred`,
  );
  const eventById = database.prepare<[number], StatusEvent>(`select ${eventColumns} from event where id = ?`);
  const sessionlessAfter = database.prepare<[number, number, Buffer], StatusEvent>(
    `select ${eventColumns} from event where agent = ${UNPEEKED} and session is null and (start_ms, event_id) > (?, ?)
     order by start_ms desc, event_id desc limit 1`,
  );
  return {
    find(agent: number): StatusImage | null {
      const row = find.get(agent);
      return row ? { ...row, inferred: row.inferred === 1 } : null;
    },
    put(agent: number, s: StatusImage) {
      put.run(
        agent,
        s.event,
        s.session,
        s.sinceMs,
        s.sinceEventMs,
        s.presence,
        s.state,
        s.reason,
        s.direction,
        s.allocation,
        s.capacity,
        s.inferred ? 1 : 0,
        agent,
      );
    },
    eventById: (id: number) => eventById.get(id) ?? null,
    /** The agent's last event without a session, if it lies after the position. */
    sessionlessAfter: (agent: number, { startMs, eventId }: Position) =>
      sessionlessAfter.get(agent, startMs, eventId) ?? null,
  };
};
export type StatusTable = ReturnType<typeof createStatusTable>;
