import type { WindowRead } from '../upstream/index.ts';
import type { Emptiness } from './emptiness.ts';
import type { PlannedRead } from './schedule.ts';

/** Why an answer that came whole is not believed. */
export type Doubt = { outcome: 'EMPTY' | 'MALFORMED'; message: string };

const MALFORMED_AT_LEAST = 20;
const MALFORMED_SHARE = 0.05;
/** Of a short answer it has to be most. */
const MALFORMED_OF_FEW_AT_LEAST = 3;

/** An answer in which so many rows are no record is not the feed that this gateway reads. */
const malformedIn = ({ records, quarantined }: WindowRead): Doubt | null => {
  const rows = records.length + quarantined.length;
  const isMuch = quarantined.length >= MALFORMED_AT_LEAST && quarantined.length > MALFORMED_SHARE * rows;
  const isMost = quarantined.length >= MALFORMED_OF_FEW_AT_LEAST && quarantined.length > rows / 2;
  if (!isMuch && !isMost) return null;
  return {
    outcome: 'MALFORMED',
    message: `${quarantined.length} of the ${rows} rows of an answer are no records (they are in quarantine); nothing counts as settled by such answers.`,
  };
};

/** To be asked once for each answer, in order. `ageMs`: how old the window's end is. */
export const doubtOf = (
  plan: PlannedRead,
  read: WindowRead,
  ageMs: number,
  monotonicMs: number,
  emptiness: Emptiness,
): Doubt | null => {
  const isDoubted = emptiness.judge(plan, read, ageMs, monotonicMs) === 'DOUBTED';
  if (!isDoubted) return malformedIn(read);
  return {
    outcome: 'EMPTY',
    message: 'Upstream answers with no records although the floor was busy minutes ago; asking again.',
  };
};
