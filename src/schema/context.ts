import type { Clock } from '../clock/clock.ts';
import type { Aggregates, MirrorReader } from '../mirror/index.ts';
import type { PollerStatus } from '../poller/index.ts';

/** Who asks. `OPEN`: no auth is configured (loopback, or --insecure). */
export type Viewer =
  | { kind: 'OPEN' }
  | { kind: 'API_KEY'; name: string }
  | { kind: 'JWT'; subject: string; expiresAtMs: number };

/** Rings after each commit. A lost ring only delays: waiters look at the head again by themselves. */
export type Doorbell = {
  /** Called by whoever hears of a commit (the writer's worker message). */
  ring(): void;
  /** Resolves at the next ring, after `maxWaitMs`, or when `signal` aborts; never rejects. */
  wait(maxWaitMs: number, signal?: AbortSignal): Promise<void>;
};

/** Everything that a request may see: one tenant's mirror. Bound before any resolver runs. */
export type Tenant = {
  tenantId: string;
  /** Synchronous, read-only, bounded reads. */
  mirror: MirrorReader;
  /** What would take the main thread too long. */
  aggregates: Aggregates;
  doorbell: Doorbell;
  /** The poller's newest account of itself, when fresher than the one in the mirror (a writer that cannot write). */
  liveStatus(): PollerStatus | null;
  /** Aborted when the server drains: streams end with SERVER_DRAINING and their cursor. */
  draining: AbortSignal;
};

/** GraphQL context, made anew for each operation, and for each batch of a stream. */
export type GatewayContext = {
  tenant: Tenant;
  viewer: Viewer;
  clock: Clock;
  /** Aborted when nobody takes the operation's results any more: a stream's source need not wait for its next event. */
  signal?: AbortSignal;
};
