import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openMemoryMirror } from './support/memoryMirror.ts';
import { emptyFrame, GENESIS_MS, type MirrorFile, openMirrorFile } from './support/mirrorFile.ts';
import { randomUuid, record, settled, transfer, uuidAt } from './support/records.ts';

let mirror: MirrorFile;
beforeEach(() => {
  mirror = openMirrorFile();
});
afterEach(() => mirror.dispose());

describe('append', () => {
  test('answers the new sequence and how much it changed', async () => {
    const frame = { ...emptyFrame(GENESIS_MS), records: [record({ start: 1_000 })] };
    expect(await mirror.writer.append(frame, 0)).toEqual({ kind: 'APPENDED', seq: 1, changes: 2 });
    expect(await mirror.writer.append(frame, 1)).toEqual({ kind: 'APPENDED', seq: 2, changes: 0 });
    expect(mirror.rows('select seq, records, change_seq as changes from frame')).toEqual([
      { seq: 1, records: 1, changes: 2 },
      { seq: 2, records: 1, changes: 2 },
    ]);
  });

  test('refuses a frame that was not computed at the head, and changes nothing', async () => {
    await mirror.append({ records: [record({ start: 1_000 })] });
    const digest = mirror.writer.digest();
    const frame = { ...emptyFrame(GENESIS_MS), records: [record({ start: 2_000 })] };
    expect(await mirror.writer.append(frame, 0)).toEqual({ kind: 'CONFLICT', headSeq: 1 });
    expect(await mirror.writer.append(frame, 2)).toEqual({ kind: 'CONFLICT', headSeq: 1 });
    expect(mirror.writer.digest()).toEqual(digest);
  });

  test('counts on where it was after a reopening', async () => {
    await mirror.append({ records: [record({ start: 1_000 })] });
    mirror.reopen();
    await mirror.append({
      records: [record({ start: 2_000, state: 'new' }), record({ start: 1_000, end: 1_500 })],
    });
    expect(mirror.rows('select seq from change_log order by seq')).toEqual(
      [1, 2, 3, 4, 5].map((seq) => ({ seq })),
    );
    expect(mirror.rows('select id from event')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test('knows which events are missing, by any kind of id', async () => {
    await mirror.append({
      records: [record({ start: 1_000 }), record({ start: 2_000, eventId: randomUuid(4) })],
    });
    expect(mirror.writer.missingEvents([uuidAt(1_000), randomUuid(4), randomUuid(5), uuidAt(3_000)])).toEqual(
      [randomUuid(5), uuidAt(3_000)],
    );
  });

  test('keeps the newest frames for its tail, as many as it was told', async () => {
    mirror.reopen({ keepFrames: 2 });
    const frames = [];
    for (let i = 0; i < 4; i++) {
      const frame = {
        ...emptyFrame(GENESIS_MS + i),
        records: [record({ start: i })],
        coverage: [settled(i, i + 1)],
      };
      frames.push({ seq: i + 1, frame });
      await mirror.writer.append(frame, i);
    }
    expect([...mirror.writer.tail(0)]).toEqual(frames.slice(2));
    expect([...mirror.writer.tail(3)]).toEqual(frames.slice(3));
    for (const { seq } of mirror.writer.tail(2)) {
      // A reader of the tail does not keep the writer from writing.
      expect(await mirror.writer.append(emptyFrame(GENESIS_MS), seq + 1)).toBeDefined();
      break;
    }
    expect([...mirror.reopen({ keepFrames: 0 }).tail(0)]).toEqual([]);
  });
});

describe('a disk that is full', () => {
  test('takes nothing of the frame, and all of it once there is room', async () => {
    const first = { records: [record({ start: 1_000 })], coverage: [settled(0, 2_000)] };
    const next = {
      records: Array.from({ length: 500 }, (_, i) =>
        record({
          start: 10_000 + i,
          state: `new ${i}`,
          agentName: `Ann ${i}`,
          sessionId: uuidAt(i, 9),
          transfers: [transfer({ interaction: randomUuid(i), to: uuidAt(i, 77), start: 10_000 })],
        }),
      ),
      coverage: [settled(2_000, 90_000)],
    };
    await mirror.append(first);
    await mirror.append(next);

    const { database, append, writer, dispose } = openMemoryMirror();
    await append(first);
    const before = writer.digest();
    const state = writer.readPollState();
    database.pragma(`max_page_count = ${database.pragma('page_count', { simple: true })}`);
    const frame = { ...emptyFrame(GENESIS_MS + 10_000), ...next };
    expect(await writer.append(frame, 1)).toMatchObject({ kind: 'REJECTED', code: 'DISK_FULL' });
    expect(writer.digest()).toEqual(before);
    expect(writer.readPollState()).toEqual(state);
    expect(writer.missingEvents([uuidAt(10_000)])).toEqual([uuidAt(10_000)]);
    dispose();

    // The failed attempt leaves no trace in memory either: what comes after it is as if it had never been.
    const retried = openMemoryMirror();
    await retried.append(first);
    retried.database.pragma(`max_page_count = ${retried.database.pragma('page_count', { simple: true })}`);
    expect((await retried.writer.append(frame, 1)).kind).toBe('REJECTED');
    retried.database.pragma('max_page_count = 1000000');
    expect(await retried.writer.append(frame, 1)).toMatchObject({ kind: 'APPENDED', seq: 2 });
    expect(retried.writer.digest()).toEqual(mirror.writer.digest());
    retried.dispose();
  });
});
