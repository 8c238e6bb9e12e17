import type { Database } from 'better-sqlite3';
import type { Applier } from './apply/applyFrame.ts';
import { UNPEEKED } from './unpeeked.ts';

export type PruneOptions = {
  nowMs: number;
  /** RTA_RETENTION, milliseconds: events that ended before it, with what hangs on them, and coverage. */
  eventRetentionMs: number;
  /** RTA_CHANGE_RETENTION, milliseconds. */
  changeRetentionMs: number;
  /** Bound of one call's work: about 10 µs a change, 60 µs an event. */
  maxRows: number;
};

/** Those still looked for are given up after three days, so that none of them is ever as old. */
export const removeBreaksSql = `delete from audit where rowid in (
  select rowid from audit indexed by audit_broken where broken = 1 and instant_ms < ? order by instant_ms limit ?)`;

/**
 * Forgets what is older than its retention, a piece at a time. The newest row of every table whose ids are handed out by
 * counting stays: an id, once given, must never name anything else while the change log may still speak of it. So does
 * the event that stands for an agent's status, however old.
 */
export const createPruner = (database: Database, { events, sessions, quarters, coverage }: Applier) => {
  const oldEvents = database
    .prepare<[number, number, number], number>(
      `select id from event indexed by event_by_start
       where start_ms < ? and (end_ms < ? or end_ms is null)
         and id <> (select max(id) from event)
         and not exists (select 1 from agent_status s where s.agent = event.agent and s.event = event.id)
       order by start_ms, event_id limit ?`,
    )
    .pluck();
  const carried = database
    .prepare<[number], number>('select transfer from event_transfer where event = ?')
    .pluck();
  const removals = [
    'delete from event_transfer where event = ?',
    'delete from event_revision where event = ?',
    'delete from event where id = ?',
  ].map((sql) => database.prepare<[number]>(sql));
  const nextCarrier = database
    .prepare<[number], number>(
      `select e.id from event_transfer c join event e on e.id = c.event where c.transfer = ${UNPEEKED}
       order by e.start_ms, e.event_id limit 1`,
    )
    .pluck();
  const moveTransfer = database.prepare<[number, number]>('update transfer set event = ? where id = ?');
  const removeTransfer = database.prepare<[number]>(
    'delete from transfer where id = ? and id <> (select max(id) from transfer)',
  );
  const removeSession = database.prepare<[number]>(
    `delete from session where id = ? and not exists (select 1 from event where session = session.id)
       and id <> (select max(id) from session)`,
  );
  const removeBreaks = database.prepare<[number, number]>(removeBreaksSql);
  const removeQuarantined = database.prepare<[number, number]>(
    `delete from quarantine where id in (select id from quarantine where last_seen_ms < ? limit ?)`,
  );
  // Only from the beginning: a server clock that stepped back must not tear a hole into the middle of the log.
  const oldestChanges = database.prepare<[number, number], { seq: number; observedMs: number }>(
    'select seq, observed_ms as observedMs from change_log where seq < ? order by seq limit ?',
  );
  const removeChanges = database.prepare<[number]>('delete from change_log where seq <= ?');
  const removeFrames = database.prepare<[number, number]>(
    `delete from frame where seq in (
       select seq from frame where observed_ms < ? and seq < (select max(seq) from frame) order by seq limit ?)`,
  );
  const headChange = database.prepare<[], number | null>('select max(seq) from change_log').pluck();

  const pruneEvents = (beforeMs: number, maxRows: number): boolean => {
    const ids = oldEvents.all(beforeMs, beforeMs, maxRows);
    const transfers = new Set<number>();
    const emptied = new Set<number>();
    for (const id of ids) {
      const row = events.byId(id);
      if (!row) continue;
      for (const transfer of carried.all(id)) transfers.add(transfer);
      if (row.session !== null) {
        emptied.add(row.session);
        sessions.revised(row.session);
      }
      quarters.change(row, null);
      for (const removal of removals) removal.run(id);
    }
    quarters.flush();
    for (const transfer of transfers) {
      const carrier = nextCarrier.get(transfer);
      if (carrier === undefined) removeTransfer.run(transfer);
      else moveTransfer.run(carrier, transfer);
    }
    sessions.refreshLast();
    for (const session of emptied) removeSession.run(session);
    sessions.forget();
    return ids.length === maxRows;
  };

  const pruneChanges = (beforeMs: number, maxRows: number): boolean => {
    const oldest = oldestChanges.all(headChange.get() ?? 0, maxRows);
    const young = oldest.findIndex(({ observedMs }) => observedMs >= beforeMs);
    const last = young === -1 ? oldest.at(-1) : oldest[young - 1];
    if (last) removeChanges.run(last.seq);
    return young === -1 && oldest.length === maxRows;
  };

  return {
    prune({ nowMs, eventRetentionMs, changeRetentionMs, maxRows }: PruneOptions): boolean {
      const eventsBeforeMs = nowMs - eventRetentionMs;
      const changesBeforeMs = nowMs - changeRetentionMs;
      coverage.cutBefore(eventsBeforeMs);
      const results = [
        pruneEvents(eventsBeforeMs, maxRows),
        removeQuarantined.run(eventsBeforeMs, maxRows).changes === maxRows,
        removeBreaks.run(eventsBeforeMs, maxRows).changes === maxRows,
        pruneChanges(changesBeforeMs, maxRows),
        removeFrames.run(changesBeforeMs, maxRows).changes === maxRows,
      ];
      return results.includes(true);
    },
  };
};
