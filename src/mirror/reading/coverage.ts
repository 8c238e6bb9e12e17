import type { CoverageSlice } from '../../poller/index.ts';
import { coverageLevelCodes, gapCauseCodes } from '../codes.ts';
import type { MirrorReader } from './reader.ts';

type CoverageRow = {
  fromMs: number;
  toMs: number;
  level: number;
  cause: number | null;
  readAtMs: number | null;
  reads: number;
  stage: number;
};

const namesOf = <Name extends string>(codes: Record<Name, number>): Map<number, Name> =>
  new Map((Object.entries(codes) as [Name, number][]).map(([name, code]) => [code, name])); // entries of the record given

const levels = namesOf(coverageLevelCodes);
const causes = namesOf(gapCauseCodes);

/** What the mirror knows of time: disjoint slices, oldest first. Some hundred rows, however long the history. */
export const readCoverage = (reader: MirrorReader): CoverageSlice[] =>
  reader
    .all<CoverageRow>(
      `select from_ms as fromMs, to_ms as toMs, level, cause, read_at_ms as readAtMs, reads, stage
       from coverage order by from_ms`,
    )
    .map((row) => ({
      ...row,
      // Codes that the writer alone puts there.
      level: levels.get(row.level)!,
      cause: row.cause === null ? null : causes.get(row.cause)!,
    }));

/** Level of the slice that holds an instant; null where nothing was ever asked for. */
export const coverageLevelAt = (
  coverage: readonly CoverageSlice[],
  atMs: number,
): CoverageSlice['level'] | null =>
  coverage.find((slice) => slice.fromMs <= atMs && atMs < slice.toMs)?.level ?? null;
