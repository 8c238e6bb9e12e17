import type { Database } from 'better-sqlite3';
import { applyCoverage, type CoverageSlice, isSettled, type Span } from '../../poller/index.ts';
import { coverageLevelCodes, gapCauseCodes, namesOf } from '../codes.ts';

type CoverageRow = {
  fromMs: number;
  toMs: number;
  level: number;
  cause: number | null;
  readAtMs: number | null;
  reads: number;
  stage: number;
};

const levels = namesOf(coverageLevelCodes);
const causes = namesOf(gapCauseCodes);

const known = <Name>(names: ReadonlyMap<number, Name>, code: number): Name => {
  const name = names.get(code);
  if (name === undefined) throw new Error(`coverage holds the unknown code ${code}`);
  return name;
};

const sameRow = (a: CoverageSlice, b: CoverageSlice): boolean =>
  a.toMs === b.toMs &&
  a.level === b.level &&
  a.cause === b.cause &&
  a.readAtMs === b.readAtMs &&
  a.reads === b.reads &&
  a.stage === b.stage;

/**
 * A frame tells a chain break twice, as a task that is given up and as a millisecond of coverage. The task is kept: each
 * such millisecond would leave two more slices for ever, and whoever reads or applies coverage would walk them all. Here
 * the instant stays what the time beside it is.
 */
const withoutChainBreaks = (delta: readonly CoverageSlice[]): CoverageSlice[] =>
  delta.flatMap((slice, i) => {
    if (slice.cause !== 'CHAIN_BREAK') return slice;
    const beside = [delta[i - 1], delta[i + 1]].find(
      (other) =>
        other && other.level !== 'GAP' && (other.toMs === slice.fromMs || other.fromMs === slice.toMs),
    );
    return beside ? { ...beside, fromMs: slice.fromMs, toMs: slice.toMs } : [];
  });

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
      level: known(levels, row.level),
      cause: row.cause === null ? null : known(causes, row.cause),
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
    apply(delta: readonly CoverageSlice[]) {
      if (delta.length > 0) replaceWith(applyCoverage(slices, withoutChainBreaks(delta)));
    },
    /** Whether every instant of the span is settled. */
    isSettled({ fromMs, toMs }: Span): boolean {
      let atMs = fromMs;
      // From the youngest back to the span: what is asked for is nearly always young.
      let at = slices.findLastIndex((slice) => slice.fromMs <= fromMs);
      for (; atMs < toMs; at++) {
        const slice = slices[at];
        if (!slice || slice.fromMs > atMs || slice.toMs <= atMs || !isSettled(slice)) return false;
        atMs = slice.toMs;
      }
      return true;
    },
    /** Claims nothing before `fromMs` any more. */
    cutBefore(fromMs: number) {
      const first = slices[0];
      if (!first || first.fromMs >= fromMs) return;
      replaceWith(
        slices
          .filter((slice) => slice.toMs > fromMs)
          .map((slice) => (slice.fromMs < fromMs ? { ...slice, fromMs } : slice)),
      );
    },
    forget() {
      slices = load();
    },
  };
};
export type CoverageTable = ReturnType<typeof createCoverageTable>;
