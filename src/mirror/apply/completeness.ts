import type { AgentStateRecord } from '../../upstream/index.ts';

const MOST_COUNTED = 2 ** 14 - 1;

/**
 * How complete a version of a record is, as one number: has an end, then has a successor, then how many of its transfers
 * have ended, then how many it bears. These are what upstream fills in as time goes on, so that a version with less of
 * them is an older one, whenever it arrives, and never replaces one with more.
 *
 * Other attributes do not count: upstream takes a reason back as well as it gives one, and of two versions as complete
 * the one read later is upstream's last word.
 */
export const completenessOf = (
  record: Pick<AgentStateRecord, 'endMs' | 'nextEventId' | 'transfers'>,
): number => {
  const { transfers } = record;
  const ended = transfers.filter(({ endMs }) => endMs !== null).length;
  return (
    (record.endMs === null ? 0 : 2 ** 30) +
    (record.nextEventId === null ? 0 : 2 ** 29) +
    Math.min(ended, MOST_COUNTED) * 2 ** 14 +
    Math.min(transfers.length, MOST_COUNTED)
  );
};
