import { closeSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type MirrorOpenCode,
  MirrorOpenError,
  type MirrorWriter,
  openReaderDatabase,
  openWriter,
} from '../../src/mirror/index.ts';
import type { PollerStatus } from '../../src/poller/index.ts';
import { emptyFrame, GENESIS_MS, TENANT, temporaryFolder, writerOptions } from './support/mirrorFile.ts';
import { record } from './support/records.ts';

let folder: string;
let file: string;
let dispose: () => void;
const opened: MirrorWriter[] = [];
beforeEach(() => {
  ({ folder, dispose } = temporaryFolder());
  file = join(folder, 'deep', 'er', 'mirror.db');
});
afterEach(() => {
  for (const writer of opened.splice(0)) writer.close();
  dispose();
});

const open = (changed: Partial<Parameters<typeof openWriter>[0]> = {}): MirrorWriter => {
  const writer = openWriter({ ...writerOptions(file), ...changed });
  opened.push(writer);
  return writer;
};
const closeAll = () => {
  for (const writer of opened.splice(0)) writer.close();
};

const refusalOf = (attempt: () => unknown): MirrorOpenError => {
  try {
    attempt();
  } catch (thrown) {
    if (thrown instanceof MirrorOpenError) return thrown;
    throw thrown;
  }
  throw new Error('was not refused');
};

const expectRefusal = (attempt: () => unknown, code: MirrorOpenCode) => {
  const { code: found, message } = refusalOf(attempt);
  expect(found).toBe(code);
  expect(message).toContain('RTA_DATABASE');
  expect(message).toContain(file);
  expect(message).not.toContain('\n');
};

const makeMirror = async (records = 0) => {
  const writer = open();
  if (records > 0) {
    const many = Array.from({ length: records }, (_, i) => record({ start: i * 1_000 }));
    await writer.append({ ...emptyFrame(GENESIS_MS), records: many }, 0);
  }
  closeAll();
};

const foreignFile = (write: (database: Database.Database) => void) => {
  mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
  const database = new Database(file);
  write(database);
  database.close();
};

describe('opening a mirror', () => {
  test('makes the folders, the tables and the facts of the file', async () => {
    await makeMirror();
    const reader = openReaderDatabase(file);
    expect(reader.prepare('select key, value from meta order by key').all()).toEqual([
      { key: 'cursorKey', value: '07'.repeat(32) },
      { key: 'lineage', value: '07'.repeat(16) },
      { key: 'tenantId', value: TENANT },
    ]);
    expect(() => reader.prepare("insert into meta values ('a', 'b')").run()).toThrow(/readonly/);
    reader.close();
  });

  test('keeps lineage and frames of a file that exists', async () => {
    await makeMirror(3);
    const again = open({ randomBytes: (size) => Buffer.alloc(size, 9) });
    expect(again.lineage).toBe('07'.repeat(16));
    expect(again.headSeq()).toBe(1);
    expect(again.changeSeq()).toBe(6);
  });

  test("keeps the poller's last account of itself for the next process", async () => {
    const first = open();
    expect(first.lastStatus()).toBeNull();
    const status: PollerStatus = {
      health: 'OK',
      healthMessage: null,
      clockOffset: null,
      lastPoll: null,
      backfill: null,
      requestsTotal: 7,
      failuresTotal: 0,
      foundReachMs: 86_400_000,
    };
    await first.append({ ...emptyFrame(GENESIS_MS), status }, 0);
    await first.append(emptyFrame(GENESIS_MS), 1);
    closeAll();
    expect(open().lastStatus()).toEqual(status);
  });

  test('refuses a file that is no database', () => {
    mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
    writeFileSync(file, 'minutes of the meeting, '.repeat(500));
    expectRefusal(() => open(), 'NOT_A_DATABASE');
    expect(readFileSync(file, 'utf8')).toContain('minutes of the meeting');
    expectRefusal(() => openReaderDatabase(file), 'NOT_A_DATABASE');
  });

  test('refuses the database of another program, and leaves it as it was', () => {
    foreignFile((database) => database.exec('create table song (title text)'));
    expectRefusal(() => open(), 'NOT_A_DATABASE');
    const database = new Database(file);
    expect(database.prepare('select name from sqlite_schema').pluck().all()).toEqual(['song']);
    database.close();
  });

  test('takes an empty file as new', () => {
    foreignFile(() => {});
    expect(open().headSeq()).toBe(0);
  });

  test('refuses a damaged file', async () => {
    await makeMirror(2_000);
    const { size } = statSync(file);
    const descriptor = openSync(file, 'r+');
    for (let at = 40 * 4096; at < size; at += 8 * 4096)
      writeSync(descriptor, Buffer.alloc(4096, 0x5a), 0, 4096, at);
    closeSync(descriptor);
    expectRefusal(() => open(), 'CORRUPT');
  });

  test('refuses a file that it cannot write', async () => {
    await makeMirror();
    // A write version that SQLite does not know makes a file read-only, for root too.
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, Buffer.from([3]), 0, 1, 18);
    closeSync(descriptor);
    expectRefusal(() => open(), 'READ_ONLY');
  });

  test('refuses a file that a later version wrote', async () => {
    await makeMirror();
    foreignFile((database) =>
      database.exec("insert into __drizzle_migrations (hash, created_at) values ('later', 9999999999999)"),
    );
    expectRefusal(() => open(), 'NEWER_SCHEMA');
    expectRefusal(() => openReaderDatabase(file), 'NEWER_SCHEMA');
  });

  test('refuses the mirror of another tenant', async () => {
    await makeMirror();
    expectRefusal(() => open({ tenantId: 'another' }), 'WRONG_TENANT');
    expect(open().headSeq()).toBe(0);
  });

  test('refuses a second writer for as long as the first one lives', () => {
    const first = open();
    expectRefusal(() => open(), 'LOCKED');
    first.close();
    opened.length = 0;
    expect(open().headSeq()).toBe(0);
  });

  test('lets readers in beside the writer', async () => {
    const writer = open();
    const reader = openReaderDatabase(file);
    await writer.append({ ...emptyFrame(GENESIS_MS), records: [record({ start: 1 })] }, 0);
    expect(reader.prepare('select count(*) as n from event').get()).toEqual({ n: 1 });
    reader.close();
  });

  test('refuses a path that cannot be a file', () => {
    mkdirSync(file, { recursive: true });
    expectRefusal(() => open(), 'CANNOT_OPEN');
  });

  test('refuses to read a mirror that is not there yet', () => {
    expectRefusal(() => openReaderDatabase(file), 'CANNOT_OPEN');
  });

  test('refuses a folder that cannot be written', () => {
    // Not even root may make files there.
    file = '/proc/self/mirror.db';
    expectRefusal(() => open(), 'CANNOT_OPEN');
  });
});
