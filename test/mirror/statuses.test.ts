import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMirrorReader, readStatusesAt } from '../../src/mirror/index.ts';
import { kindsAfter, statusOf, statusSteps } from './support/facts.ts';
import { type MirrorFile, openMirrorFile } from './support/mirrorFile.ts';
import { ANN, DAY_MS, record, settled, uuidAt } from './support/records.ts';

let mirror: MirrorFile;
beforeEach(() => {
  mirror = openMirrorFile();
});
afterEach(() => mirror.dispose());

const steps = () => statusSteps(mirror, ANN).map(({ state, since, start }) => [state, since, start]);

describe('the status of an agent', () => {
  test('takes every step that one frame tells of', async () => {
    await mirror.append({
      records: [record({ start: 3_000 }), record({ start: 1_000 }), record({ start: 2_000, state: 'busy' })],
    });
    expect(steps()).toEqual([
      ['idle', 1_000, 1_000],
      ['busy', 2_000, 2_000],
      ['idle', 3_000, 3_000],
    ]);
  });

  test('keeps its clock over an event that changes neither presence, state, reason nor direction', async () => {
    await mirror.append({ records: [record({ start: 1_000 })] });
    await mirror.append({
      records: [record({ start: 4_000, eventType: 'agent-capacity', allocation: 'allocated', capacity: [] })],
    });
    expect(statusOf(mirror, ANN)).toMatchObject({ since: 1_000, sinceEvent: 4_000 });
    await mirror.append({ records: [record({ start: 5_000, direction: 'outbound' })] });
    expect(statusOf(mirror, ANN)).toMatchObject({ since: 5_000, sinceEvent: 5_000 });
  });

  test('keeps its clock over a reason that is only called otherwise, and over no other change of it', async () => {
    const lunch = { state: 'away', reasonId: uuidAt(1), reasonName: 'Lunch', reasonListName: 'Away' };
    await mirror.append({ records: [record({ start: 1_000, ...lunch })] });
    await mirror.append({ records: [record({ start: 2_000, ...lunch, reasonName: 'Lunch (new)' })] });
    await mirror.append({ records: [record({ start: 3_000, ...lunch, reasonListName: 'Breaks' })] });
    expect(steps().at(-1)).toEqual(['away', 1_000, 3_000]);
    await mirror.append({ records: [record({ start: 4_000, ...lunch, reasonId: uuidAt(2) })] });
    expect(steps().at(-1)).toEqual(['away', 4_000, 4_000]);
    await mirror.append({ records: [record({ start: 5_000, ...lunch, reasonId: null })] });
    await mirror.append({
      records: [record({ start: 6_000, ...lunch, reasonId: null, reasonListName: 'Breaks' })],
    });
    expect(steps().at(-1)).toEqual(['away', 5_000, 6_000]);
    await mirror.append({ records: [record({ start: 7_000, ...lunch, reasonId: null, reasonName: 'Tea' })] });
    expect(steps().at(-1)).toEqual(['away', 7_000, 7_000]);
    // As an instant is asked for, too, and after all of it was forgotten.
    const reader = createMirrorReader(mirror.file);
    const sinceAt = (at: number) => (readStatusesAt(reader, DAY_MS + at)[0]?.sinceMs ?? Number.NaN) - DAY_MS;
    expect([3_500, 4_500, 6_500, 7_500].map(sinceAt)).toEqual([1_000, 4_000, 5_000, 7_000]);
    reader.close();
  });

  test('is not changed by late history', async () => {
    await mirror.append({ records: [record({ start: 1_000 }), record({ start: 5_000, state: 'busy' })] });
    const before = mirror.writer.changeSeq();
    await mirror.append({ records: [record({ start: 3_000, state: 'away' })] });
    expect(kindsAfter(mirror, before)).not.toContain('STATUS');
  });

  test('gets an earlier clock from late history that says the same', async () => {
    await mirror.append({ records: [record({ start: 9_000, state: 'busy' })] });
    await mirror.append({ records: [record({ start: 7_000, state: 'busy' })] });
    expect(statusOf(mirror, ANN)).toMatchObject({ since: 7_000, start: 9_000 });
    await mirror.append({ records: [record({ start: 1_000, state: 'busy' }), record({ start: 3_000 })] });
    expect(statusOf(mirror, ANN)).toMatchObject({ since: 7_000, start: 9_000 });
    await mirror.append({ records: [record({ start: 5_000, state: 'busy' })] });
    expect(statusOf(mirror, ANN)).toMatchObject({ since: 5_000, start: 9_000 });
    await mirror.append({ records: [record({ start: 500, state: 'busy' })] });
    expect(statusOf(mirror, ANN)).toMatchObject({ since: 5_000, start: 9_000 });
  });

  test('keeps its clock when another event of the same millisecond comes before its spell', async () => {
    const at = (start: number, n: number, state: string) =>
      record({ eventId: uuidAt(start, n), start, state });
    await mirror.append({ records: [at(9_000, 1, 'busy'), at(9_000, 2, 'idle')] });
    mirror.reopen();
    await mirror.append({ records: [at(1_000, 3, 'idle')] });
    expect(statusOf(mirror, ANN)).toMatchObject({ state: 'idle', since: 9_000 });
  });

  test('gets a later clock from late history that interrupts it', async () => {
    await mirror.append({ records: [record({ start: 1_000 }), record({ start: 9_000 })] });
    expect(statusOf(mirror, ANN)).toMatchObject({ since: 1_000 });
    await mirror.append({ records: [record({ start: 5_000, state: 'away' })] });
    expect(statusOf(mirror, ANN)).toMatchObject({ since: 9_000, start: 9_000 });
  });

  test('follows a revision of its event', async () => {
    await mirror.append({ records: [record({ start: 1_000 }), record({ start: 5_000, state: 'busy' })] });
    await mirror.append({ records: [record({ start: 5_000, state: 'idle', end: 6_000 })] });
    expect(statusOf(mirror, ANN)).toMatchObject({ state: 'idle', since: 1_000, sinceEvent: 5_000 });
    await mirror.append({ records: [record({ start: 1_000, state: 'away', end: 5_000 })] });
    expect(statusOf(mirror, ANN)).toMatchObject({ state: 'idle', since: 5_000 });
  });

  test('is not changed by a revision that only closes its event', async () => {
    await mirror.append({ records: [record({ start: 1_000 })] });
    const before = mirror.writer.changeSeq();
    await mirror.append({ records: [record({ start: 1_000, end: 2_000, nextEventId: uuidAt(2_000) })] });
    expect(kindsAfter(mirror, before)).toEqual(['EVENT_CLOSED']);
  });

  test('is held by the newest session, whatever an older one says later', async () => {
    const newer = { sessionId: uuidAt(4_000, 6), login: 4_000 };
    await mirror.append({ records: [record({ start: 1_000 }), record({ start: 5_000, ...newer })] });
    await mirror.append({ records: [record({ start: 8_000, state: 'away' })] });
    expect(statusOf(mirror, ANN)).toMatchObject({ start: 5_000, since: 5_000, state: 'idle' });
  });

  test('goes over to another session when a login turns out to be the newer one', async () => {
    await mirror.append({
      records: [
        record({ start: 5_000, sessionId: uuidAt(4_000, 6), login: 4_000 }),
        record({ start: 1_000, state: 'busy' }),
      ],
    });
    await mirror.append({ records: [record({ start: 900, sessionId: uuidAt(4_000, 6), login: -5_000 })] });
    expect(statusOf(mirror, ANN)).toMatchObject({ start: 1_000, state: 'busy' });
  });

  test('counts events without a session with the newest one', async () => {
    await mirror.append({ records: [record({ start: 1_000 })] });
    await mirror.append({ records: [record({ start: 2_000, sessionId: null })] });
    expect(statusOf(mirror, ANN)).toMatchObject({ start: 2_000, since: 1_000 });
    await mirror.append({ records: [record({ start: 3_000, state: 'busy' })] });
    expect(statusOf(mirror, ANN)).toMatchObject({ start: 3_000, since: 3_000 });
  });

  test('goes offline once, and comes back with a step of its own', async () => {
    await mirror.append({ records: [record({ start: 1_000, end: 2_000 })], coverage: [settled(0, 90_000)] });
    await mirror.append({ coverage: [settled(90_000, 95_000)] });
    await mirror.append({
      records: [record({ start: 93_000, sessionId: uuidAt(93_000, 6), login: 93_000 })],
    });
    expect(steps()).toEqual([
      ['idle', 1_000, 1_000],
      ['offline', 2_000, 1_000],
      ['idle', 93_000, 93_000],
    ]);
  });

  test('lives on over a reopening of the mirror', async () => {
    await mirror.append({ records: [record({ start: 1_000 }), record({ start: 2_000 })] });
    mirror.reopen();
    await mirror.append({ records: [record({ start: 500 }), record({ start: 3_000 })] });
    expect(statusOf(mirror, ANN)).toMatchObject({ start: 3_000, since: 500 });
  });
});
