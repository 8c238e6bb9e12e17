import type { Logger } from '../observability/index.ts';
import type { PollerStatus } from '../poller/index.ts';
import { drawBar, type ProgressBar } from './progressBar.ts';

const HOUR_MS = 3_600_000;

/**
 * Tells how far the past has been read, from the statuses of each tenant's poller: a bar where there is one (a terminal),
 * else a line of the log for every tenth. Once a tenant's past is read, later holes are told by the log alone.
 */
export const createBackfillTeller = (
  log: Logger,
  bar: ProgressBar | null,
): ((tenantId: string, status: Pick<PollerStatus, 'backfill'>) => void) => {
  const tenthsOf = new Map<string, number>();
  const finished = new Set<string>();
  return (tenantId, { backfill }) => {
    if (!backfill) return;
    const { doneMs, totalMs, complete } = backfill;
    const hours = Math.round((totalMs / HOUR_MS) * 10) / 10;
    if (bar && !finished.has(tenantId)) {
      bar.draw(drawBar('reading the past', doneMs, totalMs, `${hours}h`));
      if (!complete) return;
      bar.end();
    }
    if (complete) finished.add(tenantId);
    const tenths = complete ? 10 : Math.floor((doneMs / Math.max(1, totalMs)) * 10);
    const told = tenthsOf.get(tenantId) ?? 0;
    // Fewer than before: a hole that opened later, and is filled anew.
    if (tenths === told) return;
    tenthsOf.set(tenantId, tenths);
    if (!bar || tenths < 10) log.info({ tenantId, percent: tenths * 10, hours }, 'reading the past');
  };
};
