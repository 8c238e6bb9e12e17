import type Database from 'better-sqlite3';
import { openReaderDatabase } from '../openDatabase.ts';

/** What a statement can be given; booleans are 0 and 1. */
export type SqlValue = string | number | bigint | Uint8Array | null;

/**
 * A read-only connection to one tenant's mirror. Everything is synchronous, and everything read in one synchronous
 * stretch (up to the next await) sees one commit: the first statement opens a read transaction, a microtask ends it.
 * Reads of entities are functions over this (`readEvents(reader, ids)`, …), so that SQL text is prepared once and
 * every statement is counted.
 */
export type MirrorReader = {
  /** Rows of a statement, prepared once per SQL text. `Row` must be what the select list yields. */
  all<Row>(sql: string, ...params: readonly SqlValue[]): Row[];
  /** The first row, or undefined. */
  get<Row>(sql: string, ...params: readonly SqlValue[]): Row | undefined;
  /** Rows one by one, for walks that may stop early. No other statement may run on this reader meanwhile. */
  iterate<Row>(sql: string, ...params: readonly SqlValue[]): IterableIterator<Row>;
  /**
   * Runs reads whose statements call `spend(id)` for each row they visit; throws WalkTooLongError once more than
   * `maxRows` were visited. Bounds what a sparse filter may cost the thread.
   */
  bounded<Result>(maxRows: number, read: () => Result): Result;
  /** How many rows a list may look at to fill a page. */
  readonly maxWalkRows: number;
  /** A value of `meta`; null when the file has none. */
  meta(key: string): string | null;
  /** Sequence of the newest row ever written to the change log, as of this stretch's commit. */
  headSeq(): number;
  /** Equal within one synchronous stretch, so for as long as what was read is true; null where no stretch is kept. */
  stretch(): number | null;
  /** Statements run since the reader was made. */
  statements(): number;
  close(): void;
};

/** A filter that few rows satisfy made a read visit more rows than it may. */
export class WalkTooLongError extends Error {
  readonly maxRows: number;
  constructor(maxRows: number) {
    super(`more than ${maxRows} rows would have to be looked at`);
    this.maxRows = maxRows;
  }
}

/** Statements whose text depends on the shape of a filter: more shapes than this are not worth remembering. */
const MAX_PREPARED = 500;

/** `source`: a mirror's file, or a connection that nobody writes through and that the caller closes. */
export const createMirrorReader = (
  source: string | Database.Database,
  { maxWalkRows = 150_000 }: { maxWalkRows?: number } = {},
): MirrorReader => {
  const database = typeof source === 'string' ? openReaderDatabase(source) : source;
  const budget = { leftRows: Number.POSITIVE_INFINITY, maxRows: Number.POSITIVE_INFINITY };
  registerFunctions(database, budget);
  const prepared = new Map<string, Database.Statement<unknown[]>>();
  const begin = database.prepare('begin');
  const commit = database.prepare('commit');
  let statements = 0;
  let bounds = 0;
  let inSnapshot = false;
  let snapshotHead: number | null = null;
  let stretches = 0;

  const endSnapshot = () => {
    inSnapshot = false;
    snapshotHead = null;
    if (database.open && database.inTransaction) commit.run();
  };
  const openSnapshot = () => {
    if (inSnapshot || database.inTransaction) return;
    begin.run();
    inSnapshot = true;
    stretches += 1;
    queueMicrotask(endSnapshot);
  };
  const statement = (sql: string) => {
    openSnapshot();
    statements += 1;
    if (bounds === 0) Object.assign(budget, { leftRows: maxWalkRows, maxRows: maxWalkRows });
    const known = prepared.get(sql);
    if (known) return known;
    if (prepared.size >= MAX_PREPARED) prepared.delete(prepared.keys().next().value!);
    const made = database.prepare<unknown[]>(sql);
    prepared.set(sql, made);
    return made;
  };

  return {
    // The caller names the row type beside the select list that yields it.
    all: <Row>(sql: string, ...params: readonly SqlValue[]) => statement(sql).all(...params) as Row[],
    get: <Row>(sql: string, ...params: readonly SqlValue[]) =>
      statement(sql).get(...params) as Row | undefined,
    iterate: <Row>(sql: string, ...params: readonly SqlValue[]) =>
      statement(sql).iterate(...params) as IterableIterator<Row>,
    maxWalkRows,
    bounded(maxRows, read) {
      const outer = { ...budget };
      budget.leftRows = maxRows;
      budget.maxRows = maxRows;
      bounds += 1;
      try {
        return read();
      } finally {
        bounds -= 1;
        Object.assign(budget, outer);
      }
    },
    meta(key) {
      const row = statement('select value from meta where key = ?').get(key) as { value: string } | undefined;
      return row?.value ?? null;
    },
    headSeq() {
      if (snapshotHead !== null) return snapshotHead;
      // sqlite_sequence outlives pruned rows.
      const row = statement("select seq from sqlite_sequence where name = 'change_log'").get() as
        | { seq: number }
        | undefined;
      const head = row?.seq ?? 0;
      // Every list of an operation asks for it.
      if (inSnapshot) snapshotHead = head;
      return head;
    },
    stretch() {
      openSnapshot();
      return inSnapshot ? stretches : null;
    },
    statements: () => statements,
    close() {
      if (database.open) database.close();
    },
  };
};

/** Case folding as names are folded when they are written: SQLite's own lower() knows ASCII only. */
export const foldCase = (text: string): string => text.toLowerCase();

const registerFunctions = (
  database: Database.Database,
  budget: { leftRows: number; maxRows: number },
): void => {
  // Takes a column, so that no planner takes it for a constant.
  database.function('spend', (_row: unknown) => {
    budget.leftRows -= 1;
    if (budget.leftRows < 0) throw new WalkTooLongError(budget.maxRows);
    return 1;
  });
  database.function('fold_case', { deterministic: true }, (text: unknown) =>
    typeof text === 'string' ? foldCase(text) : null,
  );
};
