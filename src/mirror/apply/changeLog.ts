import type { Database } from 'better-sqlite3';
import { type ChangeKind, changeKindCodes, changeTopicCodes } from '../codes.ts';
import { createRowsInsert } from './rowsInsert.ts';

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
  /** Writes what is not in the table yet; it must be before the frame is committed. */
  flush(): void;
  forget(): void;
};

type ChangeRow = [
  seq: number,
  topic: number,
  kind: number,
  subject: number,
  agent: number,
  revision: number | null,
  observedMs: number,
  before: string | null,
  after: string | null,
];

/** Numbers every real difference, without holes, in the order of commit. */
export const createChangeLog = (database: Database): ChangeLog => {
  // sqlite_sequence outlives pruned rows, and rolls back with its transaction.
  const readHead = database
    .prepare<[], number>("select coalesce((select seq from sqlite_sequence where name = 'change_log'), 0)")
    .pluck();
  const rows = createRowsInsert<ChangeRow>(
    database,
    'change_log (seq, topic, kind, subject, agent, revision, observed_ms, before, after)',
    9,
  );
  let head = readHead.get() ?? 0;

  return {
    headSeq: () => head,
    event(kind, { event, agent, revision, observedMs }) {
      head += 1;
      const { EVENT } = changeTopicCodes;
      rows.add(head, EVENT, changeKindCodes[kind], event, agent, revision, observedMs, null, null);
    },
    status({ agent, observedMs, before, after }) {
      head += 1;
      const { STATUS } = changeTopicCodes;
      rows.add(head, STATUS, changeKindCodes.STATUS, agent, agent, null, observedMs, before, after);
    },
    transfer(kind, { transfer, agent, observedMs, before, after }) {
      head += 1;
      const { TRANSFER } = changeTopicCodes;
      rows.add(head, TRANSFER, changeKindCodes[kind], transfer, agent, null, observedMs, before, after);
    },
    flush: rows.flush,
    forget() {
      rows.forget();
      head = readHead.get() ?? 0;
    },
  };
};
