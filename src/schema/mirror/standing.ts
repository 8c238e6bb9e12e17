import { readCoverage, readPollerStatus } from '../../mirror/index.ts';
import { type CoverageSlice, completeThrough, freshThrough, type PollerStatus } from '../../poller/index.ts';
import type { GatewayContext, Tenant } from '../context.ts';

/** What every answer rests on: the feed's health and how far it has been read. One read of the mirror. */
export type Standing = {
  coverage: CoverageSlice[];
  status: PollerStatus | null;
  freshThroughMs: number | null;
  completeThroughMs: number | null;
};

export const readStanding = ({ mirror, liveStatus }: Pick<Tenant, 'mirror' | 'liveStatus'>): Standing => {
  const coverage = readCoverage(mirror);
  return {
    coverage,
    status: liveStatus() ?? readPollerStatus(mirror),
    freshThroughMs: freshThrough(coverage),
    completeThroughMs: completeThrough(coverage),
  };
};

const MINUTE_MS = 60_000;
/** Behind by more than this the feed is not well, whatever the poller thinks of its last request. */
const LATE_MS = 2 * MINUTE_MS;

/** The one word for a stale banner. */
export const healthOf = ({ status, freshThroughMs }: Standing, nowMs: number) => {
  const health = status?.health ?? 'STARTING';
  const late = freshThroughMs !== null && nowMs - freshThroughMs > LATE_MS;
  return health === 'OK' && late ? 'DEGRADED' : health;
};

export const lagSecondsOf = ({ freshThroughMs }: Standing, { clock }: GatewayContext): number | null =>
  freshThroughMs === null ? null : Math.max(0, (clock.nowMs() - freshThroughMs) / 1000);
