import type { Database } from 'better-sqlite3';
import { applyCoverage, type CoverageSlice, freshThrough } from '../../poller/index.ts';
import { coverageLevelCodes, gapCauseCodes } from '../codes.ts';

type CoverageRow = {
  fromMs: number;
  toMs: number;
  level: number;
  cause: number | null;
  readAtMs: number | null;
  reads: number;
  stage: number;
};

const nameOf = <Name extends string>(codes: Record<Name, number>, code: number): Name => {
  // Object.entries widens Name to string; the codes of this file's own rows are among them.
  const found = (Object.entries(codes) as [Name, number][]).find(([, known]) => known === code);
  if (!found) throw new Error(`coverage holds the unknown code ${code}`);
  return found[0];
};

const sameRow = (a: CoverageSlice, b: CoverageSlice): boolean =>
  a.toMs === b.toMs &&
  a.level === b.level &&
  a.cause === b.cause &&
  a.readAtMs === b.readAtMs &&
  a.reads === b.reads &&
  a.stage === b.stage;

/** The coverage, held in memory and on disk alike. */
export const createCoverageTable = (database: Database) => {
  const read = database.prepare<[], CoverageRow>(
    'select from_ms as fromMs, to_ms as toMs, level, cause, read_at_ms as readAtMs, reads, stage from coverage order by from_ms',
  );
  const remove = database.prepare<[number]>('delete from coverage where from_ms = ?');
  const put = database.prepare(
    'insert or replace into coverage (from_ms, to_ms, level, cause, read_at_ms, reads, stage) values (?, ?, ?, ?, ?, ?, ?)',
  );
  const load = (): CoverageSlice[] =>
    read.all().map((row) => ({
      ...row,
      level: nameOf(coverageLevelCodes, row.level),
      cause: row.cause === null ? null : nameOf(gapCauseCodes, row.cause),
    }));
  let slices = load();

  const replaceWith = (after: CoverageSlice[]) => {
    const kept = new Map(after.map((slice) => [slice.fromMs, slice]));
    for (const slice of slices) if (!kept.has(slice.fromMs)) remove.run(slice.fromMs);
    const before = new Map(slices.map((slice) => [slice.fromMs, slice]));
    for (const slice of after) {
      const was = before.get(slice.fromMs);
      if (was && sameRow(was, slice)) continue;
      const cause = slice.cause === null ? null : gapCauseCodes[slice.cause];
      const level = coverageLevelCodes[slice.level];
      put.run(slice.fromMs, slice.toMs, level, cause, slice.readAtMs, slice.reads, slice.stage);
    }
    slices = after;
  };

  return {
    slices: (): CoverageSlice[] => slices,
    freshThroughMs: () => freshThrough(slices),
    apply(delta: readonly CoverageSlice[]) {
      if (delta.length > 0) replaceWith(applyCoverage(slices, delta));
    },
    /** Claims nothing before `fromMs` any more. Answers whether it did. */
    cutBefore(fromMs: number): boolean {
      const first = slices[0];
      if (!first || first.fromMs >= fromMs) return false;
      replaceWith(
        slices
          .filter((slice) => slice.toMs > fromMs)
          .map((slice) => (slice.fromMs < fromMs ? { ...slice, fromMs } : slice)),
      );
      return true;
    },
    forget() {
      slices = load();
    },
  };
};
export type CoverageTable = ReturnType<typeof createCoverageTable>;
