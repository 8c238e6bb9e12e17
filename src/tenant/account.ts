import type { Clock } from '../clock/clock.ts';
import { healthOf, lagSecondsOf, readStanding } from '../mirror/index.ts';
import type { Tenant } from '../schema/index.ts';
import type { TenantAccount } from '../server/index.ts';

/** How a tenant stands, for probes and metrics: what `mirror` says in GraphQL. */
export const accountOf = (tenant: Tenant, clock: Clock): TenantAccount => {
  const standing = readStanding(tenant);
  return {
    tenantId: tenant.tenantId,
    health: healthOf(standing, clock),
    healthMessage: standing.status?.healthMessage ?? null,
    covered: standing.coverage.some((slice) => slice.level !== 'GAP'),
    freshThroughMs: standing.freshThroughMs,
    completeThroughMs: standing.completeThroughMs,
    lagSeconds: lagSecondsOf(standing, clock),
  };
};
