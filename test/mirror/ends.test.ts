import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endOf, kindsAfter } from './support/facts.ts';
import { type MirrorFile, openMirrorFile } from './support/mirrorFile.ts';
import { DAY_MS, randomUuid, record, uuidAt } from './support/records.ts';

let mirror: MirrorFile;
beforeEach(() => {
  mirror = openMirrorFile();
});
afterEach(() => mirror.dispose());

describe('the end of an event', () => {
  test('is the reported one before all others', async () => {
    await mirror.append({
      records: [record({ start: 1_000, end: 1_500, nextEventId: uuidAt(2_000) }), record({ start: 1_700 })],
    });
    expect(endOf(mirror, 1_000)).toEqual([1_500, 'REPORTED']);
  });

  test('is the time inside a version-1 nextEventId before the successor start', async () => {
    await mirror.append({
      records: [record({ start: 1_000, nextEventId: uuidAt(2_000) }), record({ start: 1_700 })],
    });
    expect(endOf(mirror, 1_000)).toEqual([2_000, 'NEXT_EVENT_ID']);
  });

  test('ignores a nextEventId that holds no time, or one from before the start', async () => {
    await mirror.append({
      records: [
        record({ start: 1_000, nextEventId: randomUuid(1) }),
        record({ start: 2_000, nextEventId: uuidAt(1_500) }),
        record({ start: 3_000 }),
      ],
    });
    expect(endOf(mirror, 1_000)).toEqual([2_000, 'SUCCESSOR']);
    expect(endOf(mirror, 2_000)).toEqual([3_000, 'SUCCESSOR']);
    expect(endOf(mirror, 3_000)).toEqual([null, 'OPEN']);
  });

  test('comes nearer when a closer successor arrives late, and moves on when that one is moved away', async () => {
    await mirror.append({ records: [record({ start: 1_000 }), record({ start: 5_000 })] });
    expect(endOf(mirror, 1_000)).toEqual([5_000, 'SUCCESSOR']);
    const { changes } = await mirror.append({ records: [record({ start: 3_000, eventId: uuidAt(3_000) })] });
    expect(endOf(mirror, 1_000)).toEqual([3_000, 'SUCCESSOR']);
    expect(endOf(mirror, 3_000)).toEqual([5_000, 'SUCCESSOR']);
    expect(changes).toBe(2);
    await mirror.append({ records: [record({ start: 7_000, end: 8_000, eventId: uuidAt(3_000) })] });
    expect(endOf(mirror, 1_000)).toEqual([5_000, 'SUCCESSOR']);
    expect(endOf(mirror, 5_000)).toEqual([7_000, 'SUCCESSOR']);
  });

  test('is never before the start, whatever is reported', async () => {
    await mirror.append({ records: [record({ start: 1_000, end: 400 })] });
    expect(endOf(mirror, 1_000)).toEqual([1_000, 'REPORTED']);
    expect(mirror.rows('select reported_end_ms as ms from event')).toEqual([{ ms: DAY_MS + 400 }]);
  });

  test('orders events of the same millisecond by the time inside their ids', async () => {
    const first = uuidAt(1_000, 1);
    const second = uuidAt(1_000, 2);
    await mirror.append({
      records: [
        record({ start: 2_000 }),
        record({ start: 1_000, eventId: second, state: 'busy' }),
        record({ start: 1_000, eventId: first }),
      ],
    });
    expect(mirror.rows('select end_ms - start_ms as ms from event order by start_ms, event_id')).toEqual([
      { ms: 0 },
      { ms: 1_000 },
      { ms: null },
    ]);
  });

  test('is the beginning of a newer session until the old one speaks again', async () => {
    await mirror.append({ records: [record({ start: 1_000 })] });
    await mirror.append({
      records: [record({ start: 9_100, sessionId: uuidAt(9_000, 6), login: 9_000 })],
    });
    expect(endOf(mirror, 1_000)).toEqual([9_000, 'SUPERSEDED']);
    await mirror.append({ records: [record({ start: 4_000 })] });
    expect(endOf(mirror, 1_000)).toEqual([4_000, 'SUCCESSOR']);
    expect(endOf(mirror, 4_000)).toEqual([9_000, 'SUPERSEDED']);
    await mirror.append({ records: [record({ start: 9_500 })] });
    expect(endOf(mirror, 4_000)).toEqual([9_500, 'SUCCESSOR']);
    expect(endOf(mirror, 9_500)).toEqual([null, 'OPEN']);
  });

  test('without a session is the start of the agent next event, whatever its session', async () => {
    await mirror.append({ records: [record({ start: 1_000, sessionId: null })] });
    await mirror.append({ records: [record({ start: 3_000 })] });
    expect(endOf(mirror, 1_000)).toEqual([3_000, 'SUCCESSOR']);
    await mirror.append({ records: [record({ start: 2_000, sessionId: null })] });
    expect(endOf(mirror, 1_000)).toEqual([2_000, 'SUCCESSOR']);
    expect(endOf(mirror, 2_000)).toEqual([3_000, 'SUCCESSOR']);
  });

  test('is told as CLOSED when it was open, as REVISED when it becomes another', async () => {
    await mirror.append({ records: [record({ start: 1_000 })] });
    const opened = mirror.writer.changeSeq();
    await mirror.append({ records: [record({ start: 5_000 })] });
    expect(kindsAfter(mirror, opened)).toEqual(['EVENT_CLOSED', 'EVENT_NEW', 'STATUS']);
    const closed = mirror.writer.changeSeq();
    await mirror.append({ records: [record({ start: 1_000, end: 5_000 })] });
    expect(kindsAfter(mirror, closed)).toEqual(['EVENT_REVISED']);
    expect(endOf(mirror, 1_000)).toEqual([5_000, 'REPORTED']);
  });

  test('that a frame itself puts right never takes a turn in between', async () => {
    await mirror.append({
      records: [record({ start: 5_000 }), record({ start: 1_000 }), record({ start: 3_000 })],
    });
    expect(mirror.rows('select distinct revision from event')).toEqual([{ revision: 1 }]);
    expect(kindsAfter(mirror, 0).filter((kind) => kind !== 'STATUS')).toEqual(Array(3).fill('EVENT_NEW'));
  });
});
