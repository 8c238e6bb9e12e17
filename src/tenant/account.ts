import { readCoverage } from '../mirror/index.ts';
import { completeThrough, freshThrough } from '../poller/index.ts';
import type { Tenant } from '../schema/index.ts';
import type { TenantAccount } from '../server/index.ts';

/** How a tenant stands, for probes and metrics: from its mirror's coverage and the poller's newest word. */
export const accountOf = (tenant: Tenant, nowMs: number): TenantAccount => {
  const coverage = readCoverage(tenant.mirror);
  const status = tenant.liveStatus();
  const freshThroughMs = freshThrough(coverage);
  return {
    tenantId: tenant.tenantId,
    health: status?.health ?? 'STARTING',
    healthMessage: status?.healthMessage ?? null,
    covered: coverage.some((slice) => slice.level !== 'GAP'),
    freshThroughMs,
    completeThroughMs: completeThrough(coverage),
    lagSeconds: freshThroughMs === null ? null : Math.max(0, (nowMs - freshThroughMs) / 1_000),
  };
};
