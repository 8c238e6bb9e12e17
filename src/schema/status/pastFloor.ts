import {
  type MirrorReader,
  readSilentAt,
  readStatusesAt,
  type Standing,
  type StatusFacts,
} from '../../mirror/index.ts';

/** What stood at an instant, and who had logged in without a word yet (agent.id). */
export type PastFloor = { stood: readonly StatusFacts[]; silent: readonly number[] };

type Held = { coverage: Standing['coverage']; atMs: number; floor: PastFloor };

/** Pages of one instant are asked for one after another, and each would read the whole floor again. */
const held = new WeakMap<MirrorReader, Held>();

/** The whole floor at an instant of the past, read once a commit for all pages of it. */
export const pastFloorAt = (reader: MirrorReader, { coverage }: Standing, atMs: number): PastFloor => {
  const last = held.get(reader);
  // Coverage is read anew with every commit, so the same array is the same commit.
  if (last && last.coverage === coverage && last.atMs === atMs) return last.floor;
  const stood = readStatusesAt(reader, atMs);
  const silent = readSilentAt(
    reader,
    atMs,
    stood.map(({ agent }) => agent),
  );
  const floor = { stood, silent };
  held.set(reader, { coverage, atMs, floor });
  return floor;
};
