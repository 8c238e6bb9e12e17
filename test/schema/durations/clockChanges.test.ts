import { afterEach, describe, expect, test } from 'vitest';
import { agentIdOf, MINUTE_MS, noise, settled } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { DAY_MS, record, uuidAt } from '../../mirror/support/records.ts';

const HOUR_MS = 60 * MINUTE_MS;
const SLOT_MS = 5 * MINUTE_MS;

/** Both changes of the clock in 2026; where there is none, the days on which others change theirs. */
const CHANGES: [zone: string, instant: string][] = [
  ['UTC', '2026-03-29T01:00:00Z'],
  ['UTC', '2026-10-25T01:00:00Z'],
  ['Europe/Berlin', '2026-03-29T01:00:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00:00Z'],
  // By half an hour.
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['Asia/Kathmandu', '2026-03-29T01:00:00Z'],
  ['Asia/Kathmandu', '2026-10-25T01:00:00Z'],
  ['America/St_Johns', '2026-03-08T05:30:00Z'],
  ['America/St_Johns', '2026-11-01T04:30:00Z'],
];

const MINUTES = { FIVE_MINUTES: 5, FIFTEEN_MINUTES: 15, THIRTY_MINUTES: 30, HOUR: 60, DAY: 1440 } as const;
type Granularity = keyof typeof MINUTES;

type Row = { agent: string; state: string | null; startMs: number; endMs: number };
type Sums = Map<string, number>;
type Bucket = {
  from: string;
  to: string;
  agent: { agentId: string } | null;
  stateRaw: string | null;
  durationMs: number;
};

const open: Gateway[] = [];
afterEach(() => {
  for (const gateway of open.splice(0)) gateway.dispose();
});

/** Three days around an instant: events that cross edges, some for hours, some without an end. */
const writeDays = async (aroundMs: number): Promise<{ gateway: Gateway; rows: Row[]; untilMs: number }> => {
  const gateway = openGateway();
  open.push(gateway);
  const random = noise(aroundMs / 60_000);
  const fromMs = aroundMs - 36 * HOUR_MS;
  const untilMs = aroundMs + 36 * HOUR_MS;
  const rows: Row[] = [];
  const records = Array.from({ length: 250 }, (_, i) => {
    const startMs = fromMs + Math.floor(random() * (untilMs - fromMs));
    const lengthMs = Math.floor(random() ** 3 * 30 * HOUR_MS);
    const last = i % 50 === 0;
    const state = ['idle', 'busy', 'away'][i % 3]!;
    const agentId = agentIdOf(i % 4);
    rows.push({ agent: agentId, state, startMs, endMs: last ? untilMs : startMs + lengthMs });
    const start = startMs - DAY_MS;
    // A session of its own each: nothing but its own end ends it.
    return record({
      eventId: uuidAt(start, i),
      agentId,
      sessionId: uuidAt(start, 0xd000 + i),
      start,
      state,
      ...(last ? {} : { end: start + lengthMs }),
    });
  });
  await gateway.mirror.append({ records, coverage: [settled(fromMs - DAY_MS, untilMs - DAY_MS)] });
  gateway.clock.jumpWallClock(untilMs - gateway.clock.nowMs());
  return { gateway, rows: heldEnds(gateway, rows), untilMs };
};

/** An agent's newer session ends an event that has no end of its own: as the mirror holds it. */
const heldEnds = (gateway: Gateway, rows: readonly Row[]): Row[] => {
  const ends = gateway.reader.all<{ startMs: number; endMs: number | null }>(
    'select start_ms as startMs, end_ms as endMs from event',
  );
  const byStart = new Map(ends.map(({ startMs, endMs }) => [startMs, endMs]));
  return rows.map((row) => ({ ...row, endMs: byStart.get(row.startMs) ?? row.endMs }));
};

/** What the wall clock of a zone shows, by the platform's own calendar. */
const wallClock = (zone: string) => {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'longOffset',
  });
  return (ms: number) => {
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    return {
      day: `${parts['year']}-${parts['month']}-${parts['day']}`,
      minute: Number(parts['hour']) * 60 + Number(parts['minute']),
      offset: parts['timeZoneName']!,
    };
  };
};

/** All offsets here are whole quarters of an hour, so that every edge is one of these slots'. */
const byHand = (
  rows: readonly Row[],
  zone: string,
  granularity: Granularity,
  range: { fromMs: number; toMs: number },
): Sums => {
  const wallOf = wallClock(zone);
  const sums: Sums = new Map();
  let bucketFromMs = range.fromMs;
  let label = '';
  for (let slotMs = Math.floor(range.fromMs / SLOT_MS) * SLOT_MS; slotMs < range.toMs; slotMs += SLOT_MS) {
    const { day, minute, offset } = wallOf(slotMs);
    const cell = Math.floor(minute / MINUTES[granularity]);
    // An hour that comes twice is two buckets; a day is one, however long.
    const next = granularity === 'DAY' ? day : `${day} ${cell} ${offset}`;
    if (next !== label) bucketFromMs = Math.max(slotMs, range.fromMs);
    label = next;
    for (const { agent, state, startMs, endMs } of rows) {
      const fromMs = Math.max(startMs, slotMs, range.fromMs);
      const ms = Math.min(endMs, slotMs + SLOT_MS, range.toMs) - fromMs;
      if (ms <= 0) continue;
      const key = `${new Date(bucketFromMs).toISOString()} ${agent} ${state}`;
      sums.set(key, (sums.get(key) ?? 0) + ms);
    }
  }
  return sums;
};

describe.each(CHANGES)('time in state in %s around %s', (zone, instant) => {
  const aroundMs = Date.parse(instant);
  const range = { fromMs: aroundMs - 30 * HOUR_MS + 1_234, toMs: aroundMs + 30 * HOUR_MS + 567_891 };

  test('is, to the millisecond, what adding up by hand gives, however finely time is cut', async () => {
    const { gateway, rows } = await writeDays(aroundMs);
    const ask = async (granularity: string, more = '') =>
      (
        await gateway.ask<{ stateDurations: Bucket[] }>(
          `query ($from: DateTime!, $to: DateTime!, $zone: String) {
             stateDurations(from: $from, to: $to, timeZone: $zone, granularity: ${granularity}, groupBy: [AGENT, STATE]) {
               from to durationMs stateRaw agent { agentId } ${more} } }`,
          {
            from: new Date(range.fromMs).toISOString(),
            to: new Date(range.toMs).toISOString(),
            zone,
          },
        )
      ).stateDurations;
    const sumsOf = (buckets: readonly Bucket[]): Sums =>
      new Map(
        buckets
          .filter(({ durationMs }) => durationMs > 0)
          .map(({ from, agent, stateRaw, durationMs }) => [
            `${from} ${agent?.agentId} ${stateRaw}`,
            durationMs,
          ]),
      );
    const totalMs = (sums: Sums) => [...sums.values()].reduce((sum, ms) => sum + ms, 0);

    const whole = totalMs(sumsOf(await ask('WHOLE')));
    expect(whole).toBeGreaterThan(100 * HOUR_MS);
    // Keys of this record.
    for (const granularity of Object.keys(MINUTES) as Granularity[]) {
      const expected = byHand(rows, zone, granularity, range);
      expect(totalMs(expected)).toBe(whole);
      // The second one by one, the first from the rollup where that can answer.
      expect(sumsOf(await ask(granularity)), granularity).toEqual(expected);
      expect(sumsOf(await ask(granularity, 'events')), `${granularity}, one by one`).toEqual(expected);
    }
  });
});

test('days have the length that the wall clock gives them', async () => {
  const { gateway } = await writeDays(Date.parse('2026-03-29T01:00:00Z'));
  gateway.clock.jumpWallClock(Date.parse('2026-12-01T00:00:00Z') - gateway.clock.nowMs());
  const hoursOf = async (zone: string, from: string, to: string) => {
    const { stateDurations } = await gateway.ask<{ stateDurations: Bucket[] }>(
      `{ stateDurations(from: "${from}", to: "${to}", timeZone: "${zone}", granularity: DAY, groupBy: []) { from to durationMs } }`,
    );
    return stateDurations.map((one) => (Date.parse(one.to) - Date.parse(one.from)) / HOUR_MS);
  };
  expect(await hoursOf('Europe/Berlin', '2026-03-27T23:00:00Z', '2026-03-30T22:00:00Z')).toEqual([
    24, 23, 24,
  ]);
  expect(await hoursOf('Europe/Berlin', '2026-10-23T22:00:00Z', '2026-10-26T23:00:00Z')).toEqual([
    24, 25, 24,
  ]);
  expect(await hoursOf('Australia/Lord_Howe', '2026-04-03T13:00:00Z', '2026-04-05T13:30:00Z')).toEqual([
    24, 24.5,
  ]);
  expect(await hoursOf('Australia/Lord_Howe', '2026-10-02T13:30:00Z', '2026-10-04T13:00:00Z')).toEqual([
    24, 23.5,
  ]);
  expect(await hoursOf('America/St_Johns', '2026-03-08T03:30:00Z', '2026-03-09T02:30:00Z')).toEqual([23]);
  expect(await hoursOf('America/St_Johns', '2026-11-01T02:30:00Z', '2026-11-02T03:30:00Z')).toEqual([25]);
});
