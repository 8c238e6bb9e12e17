import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { dueSql } from '../../src/mirror/apply/sessionTable.ts';
import { carriedSql } from '../../src/mirror/reading/storedEvents.ts';
import { removeBreaksSql } from '../../src/mirror/retention.ts';
import { migrateSchema } from '../../src/mirror/schemaVersion.ts';
import { createWriter } from '../../src/mirror/writer.ts';
import { openMemoryMirror } from './support/memoryMirror.ts';

test.each([
  ['sessions that waited for a stretch of time', dueSql, [0, 1], /session_end_check/],
  ['chain breaks past their retention', removeBreaksSql, [0, 1], /audit_broken/],
  ['the transfers of a page of events', carriedSql, ['[1]'], /event_transfer/],
])('%s are found by an index, without a scan', (_, sql, params, index) => {
  const mirror = openMemoryMirror();
  const plan = mirror
    .rows<{ detail: string }>(`explain query plan ${sql}`, ...params)
    .map(({ detail }) => detail)
    .filter((detail) => !detail.includes('VIRTUAL TABLE'));
  mirror.dispose();
  expect(plan.join('\n')).toMatch(index);
  expect(plan.filter((detail) => detail.startsWith('SCAN'))).toEqual([]);
});

test('no statement of the writer that orders is planned anew at every run', () => {
  const prepared: string[] = [];
  class Listening extends Database {
    override prepare = ((sql: string) => {
      prepared.push(sql);
      return super.prepare(sql);
    }) as Database.Database['prepare']; // an overload for each kind of parameters, none of which matters here
  }
  const database = new Listening(':memory:');
  migrateSchema(database);
  prepared.length = 0;
  createWriter(database, { keepFrames: 0, release: () => {} }).close();

  const ordering = prepared.filter((sql) => /\b(order by|min\(|max\()/.test(sql) && /^\s*select/.test(sql));
  expect(ordering.length).toBeGreaterThan(10);
  // As unpeeked.ts says: compared with a plain parameter, they may be.
  expect(ordering.filter((sql) => /\w = \?/.test(sql))).toEqual([]);
});
