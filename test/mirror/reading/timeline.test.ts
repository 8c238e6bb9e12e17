import { afterAll, expect, test } from 'vitest';
import {
  createMirrorReader,
  type MirrorReader,
  readTimelines,
  type TimelinePiece,
} from '../../../src/mirror/index.ts';
import { noise } from '../../fixtures/floor.ts';
import { TANGLED_SPAN_MS, tangledRecords } from '../../fixtures/tangledFloor.ts';
import { readHistory, replay, silent } from '../../schema/status/asOfOracle.ts';
import { type MirrorFile, openMirrorFile } from '../support/mirrorFile.ts';
import { DAY_MS } from '../support/records.ts';

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
  return { reader, known: readHistory(mirror) };
};

const seeds = Array.from({ length: 12 }, (_, i) => i + 1);

test.each(seeds)(
  'the pieces of any range are what a replay gives at each of its instants (seed %i)',
  async (seed) => {
    const { reader, known } = await written(seed);
    const agents = [...new Set(known.events.map((one) => one.agent))];
    const random = noise(seed + 500);
    const within = (fromMs: number, toMs: number) => fromMs + Math.floor(random() * (toMs - fromMs));
    for (let i = 0; i < 25; i++) {
      // Half of the ranges begin where an event does.
      const anEvent = known.events[within(0, known.events.length)]!;
      const fromMs = i % 2 ? anEvent.startMs : DAY_MS + within(0, TANGLED_SPAN_MS);
      const toMs = fromMs + 1 + within(0, TANGLED_SPAN_MS);
      const timelines = readTimelines(reader, agents, { fromMs, toMs });
      const instants = [
        fromMs,
        toMs - 1,
        ...Array.from({ length: 12 }, () => within(fromMs, toMs)),
        ...known.events.flatMap(({ startMs }) => [startMs - 1, startMs]).filter(() => random() < 0.1),
        ...known.sessions.flatMap(({ endMs }) => endMs ?? []),
      ].filter((atMs) => atMs >= fromMs && atMs < toMs);
      for (const agent of agents) {
        const pieces = timelines.get(agent)!;
        for (const [n, piece] of pieces.entries()) {
          expect(piece.fromMs).toBeLessThan(piece.toMs);
          expect(piece.fromMs).toBeGreaterThanOrEqual(pieces[n - 1]?.toMs ?? fromMs);
        }
        for (const atMs of instants) {
          const stood = replay(known, agent, atMs);
          const piece = pieces.find((one) => one.fromMs <= atMs && atMs < one.toMs);
          expect(piece?.event === null, `agent ${agent} at ${atMs - DAY_MS}`).toBe(
            silent(known, agent, atMs),
          );
          const { event, presence, state, reason, direction, inferred }: Partial<TimelinePiece> =
            piece && piece.event !== null ? piece : {};
          const { sinceMs: _, sinceEventMs: __, ...expected } = stood ?? {};
          expect(
            { event, presence, state, reason, direction, inferred },
            `agent ${agent} at ${atMs - DAY_MS}`,
          ).toEqual(expected);
        }
      }
    }
  },
);
