import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentIdOf, DAY_MS, MINUTE_MS, noise, settled } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { record, uuidAt } from '../../mirror/support/records.ts';

const HOUR_MS = 60 * MINUTE_MS;
const at = (ms: number) => new Date(DAY_MS + ms).toISOString();

type Row = { state: string; startMs: number; endMs: number | null };
type Bucket = {
  from: string;
  to: string;
  state: string | null;
  events: number;
  began: number;
  averageDurationSeconds: number | null;
  p: Record<string, number | null>;
};

let gateway: Gateway;
const rows: Row[] = [];
beforeAll(async () => {
  gateway = openGateway();
  const random = noise(17);
  const records = Array.from({ length: 300 }, (_, i) => {
    const startMs = Math.floor(random() * 3 * HOUR_MS);
    const endMs = i % 25 === 0 ? null : startMs + Math.floor(random() ** 2 * 50 * MINUTE_MS);
    const state = ['idle', 'busy', 'away'][i % 3]!;
    rows.push({ state, startMs, endMs });
    return record({
      eventId: uuidAt(startMs, i),
      // An agent and a session of its own each: nothing but its own end ends it.
      agentId: agentIdOf(i),
      sessionId: uuidAt(startMs, 0xd000 + i),
      start: startMs,
      state,
      ...(endMs === null ? {} : { end: endMs }),
    });
  });
  await gateway.mirror.append({ records, coverage: [settled(0, 4 * HOUR_MS)] });
});
afterAll(() => gateway.dispose());

const PERCENTILES = [0.5, 10, 50, 90, 99.9, 100];
/** How many of all are not longer: the smallest that this share does not exceed. */
const nearestRank = (lengths: readonly number[], percentile: number) =>
  lengths.find((ms) => lengths.filter((one) => one <= ms).length >= (percentile / 100) * lengths.length);

test('counts, averages and percentiles are of the events that are there, worked out by hand', async () => {
  const aliases = PERCENTILES.map((p, i) => `p${i}: percentileDurationSeconds(percentile: ${p})`).join(' ');
  const { stateDurations } = await gateway.ask<{
    stateDurations: (Bucket & Record<string, number | null>)[];
  }>(
    `{ stateDurations(from: "${at(7 * MINUTE_MS)}", to: "${at(4 * HOUR_MS)}", granularity: THIRTY_MINUTES, groupBy: [STATE]) {
         from to state events began averageDurationSeconds ${aliases} } }`,
  );
  expect(stateDurations.length).toBeGreaterThan(20);
  for (const bucket of stateDurations) {
    const [fromMs, toMs] = [Date.parse(bucket.from) - DAY_MS, Date.parse(bucket.to) - DAY_MS];
    const own = rows.filter(({ state }) => state.toUpperCase() === bucket.state);
    const inside = own.filter(
      ({ startMs, endMs }) =>
        startMs < toMs && ((endMs ?? 4 * HOUR_MS) > fromMs || (startMs >= fromMs && startMs < toMs)),
    );
    const began = own.filter(({ startMs }) => startMs >= fromMs && startMs < toMs);
    const lengths = began
      .flatMap(({ startMs, endMs }) => (endMs === null ? [] : [endMs - startMs]))
      .sort((a, b) => a - b);
    expect(bucket.events).toBe(inside.length);
    expect(bucket.began).toBe(began.length);
    if (lengths.length === 0) {
      expect(bucket.averageDurationSeconds).toBeNull();
      for (const i of PERCENTILES.keys()) expect(bucket[`p${i}`]).toBeNull();
      continue;
    }
    const meanMs = lengths.reduce((sum, ms) => sum + ms, 0) / lengths.length;
    expect(bucket.averageDurationSeconds).toBeCloseTo(meanMs / 1000, 9);
    for (const [i, percentile] of PERCENTILES.entries()) {
      expect(bucket[`p${i}`], `${percentile} of ${lengths}`).toBe(nearestRank(lengths, percentile)! / 1000);
    }
  }
});

test.each([0, -1, 100.1])('a percentile of %d is refused by name', async (percentile) => {
  const { errors } = await gateway.run(
    `{ stateDurations(from: "${at(0)}", to: "${at(HOUR_MS)}", groupBy: []) { percentileDurationSeconds(percentile: ${percentile}) } }`,
  );
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'percentile' });
});

test.each([
  ['Europe/Berlin', '2026-03-29T00:00:00Z', '2026-03-29T02:00:00Z', [3_600, 7_200]],
  ['Europe/Berlin', '2026-10-25T00:00:00Z', '2026-10-25T02:00:00Z', [7_200, 3_600]],
  ['Australia/Lord_Howe', '2026-04-04T14:00:00Z', '2026-04-04T16:30:00Z', [39_600, 37_800, 37_800]],
  ['America/St_Johns', '2026-03-08T04:30:00Z', '2026-03-08T06:30:00Z', [-12_600, -9_000]],
  ['UTC', '2026-03-29T00:00:00Z', '2026-03-29T02:00:00Z', [0, 0]],
])('in %s the offset from UTC changes with the clock', async (timeZone, from, to, expected) => {
  const wall = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const { stateDurations } = await gateway.ask<{
    stateDurations: { from: string; utcOffsetSeconds: number }[];
  }>(
    `{ stateDurations(from: "${from}", to: "${to}", timeZone: "${timeZone}", granularity: HOUR, groupBy: []) { from utcOffsetSeconds } }`,
  );
  for (const { from: begin, utcOffsetSeconds } of stateDurations) {
    const name = wall.formatToParts(Date.parse(begin)).find(({ type }) => type === 'timeZoneName')!.value;
    const [, sign = '+', hours = '0', minutes = '0'] = /GMT(?:([+-])(\d+):(\d+))?/.exec(name)!;
    expect(utcOffsetSeconds).toBe((sign === '-' ? -1 : 1) * (Number(hours) * 3_600 + Number(minutes) * 60));
  }
  expect(stateDurations.map(({ utcOffsetSeconds }) => utcOffsetSeconds)).toEqual(expected);
});
