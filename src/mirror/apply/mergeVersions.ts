import type { EventContent } from './eventRow.ts';

const sameId = (a: Buffer | null, b: Buffer | null): boolean =>
  a === b || (a !== null && b !== null && a.equals(b));

/** Whether two versions say the same, however complete the records were that said it. */
export const sameContent = (a: EventContent, b: EventContent): boolean =>
  a.session === b.session &&
  a.startMs === b.startMs &&
  a.startInferred === b.startInferred &&
  a.reportedEndMs === b.reportedEndMs &&
  a.reportedDurationMs === b.reportedDurationMs &&
  a.eventType === b.eventType &&
  a.presence === b.presence &&
  a.state === b.state &&
  a.allocation === b.allocation &&
  a.direction === b.direction &&
  a.reason === b.reason &&
  a.capacity === b.capacity &&
  a.name === b.name &&
  a.extra === b.extra &&
  sameId(a.nextEventId, b.nextEventId);

/**
 * What a version means for the current one. A version counts as a whole: an attribute that the more complete version
 * leaves out is gone from the current row (and stays in the superseded revision). Filling the blanks from other versions
 * would make the row depend on the order of arrival.
 *
 * SAME: nothing. RAISED: says the same, but its transfers are more complete. REPLACES: as complete or more, and
 * different. STALE: less complete, as an out-of-date replica of upstream would answer.
 */
export const mergeVersions = (
  current: EventContent,
  seen: EventContent,
): 'SAME' | 'RAISED' | 'REPLACES' | 'STALE' => {
  if (sameContent(current, seen)) return seen.completeness > current.completeness ? 'RAISED' : 'SAME';
  return seen.completeness < current.completeness ? 'STALE' : 'REPLACES';
};
