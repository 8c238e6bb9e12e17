import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CoverageSlice } from '../../../src/poller/index.ts';
import { agentIdOf, DAY_MS, floorRecords, MINUTE_MS, settled, writeFloor } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { record, uuidAt } from '../../mirror/support/records.ts';

type Bucket = {
  from: string;
  to: string;
  state: string | null;
  durationMs: number;
  began: number;
  events?: number;
  coverage: number;
  partial: boolean;
};
const HOUR_MS = 60 * MINUTE_MS;
const at = (ms: number) => new Date(DAY_MS + ms).toISOString();

let gateway: Gateway;
beforeAll(async () => {
  gateway = openGateway();
  await writeFloor(gateway, floorRecords(7, 600));
  await gateway.mirror.append({ coverage: [settled(0, 2 * HOUR_MS)] });
});
afterAll(() => gateway.dispose());

const ask = async (args: string, fields = '') =>
  (
    await gateway.ask<{ stateDurations: Bucket[] }>(
      `{ stateDurations(${args}) { from to state durationMs began coverage partial ${fields} } }`,
    )
  ).stateDurations;
const range = (from: number, to: number) => `from: "${at(from)}", to: "${at(to)}"`;

/** Every event, clipped and summed by hand. */
const byHand = (from: number, to: number): Map<string, number> => {
  const rows = gateway.reader.all<{ start: number; end: number | null; state: number | null }>(
    'select start_ms as start, end_ms as end, state from event',
  );
  const sums = new Map<string, number>();
  for (const { start, end, state } of rows) {
    const ms = Math.min(end ?? DAY_MS + 2 * HOUR_MS, DAY_MS + to) - Math.max(start, DAY_MS + from);
    if (ms > 0) sums.set(String(state), (sums.get(String(state)) ?? 0) + ms);
  }
  return sums;
};
const total = (values: Iterable<number>) => [...values].reduce((sum, one) => sum + one, 0);

const gap = (from: number, to: number): CoverageSlice => ({
  ...settled(from, to),
  level: 'GAP',
  cause: 'EXPIRED',
});

describe('stateDurations', () => {
  it('sums what every event has inside the range, to the millisecond', async () => {
    for (const [from, to] of [
      [0, 2 * HOUR_MS],
      [10 * MINUTE_MS + 1, 47 * MINUTE_MS + 33],
      [-HOUR_MS, 4 * HOUR_MS],
    ] as const) {
      const [whole] = await ask(`${range(from, to)}, groupBy: []`);
      expect(whole?.durationMs).toBe(total(byHand(from, to).values()));
    }
  });

  it('is the same however time is cut and whichever zone cuts it', async () => {
    const [whole] = await ask(`${range(0, 3 * HOUR_MS)}, groupBy: []`);
    for (const zone of [
      'UTC',
      'Europe/Berlin',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'America/St_Johns',
    ]) {
      for (const granularity of ['FIVE_MINUTES', 'FIFTEEN_MINUTES', 'THIRTY_MINUTES', 'HOUR', 'DAY']) {
        const buckets = await ask(
          `${range(0, 3 * HOUR_MS)}, groupBy: [], granularity: ${granularity}, timeZone: "${zone}"`,
        );
        expect(total(buckets.map((bucket) => bucket.durationMs))).toBe(whole?.durationMs);
        expect(total(buckets.map((bucket) => bucket.began))).toBe(whole?.began);
        expect(buckets[0]?.from).toBe(at(0));
        expect(buckets.at(-1)?.to).toBe(at(3 * HOUR_MS));
      }
    }
  });

  it('answers from the rollup what the events one by one answer', async () => {
    for (const groups of [
      '',
      'STATE',
      'AGENT, STATE',
      'REASON',
      'REASON_LIST',
      'PRESENCE, DIRECTION, ALLOCATION',
    ]) {
      const args = `${range(0, 2 * HOUR_MS)}, granularity: FIFTEEN_MINUTES, groupBy: [${groups}]`;
      const key = ({ from, durationMs, began }: Bucket) => `${from} ${durationMs} ${began}`;
      const rollup = await ask(args);
      const oneByOne = await ask(args, 'events');
      expect(rollup.map(key).sort()).toEqual(oneByOne.map(key).sort());
    }
  });

  it("has upstream's own word beside each key, also where nobody knows it", async () => {
    const words = async (key: string, field: string) => {
      const { stateDurations } = await gateway.ask<{ stateDurations: { name: string; raw: string }[] }>(
        `{ stateDurations(${range(0, 2 * HOUR_MS)}, groupBy: [${key}]) { name: ${field} raw: ${field}Raw } }`,
      );
      return stateDurations.map(({ name, raw }) => `${name} ${raw}`).sort();
    };
    const seen = (column: string) => new Set(floorRecords(7, 600).map((one) => Reflect.get(one, column)));
    expect(await words('STATE', 'state')).toEqual(
      expect.arrayContaining(['UNKNOWN Sleeping', 'UNKNOWN singing', 'BUSY busy', 'null null']),
    );
    for (const name of ['presence', 'direction', 'allocation']) {
      const expected = [...seen(name)].map(
        (raw) => `${raw?.toUpperCase().replaceAll('-', '_') ?? null} ${raw}`,
      );
      expect(await words(name.toUpperCase(), name)).toEqual(expected.sort());
    }
  });

  it('says of each bucket what share is settled and whether it is over', async () => {
    const buckets = await ask(`${range(HOUR_MS, 3 * HOUR_MS)}, granularity: HOUR, groupBy: []`);
    expect(buckets.map(({ coverage, partial }) => [coverage, partial])).toEqual([
      [1, false],
      [0, true],
    ]);
  });

  it('has a row that is unknown for a bucket of which not all is known, and none for one in which nobody was in a state', async () => {
    const gapped = openGateway();
    try {
      await gapped.mirror.append({
        records: [record({ start: 0, end: 10 * MINUTE_MS, state: 'away' })],
        coverage: [settled(0, 2 * HOUR_MS), gap(2 * HOUR_MS, 3 * HOUR_MS), settled(3 * HOUR_MS, 9 * HOUR_MS)],
      });
      const rows = async (from: number, to: number, groups: string) =>
        (
          await gapped.ask<{ stateDurations: object[] }>(
            `{ stateDurations(${range(from, to)}, granularity: HOUR, groupBy: [${groups}]) {
               from state durationMs events coverage unknown } }`,
          )
        ).stateDurations;
      const nothing = (hour: number, coverage: number) => ({
        from: at(hour * HOUR_MS),
        state: null,
        durationMs: 0,
        events: 0,
        coverage,
        unknown: true,
      });
      const away = {
        from: at(0),
        state: 'AWAY',
        durationMs: 10 * MINUTE_MS,
        events: 1,
        coverage: 1,
        unknown: false,
      };
      // Before the mirror began, in the gap, and the part of an hour that is read; nobody did anything from one to two.
      expect(await rows(-HOUR_MS, 3 * HOUR_MS, 'STATE')).toEqual([nothing(-1, 0), away, nothing(2, 0)]);
      expect(await rows(2.5 * HOUR_MS, 4 * HOUR_MS, 'STATE')).toEqual([{ ...nothing(2.5, 0) }]);
      expect(await rows(8 * HOUR_MS, 11 * HOUR_MS, 'AGENT, STATE')).toEqual([nothing(9, 0), nothing(10, 0)]);
      expect(await rows(2 * HOUR_MS, 4 * HOUR_MS, '')).toEqual([
        nothing(2, 0),
        { ...nothing(3, 1), unknown: false },
      ]);
      const { agents } = await gapped.ask<{ agents: { nodes: { stateDurations: object[] }[] } }>(
        `{ agents { nodes { stateDurations(${range(0, 3 * HOUR_MS)}, granularity: HOUR, groupBy: [STATE]) {
           from state durationMs events coverage unknown } } } }`,
      );
      expect(agents.nodes[0]!.stateDurations).toEqual([away, nothing(2, 0)]);
    } finally {
      gapped.dispose();
    }
  });

  it('gives groups in one order, from the rollup and one by one alike', async () => {
    const keys = 'agent { agentId } stateRaw presenceRaw reason { name } directionRaw';
    const args = `${range(0, 2 * HOUR_MS)}, granularity: FIFTEEN_MINUTES, groupBy: [AGENT, STATE, PRESENCE, REASON, DIRECTION]`;
    const rollup = await ask(args, keys);
    const oneByOne = await ask(args, `${keys} events`);
    expect(rollup.length).toBeGreaterThan(200);
    expect(oneByOne.map(({ events: _, ...row }) => row)).toEqual(rollup);
    expect(rollup.map(({ from }) => from)).toEqual(rollup.map(({ from }) => from).sort());
  });

  it('refuses what makes no sense, naming the argument', async () => {
    const codes = async (args: string) => {
      const { extensions } = await gateway.refuse(`{ stateDurations(${args}) { durationMs } }`);
      return [extensions['code'], extensions['argument']];
    };
    expect(await codes(`${range(HOUR_MS, 0)}, groupBy: []`)).toEqual(['BAD_USER_INPUT', 'to']);
    expect(await codes(`${range(0, HOUR_MS)}, groupBy: [], timeZone: "Mars/Olympus"`)).toEqual([
      'BAD_USER_INPUT',
      'timeZone',
    ]);
    expect(await codes(`${range(0, HOUR_MS)}, groupBy: [STATE, STATE]`)).toEqual([
      'BAD_USER_INPUT',
      'groupBy',
    ]);
    expect(await codes(`from: "2030-01-01T00:00:00Z", to: "2030-01-02T00:00:00Z", groupBy: []`)).toEqual([
      'BAD_USER_INPUT',
      'from',
    ]);
    const years = `from: "2020-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z", groupBy: []`;
    expect((await gateway.refuse(`{ stateDurations(${years}) { durationMs } }`)).message).toBe(
      'The range spans 400 days at most; ask for a shorter one.',
    );
    expect(await codes(years)).toEqual(['RANGE_TOO_LARGE', 'to']);
    expect(await codes(`${range(0, 300 * HOUR_MS)}, groupBy: [], granularity: FIVE_MINUTES`)).toEqual([
      'RANGE_TOO_LARGE',
      'to',
    ]);
  });

  it('refuses what would hold up everybody else, and answers what is as long from sums', async () => {
    // 200 events and 1,000 sums at most; the floor has 600 and fewer.
    const small = openGateway({ maxWalkRows: 50 });
    try {
      await writeFloor(small, floorRecords(7, 600));
      await small.mirror.append({ coverage: [settled(0, 2 * HOUR_MS)] });
      const args = `${range(0, 2 * HOUR_MS)}, groupBy: []`;
      const { extensions } = await small.refuse(`{ stateDurations(${args}) { durationMs events } }`);
      expect(extensions).toMatchObject({ code: 'RANGE_TOO_LARGE', argument: 'to', maxRows: 200 });
      // Few events, that last for hours, in many buckets: 400 pieces at most.
      await small.mirror.append({
        records: [record({ start: -100 * HOUR_MS, end: -60 * HOUR_MS })],
        coverage: [settled(-100 * HOUR_MS, 0)],
      });
      const split = await small.refuse(
        `{ stateDurations(${range(-100 * HOUR_MS, -50 * HOUR_MS)}, groupBy: [], granularity: FIVE_MINUTES) { durationMs } }`,
      );
      expect(split.extensions).toMatchObject({ code: 'RANGE_TOO_LARGE', argument: 'to', maxRows: 400 });
      expect(split.message).toContain('pieces');
      const { stateDurations } = await small.ask<{ stateDurations: Bucket[] }>(
        `{ stateDurations(${args}) { durationMs } }`,
      );
      expect(stateDurations[0]?.durationMs).toBe(total(byHand(0, 2 * HOUR_MS).values()));
    } finally {
      small.dispose();
    }
  });

  it('refuses what has more rows than one answer may, whatever has been added up by then', async () => {
    const wide = openGateway();
    try {
      // 120 agents, each in two states in each of 48 quarter hours: 11,520 rows.
      for (let quarter = 0; quarter < 48; quarter++) {
        const records = Array.from({ length: 240 }, (_, n) => {
          const start = quarter * 15 * MINUTE_MS - 24 * HOUR_MS + (n % 2) * 5 * MINUTE_MS;
          return record({
            agentId: agentIdOf(n >> 1),
            sessionId: uuidAt(-24 * HOUR_MS, 0x9000 + (n >> 1)),
            eventId: uuidAt(start, n),
            start,
            end: start + 5 * MINUTE_MS,
            state: n % 2 ? 'idle' : 'away',
          });
        });
        await wide.mirror.append({ records });
      }
      await wide.mirror.append({ coverage: [settled(-24 * HOUR_MS, 0)] });
      const args = (groups: string) =>
        `${range(-24 * HOUR_MS, -24 * HOUR_MS + 12 * HOUR_MS)}, granularity: FIFTEEN_MINUTES, groupBy: [${groups}]`;
      for (const fields of ['durationMs', 'durationMs events']) {
        const { extensions, message } = await wide.refuse(
          `{ stateDurations(${args('AGENT, STATE')}) { ${fields} } }`,
        );
        expect(extensions).toMatchObject({ code: 'RANGE_TOO_LARGE', argument: 'groupBy', maxRows: 10_000 });
        expect(message).toMatch(
          /more than 10000 rows.*`granularity`.*`groupBy`.*`filter`.*`Agent.stateDurations`/,
        );
        const { stateDurations } = await wide.ask<{ stateDurations: Bucket[] }>(
          `{ stateDurations(${args('AGENT')}) { ${fields} } }`,
        );
        expect(stateDurations).toHaveLength(48 * 120);
      }
      const { errors } = await wide.run(
        `{ agents(first: 120) { nodes { stateDurations(${args('STATE')}) { durationMs } } } }`,
      );
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'RANGE_TOO_LARGE', argument: 'groupBy' });
    } finally {
      wide.dispose();
    }
  });
});
