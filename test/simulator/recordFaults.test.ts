import { describe, expect, it } from 'vitest';
import {
  createFeed,
  createRandom,
  createWorld,
  type PageRecord,
  type TruthRow,
} from '../../src/simulator/index.ts';
import { uuidTimeMs } from '../../src/upstream/index.ts';
import {
  DAY,
  endMsOf,
  envelopeOf,
  HOUR,
  MINUTE,
  NOW,
  type Play,
  play,
  recordsOf,
  startMsOf,
} from './floor.ts';

const FROM = NOW - 20 * HOUR;
const truthOf = (faults: Play['faults'], nowMs = NOW): TruthRow[] =>
  play({ ...(faults ? { faults } : {}) }).truth({ fromMs: FROM, toMs: NOW - 6 * HOUR }, nowMs);

const latenessOf = (row: TruthRow): number => (row.visibleFromMs ?? Infinity) - row.startMs - 15_000;
const sharesOf = (rows: TruthRow[], test: (row: TruthRow) => boolean): number =>
  rows.filter(test).length / rows.length;
/** Rates are met on samples of a few thousand: within a third. */
const expectNear = (actual: number, expected: number) => {
  expect(actual).toBeGreaterThan(expected * 0.66);
  expect(actual).toBeLessThan(expected * 1.33);
};
/** What another floor of the same seed says of the same events. */
const pairsOf = (faults: Play['faults']) => {
  const right = new Map(truthOf({}).map((row) => [row.startMs, row]));
  return truthOf(faults).map((row) => [row, right.get(row.startMs)] as const);
};

describe('faults of records', () => {
  it('without any, truth and page agree and every record is sent', () => {
    for (const row of truthOf({})) {
      expect(row).toMatchObject({ visible: true, neverSent: null, malformed: null });
      expect(latenessOf(row)).toBe(0);
    }
  });

  it('late: seconds, minutes and days, each at its rate', () => {
    const rows = truthOf({ late: 0.1, lateMinutes: 0.05, lateDays: 0.02 });
    const inRange = (lowMs: number, highMs: number) =>
      sharesOf(rows, (row) => latenessOf(row) >= lowMs && latenessOf(row) < highMs);
    // One in twenty of the seconds-late (exponential, mean 20 s) takes over a minute.
    expectNear(inRange(1, MINUTE), 0.095);
    expectNear(inRange(MINUTE, 10 * MINUTE + 1), 0.055);
    expectNear(inRange(HOUR, 2 * DAY), 0.02);
    expect(rows.some((row) => !row.visible && row.neverSent === null)).toBe(true);
  });

  it('a late record is missing from the page until it arrives', () => {
    const feed = play({ faults: { lateMinutes: 0.2 } });
    const late = feed.truth({ fromMs: FROM, toMs: FROM + HOUR }, NOW).find((row) => latenessOf(row) > MINUTE);
    const fromMs = late?.startMs ?? 0;
    const at = (nowMs: number) => recordsOf(feed, fromMs, fromMs + 1, nowMs).length;
    expect(at((late?.visibleFromMs ?? 0) - 1)).toBe(0);
    expect(at(late?.visibleFromMs ?? 0)).toBe(1);
  });

  it('late rewrite: the successor is there long before the end is', () => {
    const late = truthOf({ lateRewrite: 0.2 }).filter((row) => {
      const ends = typeof row.record === 'object' && row.record?.end ? endMsOf(row.record) : Infinity;
      return (row.closedFromMs ?? 0) > ends + 15_000 && latenessOf(row) === 0;
    });
    expectNear(late.length / truthOf({}).length, 0.2);
    expect(late.some((row) => (row.closedFromMs ?? 0) - row.startMs > 2 * MINUTE)).toBe(true);
  });

  it('dropped: named by the record before, in the truth, never on the page', () => {
    const feed = play({ faults: { dropped: 0.02 } });
    const rows = feed.truth({ fromMs: FROM, toMs: FROM + 5 * HOUR }, NOW);
    const dropped = rows.filter((row) => row.neverSent === 'DROPPED').map((row) => row.record);
    expectNear(dropped.length / rows.length, 0.02);
    const page = recordsOf(feed, FROM, FROM + 5 * HOUR, NOW);
    expect(page).toHaveLength(rows.length - dropped.length);
    const named = new Set(page.map((record) => record.nextEventId));
    const missing = dropped.filter((row) => typeof row === 'object' && row && named.has(row.eventId));
    expect(missing.length / dropped.length).toBeGreaterThan(0.8);
  });

  it('open for ever: sessions whose last record has no end', () => {
    const records = recordsOf(play({ faults: { openForever: 1 } }), NOW - 40 * HOUR, NOW - 12 * HOUR, NOW);
    const open = records.filter((record) => !record.end);
    expect(open.length).toBeGreaterThan(30);
    expect(new Set(open.map((record) => record.sessionId)).size).toBe(open.length);
  });

  it.each(['start', 'end', 'arrival', 'overlap'] as const)(
    'long stay: one record inside a session is open for nine hours, and then ends, also by %s',
    (windowFilter) => {
      const longest = (longStay: number) => {
        const feed = play({ faults: { longStay }, variants: { windowFilter, mutability: 'closed-only' } });
        const records = recordsOf(feed, NOW - 40 * HOUR, NOW - 10 * HOUR, NOW);
        return Math.max(0, ...records.map((record) => (record.durationSeconds ?? 0) / 3_600));
      };
      expect(longest(1)).toBeGreaterThan(8.9);
      expect(longest(0)).toBeLessThan(4);
    },
  );

  it('overlap: the older session still speaks after the newer one began', () => {
    const records = recordsOf(play({ faults: { overlap: 1 } }), NOW - DAY, NOW - HOUR, NOW);
    const starts = records.filter((record) => record.eventType === 'agent-session-start');
    const overlapping = starts.filter((start) =>
      records.some(
        (other) =>
          other.agentId === start.agentId &&
          other.sessionId !== start.sessionId &&
          Date.parse(other.loginTimestamp ?? '') < startMsOf(start) &&
          startMsOf(other) > startMsOf(start) &&
          startMsOf(other) < startMsOf(start) + 2 * MINUTE,
      ),
    );
    expect(overlapping.length).toBeGreaterThan(30);
  });

  it('rename: more agents with two names', () => {
    const renamed = (rename: number) => {
      const names = new Map<string, Set<string>>();
      for (const record of recordsOf(play({ faults: { rename } }), FROM, NOW, NOW)) {
        const id = record.agentId ?? '';
        names.set(id, (names.get(id) ?? new Set()).add(record.agentName ?? ''));
      }
      return [...names.values()].filter((set) => set.size > 1).length;
    };
    expect(renamed(0)).toBeLessThan(4);
    expect(renamed(1)).toBeGreaterThan(10);
  });

  it('same name: several agents with one name', () => {
    const agents = new Map(
      recordsOf(play({ faults: { sameName: 0.4 } }), FROM, NOW, NOW).map((one) => [
        one.agentId,
        one.agentName,
      ]),
    );
    const namesakes = [...agents.values()].filter((name) => name === 'Alex Kim').length;
    expectNear(namesakes / agents.size, 0.4);
  });

  it('reason rename: one id under two names', () => {
    const named = Map.groupBy(
      recordsOf(play({ faults: { reasonRename: 0.3 } }), FROM, NOW, NOW).filter(
        ({ reasonName }) => reasonName,
      ),
      ({ reasonId }) => reasonId,
    );
    const renamed = [...named.values()].filter(
      (rows) => new Set(rows.map((row) => row.reasonName)).size === 2,
    );
    expect(renamed.length).toBeGreaterThan(2);
  });

  it('missing attribute: one fewer, never the three that make a record', () => {
    const pairs = pairsOf({ missingAttribute: 1 });
    const missing = new Set<string>();
    for (const [row, right] of pairs) {
      const lost = Object.keys(right?.record ?? {}).filter((key) => !(key in Object(row.record)));
      expect(lost.length).toBeLessThanOrEqual(1);
      for (const key of lost) missing.add(key);
    }
    expect(missing.size).toBeGreaterThan(12);
    for (const key of ['eventId', 'agentId', 'start']) expect(missing.has(key)).toBe(false);
  });

  it('unknown values and unknown attributes', () => {
    const odd = truthOf({ unknownEnum: 1, extraAttribute: 1 }).map((row) => row.record);
    const text = JSON.stringify(odd);
    for (const value of ['agent-wrap-up', 'hidden', 'callback', 'over-allocated', '"video":1']) {
      expect(text).toContain(value);
    }
    for (const record of odd) expect(record).toHaveProperty('skillGroup.skills');
  });

  it('contradictory: every attribute well-formed, and not all true', () => {
    const records = recordsOf(play({ faults: { contradictory: 1 } }), FROM, NOW - 6 * HOUR, NOW);
    const some = (test: (record: PageRecord) => unknown) => expect(records.some(test)).toBe(true);
    some((one) => endMsOf(one) < startMsOf(one));
    some((one) => Math.abs((one.durationSeconds ?? 0) - (endMsOf(one) - startMsOf(one)) / 1000) > 3);
    some((one) => one.capacity?.length === 0);
    some((one) => one.capacity?.some((group) => group.load > 1 && group.capacity === 0));
    some((one) => one.reasonId && one.reasonListId === null);
    some((one) => one.nextEventId && one.nextEventId === one.eventId);
    some((one) => one.transfers?.some((transfer) => transfer.toAgentId === one.agentId));
  });

  it('chain back: a record names one of the four before it as the next, which makes circles of two to five', () => {
    const records = recordsOf(play({ faults: { chainBack: 0.05 } }), FROM, NOW - 6 * HOUR, NOW);
    const byId = new Map(records.map((record) => [record.eventId, record]));
    const nextOf = (one: PageRecord) => byId.get(one.nextEventId);
    const back = records.filter((one) => startMsOf(nextOf(one) ?? {}) < startMsOf(one));
    expectNear(back.length / records.length, 0.05);
    const lengths = back.map((first) => {
      let length = 1;
      for (let at = nextOf(first); at && at !== first && length < 9; at = nextOf(at)) length++;
      return length;
    });
    // A quarter each, but that a shorter circle inside a longer one breaks it.
    for (const length of [2, 3, 4, 5]) {
      expect(lengths.filter((one) => one === length).length / back.length).toBeGreaterThan(0.1);
    }
  });

  it('same moment: two records of a session begin at once, the first ends there, and ids are in either order', () => {
    const records = recordsOf(play({ faults: { sameMoment: 0.1 } }), FROM, NOW - 6 * HOUR, NOW);
    const byId = new Map(records.map((record) => [record.eventId, record]));
    const pairs = records.flatMap((first) => {
      const second = byId.get(first.nextEventId);
      return second && second.start === first.start ? [[first, second] as const] : [];
    });
    expectNear(pairs.length / records.length, 0.1);
    for (const [first, second] of pairs) {
      expect(second.sessionId).toBe(first.sessionId);
      expect(first).toMatchObject({ end: first.start, durationSeconds: 0 });
      expect(uuidTimeMs(second.eventId ?? '')).toBe(uuidTimeMs(first.eventId ?? ''));
    }
    // Within one millisecond the first eight digits are the order of time, but where they turn over.
    const inverted = pairs.filter(([first, second]) => (second.eventId ?? '') < (first.eventId ?? ''));
    expectNear(inverted.length / pairs.length, 0.5);
    expect(records.some((one) => endMsOf(one) < startMsOf(one))).toBe(false);
  });

  it('same moment: transfers begun in a record that lasts no time are told with their ends by one that does', () => {
    const endedOn = (sameMoment: number) => {
      const feed = play({ variants: { lastRecord: 'offline-record' }, faults: { sameMoment } });
      return new Set(
        recordsOf(feed, FROM, NOW - 4 * HOUR, NOW)
          .flatMap(({ agentId, transfers = [] }) => transfers.map((one) => ({ agentId, ...one })))
          .filter((one) => one.transferEndTimestamp)
          .map((one) => `${one.agentId} ${one.transferStartTimestamp} ${one.transferEndTimestamp}`),
      );
    };
    const ended = endedOn(0);
    expect(ended.size).toBeGreaterThan(50);
    const stillEnded = endedOn(0.5);
    expect([...ended].filter((one) => !stillEnded.has(one))).toEqual([]);
  });

  it('malformed: rows without what makes a record, or no object at all, flagged in the truth', () => {
    const rows = truthOf({ malformed: 0.2 });
    expectNear(
      sharesOf(rows, (row) => row.malformed !== null),
      0.2,
    );
    for (const { record, malformed } of rows) {
      if (malformed === 'NO_EVENT_ID') expect(record).not.toHaveProperty('eventId');
      if (malformed === 'NO_AGENT_ID') expect(record).not.toHaveProperty('agentId');
      if (malformed === 'NO_START') expect(record).not.toHaveProperty('start');
      if (malformed === 'NOT_AN_OBJECT') expect(record === null || typeof record !== 'object').toBe(true);
    }
    expect(new Set(rows.map((row) => row.malformed)).size).toBe(5);
  });

  it('changed: other content under the same id, a minute after it closed', () => {
    const feed = play({ faults: { changed: 1 } });
    const row = feed.truth({ fromMs: FROM, toMs: FROM + HOUR }, NOW)[5];
    const closedFromMs = row?.closedFromMs ?? 0;
    const at = (nowMs: number) => recordsOf(feed, row?.startMs ?? 0, (row?.startMs ?? 0) + 1, nowMs)[0];
    const before = at(closedFromMs + MINUTE - 1);
    const after = at(closedFromMs + MINUTE);
    expect(after?.eventId).toBe(before?.eventId);
    expect(after?.direction).not.toBe(before?.direction);
    expect(after).toEqual(row?.record);
  });

  it('duplicate: rows that stand twice', () => {
    const records = recordsOf(play({ faults: { duplicate: 0.1 } }), FROM, FROM + 2 * HOUR, NOW);
    const unique = new Set(records.map((record) => record.eventId)).size;
    expectNear(records.length / unique - 1, 0.1);
  });

  it('skew: ids are off by a few milliseconds, the same for all of a host', () => {
    const byHost = new Map<string, Set<number>>();
    for (const record of recordsOf(play({ faults: { uuidSkewMs: 5 } }), FROM, FROM + 3 * HOUR, NOW)) {
      const host = record.eventId?.slice(24) ?? '';
      const offMs = startMsOf(record) - (uuidTimeMs(record.eventId ?? '') ?? 0);
      byHost.set(host, (byHost.get(host) ?? new Set()).add(offMs));
    }
    const offsets = [...byHost.values()].flatMap((set) => [...set]);
    expect(Math.max(...offsets.map(Math.abs))).toBeGreaterThan(1);
    expect(Math.max(...offsets.map(Math.abs))).toBeLessThanOrEqual(6);
    for (const set of byHost.values()) expect(set.size).toBe(2);
  });

  it('switched while running, they change what begins from then on and nothing before', () => {
    const world = createWorld({ seed: 7, agents: 60, startMs: NOW - DAY });
    const feed = createFeed(world, {}, {}, createRandom(1));
    const read = (fromMs: number, toMs: number) => recordsOf(feed, fromMs, toMs, NOW + 2 * HOUR);
    const before = read(NOW - HOUR, NOW);
    world.setFaults(NOW, { dropped: 1 });
    expect(read(NOW - HOUR, NOW)).toEqual(before);
    expect(read(NOW, NOW + HOUR)).toEqual([]);
    world.setFaults(NOW + HOUR, {});
    expect(read(NOW, NOW + HOUR)).toEqual([]);
    expect(read(NOW + HOUR, NOW + 2 * HOUR - MINUTE).length).toBeGreaterThan(50);
  });

  it('a feed rebuilt from the truth is the page', () => {
    const faults = {
      late: 0.05,
      lateMinutes: 0.02,
      dropped: 0.01,
      malformed: 0.01,
      changed: 0.05,
      openForever: 0.1,
      chainBack: 0.1,
      sameMoment: 0.2,
    };
    const feed = play({ faults });
    const fromMs = NOW - 40 * MINUTE;
    for (const nowMs of [NOW - 30 * MINUTE, NOW - 29 * MINUTE, NOW]) {
      const query = { startMs: fromMs, endMs: fromMs + 10 * MINUTE, limit: null, offset: 0 };
      const expected = feed
        .truth({ fromMs, toMs: fromMs + 10 * MINUTE }, nowMs)
        .filter((row) => row.visible)
        .map((row) => row.record);
      expect(envelopeOf(feed.answer(query, nowMs)).results).toEqual(expected);
      for (const row of expected) {
        if (typeof row === 'object' && row?.end) expect(endMsOf(row)).toBeLessThanOrEqual(nowMs - 15_000);
      }
    }
  });
});
