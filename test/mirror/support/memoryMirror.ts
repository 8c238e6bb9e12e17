import Database from 'better-sqlite3';
import { migrateSchema } from '../../../src/mirror/schemaVersion.ts';
import { createWriter } from '../../../src/mirror/writer.ts';
import { emptyFrame, GENESIS_MS, type MirrorFile } from './mirrorFile.ts';

export type MemoryMirror = Omit<MirrorFile, 'reopen'> & { database: Database.Database; restart(): void };

/** A mirror without a file: for properties that need hundreds of them. */
export const openMemoryMirror = (): MemoryMirror => {
  const database = new Database(':memory:');
  migrateSchema(database);
  database.exec("insert into meta values ('lineage', 'memory')");
  const start = () => createWriter(database, { keepFrames: 0, release: () => {} });
  let observedMs = GENESIS_MS;
  const mirror: MemoryMirror = {
    file: ':memory:',
    database,
    writer: start(),
    async append(part) {
      observedMs = part.observedMs ?? observedMs + 5_000;
      const appended = await mirror.writer.append(
        { ...emptyFrame(observedMs), ...part },
        mirror.writer.headSeq(),
      );
      if (appended.kind !== 'APPENDED') throw new Error(JSON.stringify(appended));
      return appended;
    },
    rows: <Row>(sql: string, ...params: unknown[]) => database.prepare<unknown[], Row>(sql).all(...params),
    /** As after a death of the process: what the writer held in memory is gone. */
    restart() {
      mirror.writer = start();
    },
    dispose: () => mirror.writer.close(),
  };
  return mirror;
};
