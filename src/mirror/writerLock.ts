import Database from 'better-sqlite3';
import { asOpenError } from './openError.ts';

export type WriterLock = { release(): void };

/**
 * One writer a mirror: its dictionaries and its head live in memory. The lock is SQLite's own, on an empty file beside the
 * mirror, so that readers are not kept out and the death of the process releases it. Throws MirrorOpenError.
 */
export const lockWriter = (file: string): WriterLock => {
  let database: Database.Database | null = null;
  try {
    database = new Database(`${file}-writer`, { timeout: 0 });
    database.exec('begin exclusive');
  } catch (thrown) {
    database?.close();
    throw asOpenError(thrown, file);
  }
  const held = database;
  return { release: () => held.close() };
};
