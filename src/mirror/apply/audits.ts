import type { Database } from 'better-sqlite3';
import type { AuditTask, Frame } from '../../poller/index.ts';
import { packId, unpackId } from '../ids.ts';

type OpenRow = {
  eventId: Buffer;
  namedBy: Buffer;
  expectedMs: number | null;
  attempts: number;
  nextAttemptMs: number;
};

/**
 * Records that the chain proves and the mirror lacks. Those still looked for are the poller's work, and held in memory:
 * it asks for them at every frame. Those given up are the chain breaks that readers show as gaps: there may be thousands
 * a day where sessions end by naming what never comes, so nothing but their own arrival and retention touches them.
 */
export const createAudits = (database: Database) => {
  const allOpen = database.prepare<[], OpenRow>(
    `select event_id as eventId, named_by as namedBy, expected_ms as expectedMs, attempts,
       next_attempt_ms as nextAttemptMs from audit where broken = 0 order by event_id`,
  );
  const anyBroken = database.prepare<[], number>('select 1 from audit where broken = 1 limit 1').pluck();
  const isBroken = database
    .prepare<[Buffer], number>('select 1 from audit where event_id = ? and broken = 1')
    .pluck();
  const put = database.prepare(
    `insert or replace into audit (event_id, named_by, expected_ms, instant_ms, attempts, next_attempt_ms, broken)
     values (?, ?, ?, ?, ?, ?, ?)`,
  );
  const remove = database.prepare<[Buffer]>('delete from audit where event_id = ?');
  const mend = database.prepare<[Buffer]>('delete from audit where event_id = ? and broken = 1');
  const endOfNaming = database
    .prepare<[Buffer], number>('select coalesce(end_ms, start_ms) from event where event_id = ?')
    .pluck();

  const loadOpen = () =>
    new Map(
      allOpen.all().map(({ eventId, namedBy, ...task }): [string, AuditTask] => {
        const id = unpackId(eventId);
        return [id, { ...task, eventId: id, namedBy: unpackId(namedBy), state: 'OPEN' }];
      }),
    );
  let open = loadOpen();
  let brokenSeen = anyBroken.get() !== undefined;

  /** When the missing record began: the time inside its id, else when the record that names it ended. */
  const instantOf = (task: AuditTask, namedBy: Buffer): number =>
    task.expectedMs ?? endOfNaming.get(namedBy) ?? task.nextAttemptMs;

  return {
    /** Those still looked for. */
    open: (): AuditTask[] => [...open.values()],
    apply(delta: Frame['audits']) {
      for (const eventId of delta.remove) {
        remove.run(packId(eventId));
        open.delete(eventId);
      }
      for (const task of delta.put) {
        const packed = packId(task.eventId);
        const broken = task.state === 'BROKEN';
        // The poller does not know what was given up. Looking for it once more must not take its gap away meanwhile.
        if (!broken && brokenSeen && isBroken.get(packed) !== undefined) continue;
        const namedBy = packId(task.namedBy);
        put.run(
          packed,
          namedBy,
          task.expectedMs,
          instantOf(task, namedBy),
          task.attempts,
          task.nextAttemptMs,
          broken ? 1 : 0,
        );
        if (broken) {
          brokenSeen = true;
          open.delete(task.eventId);
        } else {
          open.set(task.eventId, task);
        }
      }
    },
    /** An event is new: should it be one that was given up, the chain is whole again. */
    arrived(eventId: Buffer) {
      if (brokenSeen) mend.run(eventId);
    },
    forget() {
      open = loadOpen();
      brokenSeen = anyBroken.get() !== undefined;
    },
  };
};
export type Audits = ReturnType<typeof createAudits>;
