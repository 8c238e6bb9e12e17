import { afterEach, describe, expect, test } from 'vitest';
import {
  agentIdOf,
  DAY_MS,
  floorRecords,
  MINUTE_MS,
  noise,
  settled,
  writeFloor,
} from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { record, uuidAt } from '../../mirror/support/records.ts';

const HOUR_MS = 60 * MINUTE_MS;
const iso = (afterMidnightMs: number): string => new Date(DAY_MS + afterMidnightMs).toISOString();
const AGENT_IDS = Array.from({ length: 8 }, (_, n) => agentIdOf(n));

const open: Gateway[] = [];
afterEach(() => {
  for (const gateway of open.splice(0)) gateway.dispose();
});
const begin = (): Gateway => {
  const gateway = openGateway();
  open.push(gateway);
  return gateway;
};

type Facts = {
  presenceRaw: string | null;
  stateRaw: string | null;
  directionRaw: string | null;
  reason: { name: string } | null;
  session: { sessionId: string } | null;
  inferred: boolean;
};
type Spell = Facts & {
  from: string;
  to: string;
  durationSeconds: number;
  certainty: string;
  eventCount: number;
};

const FACTS = 'presenceRaw stateRaw directionRaw reason { name } session { sessionId } inferred';

const timelinesOf = async (gateway: Gateway, from: string, to: string): Promise<Map<string, Spell[]>> => {
  const { agents } = await gateway.ask<{ agents: { nodes: { agentId: string; timeline: Spell[] }[] } }>(
    `query ($from: DateTime!, $to: DateTime!) { agents(first: 100) { nodes { agentId
       timeline(from: $from, to: $to) { from to durationSeconds certainty eventCount ${FACTS} } } } }`,
    { from, to },
  );
  return new Map(agents.nodes.map(({ agentId, timeline }) => [agentId, timeline]));
};

/** Sessions that overlap, end, log out or begin after their first event; gaps; ties; events without a session. */
const writeHistory = async (gateway: Gateway, seed: number): Promise<void> => {
  const random = noise(seed);
  await writeFloor(
    gateway,
    floorRecords(seed, 160).map((one) => ({
      ...one,
      ...(random() < 0.1 ? { state: 'offline', presence: 'offline' } : {}),
      ...(one.sessionId && random() < 0.2 ? { loginMs: DAY_MS + Math.floor(random() * 60) * MINUTE_MS } : {}),
      ...(random() < seed % 2 ? { sessionId: one.sessionId ?? uuidAt(5_000, 0xe00) } : {}),
    })),
  );
  await gateway.mirror.append({
    coverage: [
      settled(0, 50 * MINUTE_MS),
      { ...settled(50 * MINUTE_MS, 55 * MINUTE_MS), level: 'GAP', cause: 'EXPIRED', readAtMs: null },
      settled(55 * MINUTE_MS, 9 * HOUR_MS),
    ],
  });
};

describe('the timeline of an agent', () => {
  test.each([1, 2, 3, 4, 5, 6])(
    'says of every instant what the status of that instant says (floor %d)',
    async (seed) => {
      const gateway = begin();
      await writeHistory(gateway, seed);
      gateway.clock.jumpWallClock(DAY_MS + 3 * HOUR_MS - gateway.clock.nowMs());
      const timelines = await timelinesOf(gateway, iso(10 * MINUTE_MS), iso(2.5 * HOUR_MS));
      const random = noise(seed + 99);
      let compared = 0;
      for (let i = 0; i < 60; i++) {
        // Half of them on a minute, where events begin.
        const atMs =
          i % 2 === 0
            ? (10 + Math.floor(random() * 140)) * MINUTE_MS
            : 10 * MINUTE_MS + Math.floor(random() * 140 * MINUTE_MS);
        const at = iso(atMs);
        const { agents } = await gateway.ask<{
          agents: { nodes: { agentId: string; status: (Facts & { certainty: string }) | null }[] };
        }>(
          `query ($at: DateTime!) { agents(first: 100) { nodes { agentId status(at: $at) { certainty ${FACTS} } } } }`,
          { at },
        );
        for (const { agentId, status } of agents.nodes) {
          const spell = timelines.get(agentId)!.find(({ from, to }) => from <= at && at < to);
          if (status === null) {
            expect(spell, `${agentId} at ${at}`).toBeUndefined();
            continue;
          }
          const { certainty, ...facts } = status;
          expect(spell, `${agentId} at ${at}`).toMatchObject(facts);
          if (spell?.certainty === 'SETTLED') expect(certainty).toBe('SETTLED');
          compared += 1;
        }
      }
      expect(compared).toBeGreaterThan(200);
    },
  );

  test('is in order, never overlaps, and is condensed', async () => {
    const gateway = begin();
    await writeHistory(gateway, 7);
    gateway.clock.jumpWallClock(DAY_MS + 3 * HOUR_MS - gateway.clock.nowMs());
    for (const spells of (await timelinesOf(gateway, iso(0), iso(4 * HOUR_MS))).values()) {
      expect(spells.length).toBeGreaterThan(0);
      for (const [i, spell] of spells.entries()) {
        expect(spell.from < spell.to).toBe(true);
        expect(spell.durationSeconds).toBe((Date.parse(spell.to) - Date.parse(spell.from)) / 1000);
        const next = spells[i + 1];
        if (!next) {
          expect(spell.to).toBe(iso(3 * HOUR_MS));
          continue;
        }
        expect(spell.to <= next.from).toBe(true);
        const same = (['presenceRaw', 'stateRaw', 'directionRaw', 'inferred'] as const).every(
          (field) => spell[field] === next[field],
        );
        const sameRest =
          spell.reason?.name === next.reason?.name && spell.session?.sessionId === next.session?.sessionId;
        const blank = [spell, next].filter(({ eventCount }) => eventCount === 0).length === 1;
        expect(same && sameRest && spell.to === next.from && !blank).toBe(false);
      }
    }
  });

  test('runs over events that change neither presence, state, reason nor direction', async () => {
    const gateway = begin();
    await gateway.mirror.append({
      records: [
        record({ agentId: AGENT_IDS[0]!, start: 0 }),
        record({ agentId: AGENT_IDS[0]!, start: MINUTE_MS, eventType: 'agent-capacity', capacity: [] }),
        record({ agentId: AGENT_IDS[0]!, start: 2 * MINUTE_MS, state: 'busy' }),
      ],
      coverage: [settled(0, HOUR_MS)],
    });
    gateway.clock.jumpWallClock(DAY_MS + HOUR_MS - gateway.clock.nowMs());
    const timelines = await timelinesOf(gateway, iso(0), iso(3 * MINUTE_MS));
    expect(timelines.get(AGENT_IDS[0]!)).toMatchObject([
      { from: iso(0), to: iso(2 * MINUTE_MS), stateRaw: 'idle', eventCount: 2 },
      { from: iso(2 * MINUTE_MS), to: iso(3 * MINUTE_MS), stateRaw: 'busy', eventCount: 1 },
    ]);
  });

  test('shows what was not read as a spell without facts', async () => {
    const gateway = begin();
    await writeHistory(gateway, 8);
    gateway.clock.jumpWallClock(DAY_MS + 3 * HOUR_MS - gateway.clock.nowMs());
    for (const spells of (await timelinesOf(gateway, iso(-HOUR_MS), iso(2 * HOUR_MS))).values()) {
      const unread = [
        { from: iso(-HOUR_MS), to: iso(0) },
        { from: iso(50 * MINUTE_MS), to: iso(55 * MINUTE_MS) },
      ];
      for (const { from, to } of unread) {
        const inside = spells.filter((spell) => spell.from < to && spell.to > from);
        // Longer where the agent had logged in and not spoken yet.
        expect(inside).toMatchObject([{ eventCount: 0, certainty: 'UNKNOWN', stateRaw: null }]);
        expect(inside[0]!.from <= from && inside[0]!.to >= to).toBe(true);
      }
      const spoken = spells.filter(({ eventCount }) => eventCount > 0);
      expect(spoken.length).toBeGreaterThan(0);
      expect(spoken.every(({ from, to }) => unread.every((one) => to <= one.from || from >= one.to))).toBe(
        true,
      );
    }
  });

  test('of a hundred agents takes as many statements as of two', async () => {
    const gateway = begin();
    await writeHistory(gateway, 9);
    gateway.clock.jumpWallClock(DAY_MS + 3 * HOUR_MS - gateway.clock.nowMs());
    const statementsOf = async (first: number) => {
      const before = gateway.reader.statements();
      await gateway.ask(
        `query ($from: DateTime!, $to: DateTime!) { agents(first: ${first}) { nodes {
           timeline(from: $from, to: $to) { state reason { name } session { loginTimestamp } firstEvent { start } } } } }`,
        { from: iso(0), to: iso(HOUR_MS) },
      );
      return gateway.reader.statements() - before;
    };
    const few = await statementsOf(2);
    expect(await statementsOf(100)).toBeLessThanOrEqual(few + 1);
    expect(few).toBeLessThanOrEqual(15);
  });

  test.each([
    ['a range that ends before it begins', iso(HOUR_MS), iso(0), 'BAD_USER_INPUT', 'to'],
    ['a range of years', '2020-01-01T00:00:00Z', iso(0), 'RANGE_TOO_LARGE', 'to'],
    ['a range in the future', iso(48 * HOUR_MS), iso(49 * HOUR_MS), 'BAD_USER_INPUT', 'from'],
    ['a beginning in the future alone', iso(48 * HOUR_MS), null, 'BAD_USER_INPUT', 'from'],
  ])('refuses %s', async (_, from, to, code, argument) => {
    const gateway = begin();
    await writeHistory(gateway, 1);
    gateway.clock.jumpWallClock(DAY_MS + 3 * HOUR_MS - gateway.clock.nowMs());
    const error = await gateway.refuse(
      `query ($from: DateTime, $to: DateTime) { agent(agentId: "${AGENT_IDS[0]}") { timeline(from: $from, to: $to) { state } } }`,
      { from, to },
    );
    expect(error.extensions).toMatchObject({ code, argument });
  });
});
