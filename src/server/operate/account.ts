import type { Health } from '../../poller/index.ts';

/** How one tenant's mirror stands, for probes and metrics. */
export type TenantAccount = {
  tenantId: string;
  health: Health;
  /** One sentence for people; null when all is well. */
  healthMessage: string | null;
  /** Whether anything was ever covered: before that every answer would be empty without saying so. */
  covered: boolean;
  freshThroughMs: number | null;
  completeThroughMs: number | null;
  lagSeconds: number | null;
};
