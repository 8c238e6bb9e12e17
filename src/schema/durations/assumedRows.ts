import type { DurationKey } from '../../mirror/index.ts';
import { bucketsAtMost, type Granularity } from './grid.ts';
import { MAX_ROWS } from './limits.ts';

/** Into how many groups a key is taken to divide a bucket; how many it does is known when all is added up. */
const ASSUMED_GROUPS: Readonly<Record<DurationKey, number>> = {
  AGENT: 40,
  STATE: 3,
  PRESENCE: 2,
  REASON: 4,
  REASON_LIST: 2,
  DIRECTION: 2,
  ALLOCATION: 2,
};

type Arguments = {
  from?: unknown;
  to?: unknown;
  granularity?: Granularity | null;
  groupBy?: readonly DurationKey[] | null;
};

/** What an answer is charged for before it is made: more rows than `MAX_ROWS` it never has. */
export const assumedRows = ({ from, to, granularity, groupBy }: Arguments): number => {
  // Not there or no instants: refused by name before anything is read.
  if (typeof from !== 'number' || typeof to !== 'number' || from >= to) return 1;
  const groups = (groupBy ?? []).reduce((product, key) => product * ASSUMED_GROUPS[key], 1);
  return Math.min(MAX_ROWS, bucketsAtMost(from, to, granularity ?? 'WHOLE') * groups);
};
