import type { QuarantinedRow } from '../upstream/index.ts';

/**
 * Why a row is in quarantine. Beside what the parser refuses: OTHER_AGENT, an event that is held as another agent's, and
 * FUTURE_START, one that begins in time to come. NOT_STORED is no row but the count of those that no room was left for.
 */
export type QuarantineReason = QuarantinedRow['reason'] | 'OTHER_AGENT' | 'FUTURE_START' | 'NOT_STORED';

/** A feed none of whose rows can be read sends as many as it has, for days: what is stored shows what is wrong. */
export const MOST_QUARANTINED = 10_000;
