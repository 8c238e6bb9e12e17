/** How the poller reads. All in milliseconds but the rates. */
export type PollerSettings = {
  /** From one reading of the present to the next. */
  pollIntervalMs: number;
  /** Younger than this, a record may still be on its way: what is read so young is PROVISIONAL. */
  settleMs: number;
  /** How far back every reading of the present goes. */
  lookbackMs: number;
  /** How much of the past an empty mirror fills at its first start. */
  backfillMs: number;
  /** How far back upstream answers: three days. */
  retentionReachMs: number;
  /** The longest window to ask for. */
  maxWindowMs: number;
  /** Requests a second for re-reads and audits. The present never waits for the budget, but its requests count. */
  maxRequestsPerSecond: number;
  /** Requests a second while gaps are filled, one at a time: normally upstream's own speed is the limit. */
  maxBackfillRequestsPerSecond: number;
};

export const defaultPollerSettings: PollerSettings = {
  pollIntervalMs: 5_000,
  settleMs: 15_000,
  lookbackMs: 90_000,
  backfillMs: 3 * 86_400_000,
  retentionReachMs: 3 * 86_400_000,
  // Ten minutes is what upstream accepts, or what it accepts less than: its page does not say.
  maxWindowMs: 590_000,
  maxRequestsPerSecond: 2,
  maxBackfillRequestsPerSecond: 20,
};

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * The ages at which a slice is read again, so that what came late is found; the last one, an hour before upstream
 * forgets, seals it.
 */
export const reReadAges = ({ retentionReachMs }: Pick<PollerSettings, 'retentionReachMs'>): number[] => {
  const lastMs = Math.max(retentionReachMs - HOUR_MS, retentionReachMs / 2);
  const agesMs = [
    MINUTE_MS,
    5 * MINUTE_MS,
    15 * MINUTE_MS,
    HOUR_MS,
    3 * HOUR_MS,
    12 * HOUR_MS,
    36 * HOUR_MS,
  ].filter((ageMs) => ageMs < lastMs);
  return [...agesMs, lastMs];
};
