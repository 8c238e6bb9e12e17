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
  /** A value of `meta`; null when the file has none. */
  meta(key: string): string | null;
  /** Sequence of the newest row ever written to the change log, as of this stretch's commit. */
  headSeq(): number;
  /** Statements run since the reader was made. */
  statements(): number;
  close(): void;
};

/** Statements whose text depends on the shape of a filter: more shapes than this are not worth remembering. */
const MAX_PREPARED = 500;

/** `source`: a mirror's file, or a connection that nobody writes through and that the caller closes. */
export const createMirrorReader = (source: string | Database.Database): MirrorReader => {
  const database = typeof source === 'string' ? openReaderDatabase(source) : source;
  registerFunctions(database);
  const prepared = new Map<string, Database.Statement<unknown[]>>();
  const begin = database.prepare('begin');
  const commit = database.prepare('commit');
  let statements = 0;
  let inSnapshot = false;

  const endSnapshot = () => {
    inSnapshot = false;
    if (database.open && database.inTransaction) commit.run();
  };
  const openSnapshot = () => {
    if (inSnapshot || database.inTransaction) return;
    begin.run();
    inSnapshot = true;
    queueMicrotask(endSnapshot);
  };
  const statement = (sql: string) => {
    openSnapshot();
    statements += 1;
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
    meta(key) {
      const row = statement('select value from meta where key = ?').get(key) as { value: string } | undefined;
      return row?.value ?? null;
    },
    headSeq() {
      // sqlite_sequence outlives pruned rows.
      const row = statement("select seq from sqlite_sequence where name = 'change_log'").get() as
        | { seq: number }
        | undefined;
      return row?.seq ?? 0;
    },
    statements: () => statements,
    close() {
      if (database.open) database.close();
    },
  };
};

/** Case folding as names are folded when they are written: SQLite's own lower() knows ASCII only. */
export const foldCase = (text: string): string => text.toLowerCase();

const registerFunctions = (database: Database.Database): void => {
  database.function('fold_case', { deterministic: true }, (text: unknown) =>
    typeof text === 'string' ? foldCase(text) : null,
  );
};
