import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import {
  createMirrorReader,
  everything,
  type MirrorReader,
  readCurrentStatuses,
  readSilentAt,
  readStatusesAt,
  type StatusFacts,
} from '../../../src/mirror/index.ts';
import { noise } from '../../fixtures/floor.ts';
import { TANGLED_SPAN_MS as SPAN, tangledRecords } from '../../fixtures/tangledFloor.ts';
import { type MirrorFile, openMirrorFile } from '../../mirror/support/mirrorFile.ts';
import { DAY_MS, settled } from '../../mirror/support/records.ts';
import { readHistory, replay, type Stood, silent } from './asOfOracle.ts';

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
  const records = tangledRecords(seed);
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
        expect(byAgent(readStatusesAt(reader, atMs)), `at ${atMs - DAY_MS}`).toEqual(expected);
        expect(readSilentAt(reader, atMs, [...expected.keys()]), `silent at ${atMs - DAY_MS}`).toEqual(
          agents.filter((agent) => silent(known, agent, atMs)).sort((a, b) => a - b),
        );
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
        const found = byAgent(readStatusesAt(reader, atMs));
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
      expect(byAgent(readStatusesAt(reader, late))).toEqual(byAgent(readCurrentStatuses(reader, everything)));
    },
  );
});
