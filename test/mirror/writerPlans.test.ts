import { expect, test } from 'vitest';
import { dueSql } from '../../src/mirror/apply/sessionTable.ts';
import { carriedSql } from '../../src/mirror/reading/storedEvents.ts';
import { removeBreaksSql } from '../../src/mirror/retention.ts';
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
