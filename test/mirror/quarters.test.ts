import { afterEach, beforeEach, expect, test } from 'vitest';
import { type MirrorFile, openMirrorFile } from './support/mirrorFile.ts';
import { DAY_MS, record } from './support/records.ts';

const QUARTER = 900_000;
const HOUR = 4 * QUARTER;

let mirror: MirrorFile;
beforeEach(() => {
  mirror = openMirrorFile();
});
afterEach(() => mirror.dispose());

type Row = { quarter: number; state: number; ms: number; began: number };

const rollup = () =>
  mirror.rows<Row>(
    `select q.quarter, c.state, q.ms, q.began from state_quarter q join state_combination c on c.id = q.combination
     order by q.quarter, c.state`,
  );

/** The same from the events themselves. */
const fromEvents = (): Row[] => {
  const rows = new Map<string, Row>();
  const events = mirror.rows<{ state: number; startMs: number; endMs: number }>(
    'select state, start_ms as startMs, end_ms as endMs from event where end_ms is not null',
  );
  for (const { state, startMs, endMs } of events) {
    for (let quarter = Math.floor(startMs / QUARTER); quarter <= Math.floor(endMs / QUARTER); quarter++) {
      const ms = Math.min(endMs, (quarter + 1) * QUARTER) - Math.max(startMs, quarter * QUARTER);
      const began = quarter === Math.floor(startMs / QUARTER) ? 1 : 0;
      if (ms === 0 && began === 0) continue;
      const row = rows.get(`${quarter} ${state}`) ?? { quarter, state, ms: 0, began: 0 };
      rows.set(`${quarter} ${state}`, { ...row, ms: row.ms + ms, began: row.began + began });
    }
  }
  return [...rows.values()].sort((a, b) => a.quarter - b.quarter || a.state - b.state);
};

test('the rollup cuts ended events at the quarter hours, and leaves open ones out', async () => {
  await mirror.append({
    observedMs: DAY_MS + 32 * HOUR,
    records: [
      record({ start: QUARTER - 1_000, end: 3 * QUARTER + 5 }),
      record({ start: 3 * QUARTER + 5, end: 30 * HOUR, state: 'busy' }),
      record({ start: 30 * HOUR, end: 30 * HOUR, state: 'away' }),
      record({ start: 31 * HOUR, state: 'away' }),
    ],
  });
  const rows = rollup();
  expect(rows).toEqual(fromEvents());
  expect(rows.reduce((sum, { ms }) => sum + ms, 0)).toBe(30 * HOUR - QUARTER + 1_000);
  expect(rows.reduce((sum, { began }) => sum + began, 0)).toBe(3);
});

test('the rollup follows every revision, and keeps no empty rows', async () => {
  await mirror.append({ records: [record({ start: 0 }), record({ start: 5 * QUARTER, state: 'busy' })] });
  expect(rollup()).toEqual(fromEvents());
  await mirror.append({ records: [record({ start: 2 * QUARTER + 10, state: 'away' })] });
  expect(rollup()).toEqual(fromEvents());
  await mirror.append({ records: [record({ start: 0, end: 10, state: 'busy' })] });
  expect(rollup()).toEqual(fromEvents());
  await mirror.append({
    records: [record({ start: 0, end: 10, nextEventId: '00000000-0000-4000-8000-000000000000' })],
  });
  expect(rollup()).toEqual(fromEvents());
});

test('an event that pretends to last for ages is left out of the rollup, not spread over millions of rows', async () => {
  await mirror.append({ records: [record({ start: 0, end: 250_000_000_000_000 })] });
  expect(rollup()).toEqual([]);
  await mirror.append({
    records: [record({ start: 0, end: 1_000, nextEventId: record({ start: 1 }).eventId })],
  });
  expect(rollup()).toEqual(fromEvents());
});
