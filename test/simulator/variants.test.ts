import { describe, expect, it } from 'vitest';
import type { PageRecord, SimulatorVariants } from '../../src/simulator/index.ts';
import { uuidTimeMs } from '../../src/upstream/index.ts';
import { DAY, endMsOf, envelopeOf, HOUR, iso, MINUTE, NOW, play, recordsOf, startMsOf } from './floor.ts';

const FROM = NOW - 3 * HOUR;
const TO = FROM + 10 * MINUTE;

const read = (variants: Partial<SimulatorVariants>, fromMs = FROM, toMs = TO, nowMs = NOW): PageRecord[] =>
  recordsOf(play({ variants }), fromMs, toMs, nowMs);

describe('window filter', () => {
  const within = (ms: number) => ms >= FROM && ms < TO;
  /** Everything around the window, as a whole: what a filter must choose from. */
  const around = recordsOf(play(), FROM - 12 * HOUR, TO, NOW);

  it('start: records that began in the window', () => {
    expect(read({ windowFilter: 'start' })).toEqual(around.filter((one) => within(startMsOf(one))));
  });
  it('end: records that ended in the window', () => {
    const expected = around.filter((one) => within(endMsOf(one)));
    expect(read({ windowFilter: 'end' })).toEqual(expected);
    expect(expected.some((one) => startMsOf(one) < FROM)).toBe(true);
  });
  it('overlap: records that were going on at some time in the window', () => {
    const expected = around.filter((one) => startMsOf(one) < TO && !(endMsOf(one) < FROM));
    expect(read({ windowFilter: 'overlap' })).toEqual(expected);
    expect(expected.length).toBeGreaterThan(read({}).length);
  });
  it('arrival: records that came in the window, however old', () => {
    const feed = play({ variants: { windowFilter: 'arrival' }, faults: { lateMinutes: 0.3 } });
    const expected = feed
      .truth({ fromMs: FROM - HOUR, toMs: TO }, NOW)
      .filter((row) => within((row.visibleFromMs ?? 0) - 15_000))
      .map((row) => row.record);
    const got = recordsOf(feed, FROM, TO, NOW);
    expect(got).toEqual(expected);
    expect(got.some((one) => startMsOf(one) < FROM)).toBe(true);
  });
  it('arrival finds records that come days late', () => {
    const feed = play({ variants: { windowFilter: 'arrival' }, faults: { lateDays: 0.01 } });
    const old = feed
      .truth({ fromMs: NOW - 2 * DAY, toMs: NOW - 20 * HOUR }, NOW)
      .filter((row) => row.visible && (row.visibleFromMs ?? 0) - row.startMs > 10 * HOUR)
      .find((row) => (row.visibleFromMs ?? 0) > NOW - 12 * HOUR);
    const arrivedMs = (old?.visibleFromMs ?? 0) - 15_000;
    expect(recordsOf(feed, arrivedMs - 1, arrivedMs + 1, NOW)).toContainEqual(old?.record);
  });
});

describe('bounds', () => {
  it.each([
    ['[)', true, false],
    ['[]', true, true],
    ['(]', false, true],
    ['()', false, false],
  ] as const)('%s', (bounds, first, last) => {
    const starts = read({}).map(startMsOf);
    const [fromMs = 0, toMs = 0] = [starts[2], starts[8]];
    const got = read({ bounds }, fromMs, toMs).map(startMsOf);
    expect(got.includes(fromMs)).toBe(first);
    expect(got.includes(toMs)).toBe(last);
    expect(got.length).toBeGreaterThan(3);
  });

  it('whole seconds: the milliseconds of start and end are cut off', () => {
    const feed = play({ variants: { wholeSeconds: true } });
    const query = { startMs: FROM + 999, endMs: TO + 999, limit: null, offset: 0 };
    const page = envelopeOf(feed.answer(query, NOW));
    const floored = Math.floor(FROM / 1000) * 1000 + (FROM % 1000 === 0 ? 0 : 1000);
    expect(page.start).toBe(iso(floored));
    expect(page.end).toBe(iso(floored + 10 * MINUTE));
  });
});

describe('mutability', () => {
  const sample = (variants: Partial<SimulatorVariants>) => {
    const feed = play({ variants });
    const row = feed
      .truth({ fromMs: FROM, toMs: TO }, NOW)
      .find((one) => (one.closedFromMs ?? 0) - one.startMs > 2 * MINUTE && one.visible);
    if (!row) throw new Error('no long record in the window');
    const at = (nowMs: number) =>
      recordsOf(feed, row.startMs, row.startMs + 1, nowMs).find((one) => startMsOf(one) === row.startMs);
    return { row, at, closedFromMs: row.closedFromMs ?? 0 };
  };

  it('open-then-closed: there 15 s after it began, with its end 15 s after that', () => {
    const { row, at, closedFromMs } = sample({ mutability: 'open-then-closed' });
    expect(at(row.startMs + 14_999)).toBeUndefined();
    const open = at(row.startMs + 15_000);
    expect(open).toMatchObject({ start: iso(row.startMs) });
    for (const attribute of ['end', 'nextEventId', 'durationSeconds'])
      expect(open).not.toHaveProperty(attribute);
    expect(at(closedFromMs - 1)).not.toHaveProperty('end');
    const closed = at(closedFromMs);
    expect(closed).toMatchObject({ eventId: open?.eventId, end: iso(closedFromMs - 15_000) });
    expect(closed).toHaveProperty('nextEventId');
  });
  it('closed-only: not there before it has ended', () => {
    const { at, closedFromMs } = sample({ mutability: 'closed-only' });
    expect(at(closedFromMs - 1)).toBeUndefined();
    expect(at(closedFromMs)).toHaveProperty('end');
  });
  it('mixed: some of each', () => {
    const young = read({ mutability: 'mixed' }, NOW - 5 * MINUTE, NOW);
    const all = read({}, NOW - 5 * MINUTE, NOW);
    const closed = read({ mutability: 'closed-only' }, NOW - 5 * MINUTE, NOW);
    expect(young.length).toBeLessThan(all.length);
    expect(young.length).toBeGreaterThan(closed.length);
  });
  it('the delay is an option', () => {
    const { row, at } = sample({ delayMs: 0 });
    expect(at(row.startMs)).toMatchObject({ start: iso(row.startMs) });
  });
  it('a rewritten record reappears in the window of its rewriting only when told to', () => {
    const rewritten = (rewrittenReappears: boolean) =>
      read({ rewrittenReappears }).filter((one) => startMsOf(one) < FROM);
    expect(rewritten(false)).toEqual([]);
    expect(rewritten(true).length).toBeGreaterThan(3);
    for (const one of rewritten(true)) expect(endMsOf(one)).toBeGreaterThanOrEqual(FROM);
  });
});

describe('the last record of a session', () => {
  const lastRecords = (variants: Partial<SimulatorVariants>): PageRecord[] => {
    const bySession = new Map<string, PageRecord>();
    for (const record of read(variants, NOW - 30 * HOUR, NOW - 3 * HOUR, NOW)) {
      if (Date.parse(record.loginTimestamp ?? '') < NOW - 15 * HOUR)
        bySession.set(record.sessionId ?? '', record);
    }
    const lasts = [...bySession.values()];
    expect(lasts.length).toBeGreaterThan(20);
    return lasts;
  };

  it('closed-no-next: has an end and no next', () => {
    for (const last of lastRecords({})) {
      expect(last).toHaveProperty('end');
      expect(last).not.toHaveProperty('nextEventId');
    }
  });
  it('offline-record: says offline', () => {
    for (const last of lastRecords({ lastRecord: 'offline-record' })) {
      expect(last).toMatchObject({ state: 'offline', presence: 'offline' });
      expect(last).not.toHaveProperty('end');
    }
  });
  it('never-closed: has no end', () => {
    for (const last of lastRecords({ lastRecord: 'never-closed' })) {
      expect(last).not.toHaveProperty('end');
      expect(last.state).not.toBe('offline');
    }
  });
  it('is shown before it ends even where only closed records appear, if it is the offline one', () => {
    const lasts = lastRecords({ lastRecord: 'offline-record', mutability: 'closed-only' });
    expect(lasts.every((last) => last.state === 'offline')).toBe(true);
  });
  it.each(['closed-no-next', 'offline-record', 'never-closed'] as const)(
    'names the first of the next session when the chain crosses sessions (%s)',
    (lastRecord) => {
      const variants = { lastRecord, chainCrossesSessions: true };
      const feed = play({ variants, faults: { uuidSkewMs: 5 } });
      const ids = new Map(
        recordsOf(feed, NOW - 30 * HOUR, NOW, NOW).map((record) => [record.eventId, record] as const),
      );
      let crossings = 0;
      for (const record of ids.values()) {
        const next = ids.get(record.nextEventId);
        if (!next || next.sessionId === record.sessionId) continue;
        crossings++;
        expect(next.agentId).toBe(record.agentId);
        expect(next.eventType).toBe('agent-session-start');
        expect(record.end).toBe(next.loginTimestamp);
      }
      expect(crossings).toBeGreaterThan(20);
    },
  );
});

describe('ids and duplicates', () => {
  it('version 4: ids without time, still one chain', () => {
    const records = read({ idVersion: 4 }, NOW - 2 * HOUR, NOW - HOUR);
    const ids = new Set(records.map((record) => record.eventId));
    expect(ids.size).toBe(records.length);
    for (const record of records) {
      for (const id of [record.eventId, record.sessionId, record.agentId]) {
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(uuidTimeMs(id ?? '')).toBeNull();
      }
    }
    const chained = records.filter((record) => ids.has(record.nextEventId));
    expect(chained.length / records.length).toBeGreaterThan(0.5);
  });

  const repeated = (duplicates: SimulatorVariants['duplicates']) => {
    const records = read({ duplicates }, NOW - 2 * HOUR, NOW - HOUR);
    return records.flatMap((record, i) =>
      records[i - 1]?.eventId === record.eventId ? [[records[i - 1], record] as const] : [],
    );
  };
  it('none by default', () => {
    expect(repeated('none')).toEqual([]);
  });
  it('identical: the same row twice', () => {
    expect(repeated('identical').length).toBeGreaterThan(3);
    for (const [first, second] of repeated('identical')) expect(second).toEqual(first);
  });
  it('different: the closed row, then the same one open', () => {
    expect(repeated('different').length).toBeGreaterThan(3);
    for (const [first, second] of repeated('different')) {
      expect(first).toHaveProperty('end');
      expect(second).not.toHaveProperty('end');
    }
  });
});
