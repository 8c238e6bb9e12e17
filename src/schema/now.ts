import { readStanding, upstreamNowMs } from '../mirror/index.ts';
import type { GatewayContext } from './context.ts';

/** Clocks of clients run ahead by this and more; farther ahead is a mistake. */
export const AHEAD_MS = 5_000;

/** Now by upstream's clock, as of this synchronous stretch. */
export const nowMsOf = ({ tenant, clock }: Pick<GatewayContext, 'tenant' | 'clock'>): number =>
  upstreamNowMs(readStanding(tenant), clock);
