import type { TenantAccount } from './account.ts';

export type Readiness = {
  ready: boolean;
  reasons: { tenantId: string | null; code: string; message: string }[];
};

/** Whether traffic should come here: not before the first coverage, not while draining, not while upstream refuses us. */
export const readinessOf = (accounts: readonly TenantAccount[], draining: boolean): Readiness => {
  const reasons: Readiness['reasons'] = [];
  if (draining) reasons.push({ tenantId: null, code: 'DRAINING', message: 'The server is stopping.' });
  for (const { tenantId, health, healthMessage, covered } of accounts) {
    if (health === 'AUTH_FAILED') {
      reasons.push({
        tenantId,
        code: 'AUTH_FAILED',
        message: healthMessage ?? 'Upstream refuses the credentials.',
      });
    }
    if (!covered) {
      reasons.push({ tenantId, code: 'NO_COVERAGE', message: 'Nothing has been read from upstream yet.' });
    }
  }
  return { ready: reasons.length === 0, reasons };
};
