import type { Condition, DurationKey } from '../../mirror/index.ts';
import { clientError } from '../errors.ts';
import { checkRange } from '../filter/range.ts';
import { bucketsAtMost, findTimeZone, type Granularity } from './grid.ts';

export type DurationsAsked = {
  fromMs: number;
  toMs: number;
  /** Now by upstream's clock: what begins later has no time in any state yet. */
  nowMs: number;
  granularity: Granularity;
  timeZone: string;
  groupBy: readonly DurationKey[];
  condition: Condition;
  /** Whether the fields asked for need every event, not only the sums of the rollup. */
  needsEvents: boolean;
};

const MAX_BUCKETS = 3_000;
const MAX_DAYS = 400;
const DAY_MS = 86_400_000;

/** The zone's canonical name. Throws BAD_USER_INPUT and RANGE_TOO_LARGE, naming the argument. */
export const checkAsked = ({
  fromMs,
  toMs,
  nowMs,
  granularity,
  timeZone,
  groupBy,
}: DurationsAsked): string => {
  if (fromMs >= nowMs) {
    throw clientError('BAD_USER_INPUT', '`from` lies in the future: nobody has been in any state yet.', {
      argument: 'from',
    });
  }
  checkRange({ from: fromMs, to: toMs }, 'to');
  const zone = findTimeZone(timeZone);
  if (zone === null) {
    throw clientError('BAD_USER_INPUT', `"${timeZone}" is no IANA time zone; write e.g. Europe/Berlin.`, {
      argument: 'timeZone',
    });
  }
  if (new Set(groupBy).size !== groupBy.length) {
    throw clientError('BAD_USER_INPUT', '`groupBy` names a key twice.', { argument: 'groupBy' });
  }
  if (toMs - fromMs > MAX_DAYS * DAY_MS) {
    throw clientError('RANGE_TOO_LARGE', `The range spans ${MAX_DAYS} days at most; ask for a shorter one.`, {
      argument: 'to',
      maxDays: MAX_DAYS,
    });
  }
  const buckets = bucketsAtMost(fromMs, toMs, granularity);
  if (buckets > MAX_BUCKETS) {
    throw clientError(
      'RANGE_TOO_LARGE',
      `The range makes up to ${buckets} buckets, and ${MAX_BUCKETS} are the most. Ask for a shorter range or a coarser \`granularity\`.`,
      { argument: 'to', maxBuckets: MAX_BUCKETS },
    );
  }
  return zone;
};
