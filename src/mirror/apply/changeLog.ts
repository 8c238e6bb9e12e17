import type { Database } from 'better-sqlite3';
import { type ChangeKind, changeKindCodes, changeTopicCodes } from '../codes.ts';

export type ChangeLog = {
  /** Of the rows written since the file began. */
  headSeq(): number;
  event(
    kind: ChangeKind,
    change: { event: number; agent: number; revision: number; observedMs: number },
  ): void;
  status(change: { agent: number; observedMs: number; before: string | null; after: string }): void;
  transfer(
    kind: ChangeKind,
    change: { transfer: number; agent: number; observedMs: number; before: string | null; after: string },
  ): void;
  forget(): void;
};

/** Numbers every real difference, without holes, in the order of commit. */
export const createChangeLog = (database: Database): ChangeLog => {
  // sqlite_sequence outlives pruned rows, and rolls back with its transaction.
  const readHead = database
    .prepare<[], number>("select coalesce((select seq from sqlite_sequence where name = 'change_log'), 0)")
    .pluck();
  const insert = database.prepare(
    `insert into change_log (seq, topic, kind, subject, agent, revision, observed_ms, before, after)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  let head = readHead.get() ?? 0;

  return {
    headSeq: () => head,
    event(kind, { event, agent, revision, observedMs }) {
      head += 1;
      insert.run(
        head,
        changeTopicCodes.EVENT,
        changeKindCodes[kind],
        event,
        agent,
        revision,
        observedMs,
        null,
        null,
      );
    },
    status({ agent, observedMs, before, after }) {
      head += 1;
      insert.run(
        head,
        changeTopicCodes.STATUS,
        changeKindCodes.STATUS,
        agent,
        agent,
        null,
        observedMs,
        before,
        after,
      );
    },
    transfer(kind, { transfer, agent, observedMs, before, after }) {
      head += 1;
      insert.run(
        head,
        changeTopicCodes.TRANSFER,
        changeKindCodes[kind],
        transfer,
        agent,
        null,
        observedMs,
        before,
        after,
      );
    },
    forget() {
      head = readHead.get() ?? 0;
    },
  };
};
