import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import {
  createMirrorReader,
  everything,
  type MirrorReader,
  readCurrentStatuses,
  readStatusesAt,
  type StatusFacts,
} from '../../../src/mirror/index.ts';
import type { AgentStateRecord } from '../../../src/upstream/index.ts';
import { agentIdOf, noise } from '../../fixtures/floor.ts';
import { type MirrorFile, openMirrorFile } from '../../mirror/support/mirrorFile.ts';
import { DAY_MS, randomUuid, record, settled, uuidAt } from '../../mirror/support/records.ts';
import { readHistory, replay, type Stood } from './asOfOracle.ts';

const SPAN = 3_600_000;

/**
 * Few agents, few words, coarse time: overlapping sessions, sessions that begin before or after their first event, events
 * without one, equal starts, ends, reported log-outs.
 */
const history = (seed: number): AgentStateRecord[] => {
  const random = noise(seed);
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
  const coarse = (most: number) => Math.floor((random() * most) / 60_000) * 60_000;
  const sessions = Array.from({ length: 14 }, (_, i) => ({
    agent: i % 4,
    began: coarse(SPAN),
    id: random() < 0.7 ? null : randomUuid(seed * 100 + i),
    login: random() < 0.6,
  }));
  return Array.from({ length: 160 }, (_, i) => {
    const session = random() < (seed % 3) * 0.1 ? null : pick(sessions);
    const start = session ? Math.max(0, session.began - 60_000 + coarse(900_000)) : coarse(SPAN);
    const state = pick(['idle', 'idle', 'busy', 'away', 'away', random() < 0.2 ? 'offline' : 'busy']);
    return record({
      eventId: random() < 0.7 ? uuidAt(start, seed * 1_000 + i) : randomUuid(seed * 1_000 + i),
      agentId: agentIdOf(session ? session.agent : Math.floor(random() * 5)),
      sessionId: session && (session.id ?? uuidAt(session.began, 0xb00 + sessions.indexOf(session))),
      ...(session?.login ? { login: session.began } : {}),
      start,
      ...(random() < 0.3 ? { end: start + coarse(600_000) } : {}),
      state,
      presence: state === 'offline' ? 'offline' : state === 'away' ? 'not-ready' : 'ready',
      reasonName: state === 'away' ? pick(['Lunch', 'Break']) : null,
      direction: random() < 0.8 ? 'inbound' : 'outbound',
    });
  });
};

const open: { mirror: MirrorFile; reader: MirrorReader }[] = [];
afterAll(() => {
  for (const { mirror, reader } of open) {
    reader.close();
    mirror.dispose();
  }
});
const written = async (seed: number) => {
  const mirror = openMirrorFile();
  const reader = createMirrorReader(mirror.file);
  open.push({ mirror, reader });
  const records = history(seed);
  for (let i = 0; i < records.length; i += 40) await mirror.append({ records: records.slice(i, i + 40) });
  await mirror.append({ coverage: [settled(0, SPAN + 7_200_000)] });
  return { mirror, reader };
};

const stood = (one: StatusFacts): Stood => ({
  event: one.event,
  presence: one.presence,
  state: one.state,
  reason: one.reason,
  direction: one.direction,
  sinceMs: one.sinceMs,
  sinceEventMs: one.sinceEventMs,
  inferred: Boolean(one.inferred),
});
const byAgent = (all: readonly StatusFacts[]) => new Map(all.map((one) => [one.agent, stood(one)]));

describe('the floor at an instant', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'is what a replay of all that is known gives (seed %i)',
    async (seed) => {
      const { mirror, reader } = await written(seed);
      const known = readHistory(mirror);
      const agents = [...new Set(known.events.map((one) => one.agent))];
      const random = noise(seed + 100);
      const instants = [
        ...Array.from({ length: 60 }, () => DAY_MS + Math.floor(random() * SPAN * 1.4)),
        ...known.events.slice(0, 40).flatMap(({ startMs }) => [startMs - 1, startMs]),
        ...known.sessions.flatMap(({ beganMs, endMs }) => [beganMs, endMs ?? beganMs + 1]),
      ];
      for (const atMs of instants) {
        const expected = new Map(
          agents.flatMap((agent) => {
            const one = replay(known, agent, atMs);
            return one ? [[agent, one] as const] : [];
          }),
        );
        expect(byAgent(readStatusesAt(reader, atMs, everything)), `at ${atMs - DAY_MS}`).toEqual(expected);
      }
    },
  );

  test('is what a replay gives, at a hundred thousand random instants', { timeout: 120_000 }, async () => {
    const seeds = 20;
    let instants = 0;
    let stoodThen = 0;
    for (let seed = 101; seed <= 100 + seeds; seed++) {
      const { mirror, reader } = await written(seed);
      const known = readHistory(mirror);
      const byAgentId = Map.groupBy(known.events, ({ agent }) => agent);
      const random = noise(seed);
      for (let i = 0; i < 100_000 / seeds; i++) {
        const atMs = DAY_MS + Math.floor(random() * SPAN * 1.4);
        const found = byAgent(readStatusesAt(reader, atMs, everything));
        for (const [agent, events] of byAgentId) {
          const expected = replay({ ...known, events }, agent, atMs) ?? undefined;
          if (!isDeepStrictEqual(found.get(agent), expected)) {
            expect(found.get(agent), `seed ${seed}, agent ${agent} at ${atMs - DAY_MS}`).toEqual(expected);
          }
          if (expected) stoodThen += 1;
        }
        instants += 1;
      }
    }
    expect(instants).toBe(100_000);
    expect(stoodThen).toBeGreaterThan(200_000);
  });

  test.each([1, 2, 3, 4, 5, 6])(
    'is the current one once everything has begun and ended (seed %i)',
    async (seed) => {
      const { reader } = await written(seed);
      const late = DAY_MS + 10 * SPAN;
      expect(byAgent(readStatusesAt(reader, late, everything))).toEqual(
        byAgent(readCurrentStatuses(reader, everything)),
      );
    },
  );
});
