import type { Database } from 'better-sqlite3';
import type { AuditTask, Frame } from '../../poller/index.ts';
import { packId, unpackId } from '../ids.ts';

type AuditRow = {
  eventId: Buffer;
  namedBy: Buffer;
  expectedMs: number | null;
  attempts: number;
  nextAttemptMs: number;
  broken: number;
};

/** Records that the chain proves and the mirror lacks. */
export const createAudits = (database: Database) => {
  const all = database.prepare<[], AuditRow>(
    `select event_id as eventId, named_by as namedBy, expected_ms as expectedMs, attempts,
       next_attempt_ms as nextAttemptMs, broken from audit order by event_id`,
  );
  const put = database.prepare(
    `insert or replace into audit (event_id, named_by, expected_ms, attempts, next_attempt_ms, broken)
     values (?, ?, ?, ?, ?, ?)`,
  );
  const remove = database.prepare<[Buffer]>('delete from audit where event_id = ?');
  return {
    read: (): AuditTask[] =>
      all.all().map(({ eventId, namedBy, broken, ...task }) => ({
        ...task,
        eventId: unpackId(eventId),
        namedBy: unpackId(namedBy),
        state: broken === 1 ? 'BROKEN' : 'OPEN',
      })),
    apply(delta: Frame['audits']) {
      for (const eventId of delta.remove) remove.run(packId(eventId));
      for (const task of delta.put) {
        put.run(
          packId(task.eventId),
          packId(task.namedBy),
          task.expectedMs,
          task.attempts,
          task.nextAttemptMs,
          task.state === 'BROKEN' ? 1 : 0,
        );
      }
    },
  };
};
export type Audits = ReturnType<typeof createAudits>;
