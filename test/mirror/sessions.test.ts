import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sessionFacts, statusOf } from './support/facts.ts';
import { GENESIS_MS, type MirrorFile, openMirrorFile } from './support/mirrorFile.ts';
import { ANN, BOB, DAY_MS, gap, randomUuid, record, settled, uuidAt } from './support/records.ts';

let mirror: MirrorFile;
beforeEach(() => {
  mirror = openMirrorFile();
});
afterEach(() => mirror.dispose());

const ends = () => sessionFacts(mirror).map(({ end, endSource }) => [end, endSource]);

describe('a session', () => {
  test('began at its login, else at the time inside its id, else with its first event', async () => {
    await mirror.append({
      records: [
        record({ start: 5_000, sessionId: uuidAt(100, 1), login: 90 }),
        record({ start: 6_000, sessionId: uuidAt(200, 2), eventId: uuidAt(6_000, 2) }),
        record({ start: 7_000, sessionId: randomUuid(3), eventId: uuidAt(7_000, 3) }),
      ],
    });
    await mirror.append({ records: [record({ start: 6_500, sessionId: randomUuid(3) })] });
    expect(sessionFacts(mirror).map(({ began, login }) => [began, login])).toEqual([
      [90, 90],
      [200, null],
      [6_500, null],
    ]);
  });

  test('of another agent is not this agent session: its id stays in `extra`', async () => {
    await mirror.append({
      records: [record({ start: 1_000 }), record({ start: 2_000, agentId: BOB, agentName: 'Bob' })],
    });
    expect(sessionFacts(mirror)).toMatchObject([{ agentId: ANN, lastStart: 1_000 }]);
    expect(mirror.rows('select session, extra from event order by start_ms')).toEqual([
      { session: 1, extra: null },
      { session: null, extra: JSON.stringify({ sessionId: uuidAt(0, 5) }) },
    ]);
    expect(statusOf(mirror, BOB)).toMatchObject({ start: 2_000, inferred: false });
  });
});

describe('the end of a session', () => {
  test('is its last event reported end, once a quiet minute after it has settled', async () => {
    await mirror.append({ records: [record({ start: 1_000, end: 2_000 })], coverage: [settled(0, 61_999)] });
    expect(ends()).toEqual([[null, 'OPEN']]);
    await mirror.append({ coverage: [settled(61_999, 62_000)] });
    expect(ends()).toEqual([[2_000, 'LAST_EVENT_ENDED']]);
    expect(statusOf(mirror, ANN)).toEqual({
      start: 1_000,
      since: 2_000,
      sinceEvent: 1_000,
      presence: 'offline',
      state: 'offline',
      inferred: true,
    });
  });

  test('is not inferred across an unread gap, in which the session may have spoken, until that is filled', async () => {
    await mirror.append({ records: [record({ start: 1_000, end: 2_000 })], coverage: [settled(0, 3_000)] });
    await mirror.append({ coverage: [gap(3_000, 3_600_000), settled(3_600_000, 3_700_000)] });
    expect(ends()).toEqual([[null, 'OPEN']]);
    expect(statusOf(mirror, ANN)).toMatchObject({ state: 'idle', inferred: false });
    await mirror.append({ coverage: [settled(30_000, 600_000)] });
    expect(ends()).toEqual([[null, 'OPEN']]);
    await mirror.append({ coverage: [settled(3_000, 30_000)] });
    expect(ends()).toEqual([[2_000, 'LAST_EVENT_ENDED']]);
    expect(statusOf(mirror, ANN)).toMatchObject({ state: 'offline', since: 2_000, inferred: true });
  });

  test('stays where it was found when the time after it is past its retention', async () => {
    await mirror.append({ records: [record({ start: 1_000, end: 2_000 })], coverage: [settled(0, 90_000)] });
    const nowMs = GENESIS_MS;
    const { writer } = mirror;
    writer.prune({ nowMs, eventRetentionMs: nowMs - DAY_MS - 80_000, changeRetentionMs: nowMs, maxRows: 10 });
    expect(writer.readPollState().coverage[0]?.fromMs).toBe(DAY_MS + 80_000);
    await mirror.append({
      records: [record({ start: 99_000, sessionId: uuidAt(99_000, 6), login: 99_000 })],
    });
    expect(ends()).toEqual([
      [2_000, 'LAST_EVENT_ENDED'],
      [null, 'OPEN'],
    ]);
  });

  test('is not inferred from an event that names a successor, or that has no reported end', async () => {
    await mirror.append({
      records: [
        record({ start: 1_000, end: 2_000, nextEventId: uuidAt(2_000) }),
        record({ start: 1_000, sessionId: uuidAt(0, 6), agentId: BOB, eventId: uuidAt(1_000, 6) }),
      ],
      coverage: [settled(0, 600_000)],
    });
    expect(ends()).toEqual([
      [null, 'OPEN'],
      [null, 'OPEN'],
    ]);
  });

  test('is taken back when the session speaks again', async () => {
    await mirror.append({ records: [record({ start: 1_000, end: 2_000 })], coverage: [settled(0, 90_000)] });
    expect(ends()).toEqual([[2_000, 'LAST_EVENT_ENDED']]);
    await mirror.append({ records: [record({ start: 85_000, state: 'busy' })] });
    expect(ends()).toEqual([[null, 'OPEN']]);
    expect(statusOf(mirror, ANN)).toMatchObject({
      start: 85_000,
      since: 85_000,
      state: 'busy',
      inferred: false,
    });
  });

  test('runs on over a re-read that names the successor after all', async () => {
    await mirror.append({ records: [record({ start: 1_000, end: 2_000 })], coverage: [settled(0, 90_000)] });
    await mirror.append({ records: [record({ start: 1_000, end: 2_000, nextEventId: uuidAt(2_000) })] });
    expect(ends()).toEqual([[null, 'OPEN']]);
    expect(statusOf(mirror, ANN)).toMatchObject({ since: 1_000, state: 'idle', inferred: false });
  });

  test('is the start of an event that says offline', async () => {
    await mirror.append({
      records: [
        record({ start: 1_000, end: 2_000 }),
        record({ start: 2_000, presence: null, state: 'offline' }),
      ],
    });
    expect(ends()).toEqual([[2_000, 'OFFLINE_EVENT']]);
    expect(statusOf(mirror, ANN)).toMatchObject({ since: 2_000, presence: 'offline', inferred: true });
  });

  test('is the beginning of a newer session, until its own last event says better', async () => {
    await mirror.append({
      records: [
        record({ start: 1_000, end: 2_000 }),
        record({ start: 9_000, sessionId: uuidAt(9_000, 6), login: 9_000, state: 'busy' }),
      ],
    });
    expect(ends()).toEqual([
      [9_000, 'SUPERSEDED'],
      [null, 'OPEN'],
    ]);
    await mirror.append({ coverage: [settled(0, 90_000)] });
    expect(ends()[0]).toEqual([2_000, 'LAST_EVENT_ENDED']);
    expect(statusOf(mirror, ANN)).toMatchObject({ state: 'busy', inferred: false });
  });

  test('of an overlapping older session never touches the newer one, which holds the status', async () => {
    const newer = { sessionId: uuidAt(5_000, 6), login: 5_000 };
    await mirror.append({
      records: [record({ start: 1_000 }), record({ start: 6_000, ...newer, state: 'busy' })],
    });
    await mirror.append({ records: [record({ start: 8_000, state: 'offline', presence: 'offline' })] });
    expect(ends()).toEqual([
      [8_000, 'OFFLINE_EVENT'],
      [null, 'OPEN'],
    ]);
    expect(statusOf(mirror, ANN)).toMatchObject({ start: 6_000, state: 'busy', inferred: false });
  });
});
