import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventFacts, sessionFacts, statusOf } from './support/facts.ts';
import { type MirrorFile, openMirrorFile } from './support/mirrorFile.ts';
import { ANN, BOB, DAY_MS, record, settled, transfer, uuidAt } from './support/records.ts';

let mirror: MirrorFile;
beforeEach(() => {
  mirror = openMirrorFile();
});
afterEach(() => mirror.dispose());

const count = (table: string) => mirror.rows<{ n: number }>(`select count(*) as n from ${table}`)[0]?.n;

/** Forgets, a few rows at a time, events that ended before and changes observed before; answers how often it took. */
const prune = (eventsBefore: number, changesBefore = -1e9, maxRows = 3): number => {
  let calls = 1;
  const nowMs = DAY_MS + 1e9;
  const options = {
    nowMs,
    eventRetentionMs: nowMs - DAY_MS - eventsBefore,
    changeRetentionMs: nowMs - DAY_MS - changesBefore,
    maxRows,
  };
  while (mirror.writer.prune(options)) calls += 1;
  return calls;
};

describe('retention', () => {
  test('forgets events that ended before it, with everything that hangs on them', async () => {
    const old = { sessionId: uuidAt(0, 1) };
    const interaction = uuidAt(5, 9);
    await mirror.append({
      records: [
        ...Array.from({ length: 10 }, (_, i) => record({ start: i * 1_000, ...old })),
        record({ start: 500, ...old, transfers: [transfer({ interaction, to: BOB, start: 600, end: 700 })] }),
        record({ start: 50_000, end: 60_000, sessionId: uuidAt(50_000, 2), login: 50_000 }),
      ],
      coverage: [settled(0, 60_000)],
    });
    await mirror.append({ records: [record({ start: 2_000, end: 3_000, ...old })] });
    expect(count('event_revision')).toBe(1);
    const rollupMs = () =>
      mirror.rows<{ ms: number | null }>('select sum(ms) as ms from state_quarter')[0]?.ms;
    expect(rollupMs()).toBe(60_000);

    expect(prune(5_500)).toBeGreaterThan(1);
    expect(eventFacts(mirror).map(({ start }) => start)).toEqual([5_000, 6_000, 7_000, 8_000, 9_000, 50_000]);
    expect([count('event_revision'), count('event_transfer')]).toEqual([0, 0]);
    expect(rollupMs()).toBe(55_000);
    expect(sessionFacts(mirror)).toHaveLength(2);
    expect(mirror.writer.readPollState().coverage).toMatchObject([
      { fromMs: DAY_MS + 5_500, toMs: DAY_MS + 60_000 },
    ]);

    prune(50_001);
    expect(eventFacts(mirror).map(({ start }) => start)).toEqual([50_000]);
    expect(sessionFacts(mirror).map(({ began }) => began)).toEqual([50_000]);
    expect(rollupMs()).toBe(10_000);
  });

  test('keeps an event that began before it and still lasted, and the one that stands for a status', async () => {
    await mirror.append({
      records: [
        record({ start: 0, end: 9_000 }),
        record({ start: 100, agentId: BOB, sessionId: uuidAt(100, 7), eventId: uuidAt(100, 7) }),
        record({ start: 9_000, end: 20_000 }),
      ],
    });
    prune(8_000);
    expect(eventFacts(mirror)).toHaveLength(3);
    prune(500_000);
    expect(eventFacts(mirror).map(({ start }) => start)).toEqual([100, 9_000]);
    expect(statusOf(mirror, BOB)).toMatchObject({ start: 100, state: 'idle' });
    expect(statusOf(mirror, ANN)).toMatchObject({ start: 9_000 });
  });

  test('hands a transfer on to the next record that carries it', async () => {
    const transfers = [transfer({ interaction: uuidAt(5, 9), to: BOB, start: 600 })];
    await mirror.append({
      records: [record({ start: 500, end: 1_000, transfers }), record({ start: 1_000, transfers })],
    });
    prune(1_001);
    expect(
      mirror.rows(
        'select t.event, e.start_ms - ? as start from transfer t join event e on e.id = t.event',
        DAY_MS,
      ),
    ).toEqual([{ event: 2, start: 1_000 }]);
  });

  test('never gives the id of a forgotten row to another', async () => {
    await mirror.append({ records: [record({ start: 900_000 })] });
    await mirror.append({ records: [record({ start: 1_000, end: 2_000, sessionId: uuidAt(1_000, 2) })] });
    prune(500_000);
    mirror.reopen();
    await mirror.append({
      records: [record({ start: 910_000 }), record({ start: 920_000, sessionId: uuidAt(920_000, 3) })],
    });
    const told = mirror.rows<{ subject: number; agent: number }>(
      'select subject, count(*) as n from change_log where kind = 1 group by subject having n > 1',
    );
    expect(told).toEqual([]);
  });

  test('forgets changes and frames from the oldest on, and counts on from where it was', async () => {
    for (let i = 0; i < 10; i++)
      await mirror.append({ observedMs: DAY_MS + i * 1_000, records: [record({ start: i })] });
    const head = mirror.writer.changeSeq();
    prune(-1e9, 5_000);
    const seqs = mirror
      .rows<{ seq: number }>('select seq from change_log order by seq')
      .map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, i) => head - seqs.length + 1 + i));
    expect(mirror.rows('select min(observed_ms) - ? as oldest from change_log', DAY_MS)).toEqual([
      { oldest: 5_000 },
    ]);
    expect(count('frame')).toBe(5);

    prune(-1e9, 1e9);
    expect([count('change_log'), count('frame')]).toEqual([1, 1]);
    mirror.reopen();
    expect([mirror.writer.changeSeq(), mirror.writer.headSeq()]).toEqual([head, 10]);
    await mirror.append({ records: [record({ start: 50 })] });
    expect(mirror.writer.changeSeq()).toBeGreaterThan(head);
  });

  test('goes in steps of so many rows at most, and frames are appended in between', async () => {
    const rows = 400;
    const old = 4 * rows * 10;
    for (let i = 0; i < 10; i++) {
      const records = Array.from({ length: rows / 10 }, (_, n) =>
        record({ start: (i * 40 + n) * 10, end: old }),
      );
      const quarantined = records.map(({ eventId }) => ({ reason: 'NO_START' as const, rawJson: eventId }));
      const put = records.map(({ eventId, startMs }) => ({
        eventId: eventId.replace(/.$/, '7'),
        namedBy: eventId,
        expectedMs: startMs,
        attempts: 1,
        nextAttemptMs: startMs,
        state: 'BROKEN' as const,
      }));
      const observedMs = DAY_MS + 2 * old;
      await mirror.append({ observedMs, records, quarantined, audits: { put, remove: [] } });
    }
    const tables = ['event', 'change_log', 'frame', 'quarantine', 'audit'] as const;
    const counts = () => tables.map((table) => count(table) ?? 0);
    const maxRows = 50;
    const nowMs = DAY_MS + 1e9;
    const options = { nowMs, eventRetentionMs: 1e9 - 3 * old, changeRetentionMs: 1e9 - 3 * old, maxRows };
    let steps = 0;
    for (let more = true; more; steps++) {
      const before = counts();
      more = mirror.writer.prune(options);
      const removed = counts().map((left, i) => (before[i] ?? 0) - left);
      expect(Math.max(...removed)).toBeLessThanOrEqual(maxRows);
      // A young one, so that nothing of it goes.
      const young = record({ start: 4 * old + steps, eventId: uuidAt(4 * old + steps, 3) });
      const appended = await mirror.append({ observedMs: DAY_MS + 4 * old, records: [young] });
      expect(appended.changes).toBeGreaterThan(0);
    }
    expect(steps).toBeGreaterThanOrEqual(rows / maxRows);
    expect(mirror.rows('select 1 from event where start_ms < ?', DAY_MS + 4 * old)).toEqual([]);
    expect([count('quarantine'), count('audit')]).toEqual([0, 0]);
  });

  test('leaves no hole in the change log when observed times step back', async () => {
    await mirror.append({ observedMs: DAY_MS + 9_000, records: [record({ start: 1 })] });
    await mirror.append({ observedMs: DAY_MS + 1_000, records: [record({ start: 2 })] });
    prune(-1e9, 5_000);
    expect(count('change_log')).toBe(mirror.writer.changeSeq());
  });

  test('goes on with the agents and sessions that are left', async () => {
    await mirror.append({
      records: [record({ start: 1_000, end: 2_000 }), record({ start: 3_000, state: 'busy' })],
    });
    prune(2_500);
    await mirror.append({ records: [record({ start: 4_000, state: 'busy' })] });
    expect(statusOf(mirror, ANN)).toMatchObject({ start: 4_000, since: 3_000 });
    expect(eventFacts(mirror).map(({ start, end }) => [start, end])).toEqual([
      [3_000, 4_000],
      [4_000, null],
    ]);
  });
});
