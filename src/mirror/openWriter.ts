import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { openWriterDatabase } from './openDatabase.ts';
import { asOpenError, MirrorOpenError } from './openError.ts';
import { createWriter, type MirrorWriter } from './writer.ts';
import { lockWriter, type WriterLock } from './writerLock.ts';

export type WriterOptions = {
  /** Path of the SQLite file; made, with its folders, when it does not exist. */
  file: string;
  /** A file belongs to one tenant for ever. */
  tenantId: string;
  /** Source of randomness for a new file's lineage and cursor key; asked only then. */
  randomBytes(size: number): Buffer;
  /** How many of the newest frames keep their body for `tail`. Default 0. */
  keepFrames?: number;
};

/** Opens, or makes, a mirror to write to: locked, checked, migrated. Throws MirrorOpenError. */
export const openWriter = (options: WriterOptions): MirrorWriter => {
  const { file, keepFrames = 0 } = options;
  let lock: WriterLock | null = null;
  let database: Database | null = null;
  try {
    mkdirSync(dirname(file), { recursive: true });
    lock = lockWriter(file);
    database = openWriterDatabase(file);
    claimFile(database, options);
    return createWriter(database, { keepFrames, release: lock.release });
  } catch (thrown) {
    database?.close();
    lock?.release();
    throw asOpenError(thrown, file);
  }
};

/** What makes a file this tenant's mirror and no other: written once, at the first opening. */
const claimFile = (database: Database, { file, tenantId, randomBytes }: WriterOptions): void => {
  const read = database.prepare<[string], string>('select value from meta where key = ?').pluck();
  const put = database.prepare<[string, string]>('insert into meta (key, value) values (?, ?)');
  const claim = database.transaction(() => {
    const owner = read.get('tenantId');
    if (owner === undefined) {
      put.run('lineage', randomBytes(16).toString('hex'));
      put.run('cursorKey', randomBytes(32).toString('hex'));
      put.run('tenantId', tenantId);
    } else if (owner !== tenantId) {
      throw new MirrorOpenError(
        'WRONG_TENANT',
        file,
        `holds tenant ${owner}, not ${tenantId}; name another file, or set RTA_TENANT_ID to its own`,
      );
    }
  });
  claim.immediate();
};
