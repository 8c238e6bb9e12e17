import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { asOpenError, corrupt, MirrorOpenError } from './openError.ts';
import { migrateSchema, schemaOf } from './schemaVersion.ts';

const MEBIBYTE = 2 ** 20;

/** quick_check reads the whole file, some 3 GB a second from the page cache: above this only the small tables. */
const WHOLE_CHECK_MAX_BYTES = 1024 * MEBIBYTE;
const SMALL_TABLES = ['meta', 'frame', 'agent', 'session', 'agent_status', 'coverage', 'audit'];

/**
 * The writer's connection: created, checked, migrated. The caller holds the writer's lock. Throws MirrorOpenError.
 */
export const openWriterDatabase = (file: string): Database.Database => {
  let database: Database.Database | null = null;
  try {
    mkdirSync(dirname(file), { recursive: true });
    database = new Database(file, { timeout: 5_000 });
    const schema = schemaOf(database, file);
    if (schema !== 'EMPTY') quickCheck(database, file);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('cache_size = -131072');
    database.pragma('temp_store = MEMORY');
    // Checkpointing scattered index pages is the cost of ingest: seldom is 1.5 times faster (measured), 40 MB at most.
    database.pragma('wal_autocheckpoint = 10000');
    database.pragma(`journal_size_limit = ${64 * MEBIBYTE}`);
    if (schema !== 'CURRENT') migrateSchema(database);
    return database;
  } catch (thrown) {
    database?.close();
    throw asOpenError(thrown, file);
  }
};

/** A read-only connection to a mirror that its writer has opened before. Throws MirrorOpenError. */
export const openReaderDatabase = (file: string): Database.Database => {
  if (!existsSync(file)) {
    throw new MirrorOpenError('CANNOT_OPEN', file, 'does not exist yet; the writer creates it');
  }
  let database: Database.Database | null = null;
  try {
    database = new Database(file, { readonly: true, fileMustExist: true, timeout: 5_000 });
    if (schemaOf(database, file) !== 'CURRENT') {
      throw new MirrorOpenError('CANNOT_OPEN', file, 'is not migrated yet; open its writer first');
    }
    database.pragma('query_only = ON');
    database.pragma('cache_size = -65536');
    database.pragma(`mmap_size = ${2048 * MEBIBYTE}`);
    database.pragma('temp_store = MEMORY');
    return database;
  } catch (thrown) {
    database?.close();
    throw asOpenError(thrown, file);
  }
};

const quickCheck = (database: Database.Database, file: string): void => {
  const whole = statSync(file).size <= WHOLE_CHECK_MAX_BYTES;
  const checks = whole ? ['quick_check(1)'] : SMALL_TABLES.map((table) => `quick_check(${table})`);
  for (const check of checks) {
    if (database.pragma(check, { simple: true }) !== 'ok') throw corrupt(file);
  }
};
