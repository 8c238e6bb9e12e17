import type { CoverageSlice } from '../../poller/index.ts';
import { coverageLevelCodes, gapCauseCodes, namesOf } from '../codes.ts';
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

const levels = namesOf(coverageLevelCodes);
const causes = namesOf(gapCauseCodes);

/**
 * What the mirror knows of time: disjoint slices, oldest first. Some hundred rows, however long the history. Without
 * chain breaks: a record that is missing for one agent at one millisecond makes nothing unknown of the others;
 * chainBreaks.ts lays them over a range.
 */
export const readCoverage = (reader: MirrorReader): readonly CoverageSlice[] =>
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
