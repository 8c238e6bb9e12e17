import { fileURLToPath } from 'node:url';
import type { Database } from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { MirrorOpenError, notADatabase } from './openError.ts';

/** 'RTAG' in the file's header: what `file(1)` and another program see, and how a foreign database is known. */
const APPLICATION_ID = 0x52544147;

const migrationsFolder = fileURLToPath(new URL('../../drizzle', import.meta.url));

/** EMPTY: no table yet. OLDER and CURRENT: a mirror. Throws MirrorOpenError for a newer mirror or a foreign file. */
export const schemaOf = (database: Database, file: string): 'EMPTY' | 'OLDER' | 'CURRENT' => {
  const tables = database
    .prepare<[], { name: string }>("select name from sqlite_schema where type = 'table'")
    .all();
  const ours = database.pragma('application_id', { simple: true }) === APPLICATION_ID;
  if (tables.length === 0) return 'EMPTY';
  if (!ours) throw notADatabase(file);
  if (!tables.some(({ name }) => name === '__drizzle_migrations')) return 'OLDER';
  const applied = database
    .prepare<[], { newest: number | null }>('select max(created_at) as newest from __drizzle_migrations')
    .get()?.newest;
  const newest = readMigrationFiles({ migrationsFolder }).at(-1)?.folderMillis ?? 0;
  if ((applied ?? 0) > newest) {
    throw new MirrorOpenError(
      'NEWER_SCHEMA',
      file,
      'was written by a later version of the gateway; run that version, or move the file away to rebuild three days',
    );
  }
  return (applied ?? 0) < newest ? 'OLDER' : 'CURRENT';
};

/** Brings the file to this version's tables. */
export const migrateSchema = (database: Database): void => {
  // First, so that a kill in the middle leaves a file that is known as ours.
  database.pragma(`application_id = ${APPLICATION_ID}`);
  migrate(drizzle({ client: database }), { migrationsFolder });
};
