import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import type { Clock } from './clock/clock.ts';
import type { Settings, TenantSettings } from './config/index.ts';
import type { Logger } from './observability/index.ts';
import type { PollerStatus } from './poller/index.ts';
import { createSchema } from './schema/index.ts';
import { createGatewayServer } from './server/index.ts';
import {
  accountOf,
  type RunningTenant,
  type SimulatedUpstream,
  startSimulatedUpstream,
  startTenant,
  type WriterAssignment,
} from './tenant/index.ts';

export type Gateway = {
  url: string;
  /** Set when the built-in simulator stands in for upstream. */
  simulator: SimulatedUpstream | null;
  /** Streams end with their cursor, the read in flight commits, everything closes. */
  stop(): Promise<void>;
};

export type GatewayWorld = {
  clock: Clock;
  log: Logger;
  /** After every read, with the poller's account of itself. */
  onStatus?: (tenantId: string, status: PollerStatus) => void;
};

/**
 * The whole story. Upstream answers a polled page; each tenant's poller reads it, window by window, in a thread of its
 * own and appends what it found as frames to the tenant's mirror; here the mirror is open for reading, the schema
 * answers from it, and the server carries questions, answers and streams over HTTP and WebSocket.
 */
export const startGateway = async (settings: Settings, world: GatewayWorld): Promise<Gateway> => {
  const { clock, log } = world;
  const draining = new AbortController();
  const running = new Map<string, RunningTenant>();
  let simulator: SimulatedUpstream | null = null;

  const upstreamOf = async ({ upstream, tenantId }: TenantSettings): Promise<UpstreamAccess> => {
    if (upstream.kind === 'HTTP') {
      return { baseUrl: upstream.baseUrl, username: upstream.username, password: upstream.password.reveal() };
    }
    simulator ??= await startSimulatedUpstream({ ...BUILT_IN_FLOOR, 'tenant-id': tenantId }, (error) =>
      log.error({ err: error }, 'The built-in simulator ended; restart for anything new.'),
    );
    return { baseUrl: simulator.baseUrl, username: simulator.username, password: simulator.password };
  };

  const stopTenants = async () => {
    await Promise.all([...running.values()].map((tenant) => tenant.stop()));
    await simulator?.stop();
  };

  try {
    for (const tenant of settings.tenants) {
      running.set(
        tenant.tenantId,
        await startTenant({
          assignment: assignmentOf(settings, tenant, await upstreamOf(tenant)),
          clock,
          log,
          draining: draining.signal,
          onStatus: (status) => world.onStatus?.(tenant.tenantId, status),
        }),
      );
    }
    const server = createGatewayServer({
      schema: createSchema(),
      tenants: new Map([...running].map(([tenantId, { tenant }]) => [tenantId, tenant])),
      accountOf: (tenant) => accountOf(tenant, clock),
      clock,
      log,
      newRequestId: randomUUID,
      registry: new Registry(),
      draining,
      settings: {
        host: settings.host,
        port: settings.port,
        auth: { apiKeys: settings.apiKeys, jwt: settings.jwt },
        allowedOrigins: settings.allowedOrigins,
        operationsFolder: fileURLToPath(new URL('../schema/operations', import.meta.url)),
      },
    });
    const { url } = await server.listen();
    const stop = async () => {
      await server.drain();
      await stopTenants();
    };
    return { url, simulator, stop };
  } catch (error) {
    draining.abort();
    await stopTenants();
    throw error;
  }
};

/** A floor of 150 agents around the clock, with three days behind it. */
const BUILT_IN_FLOOR = { port: '0', preset: 'medium', history: '3d' };

type UpstreamAccess = Pick<WriterAssignment, 'baseUrl' | 'username' | 'password'>;

const assignmentOf = (
  settings: Settings,
  tenant: TenantSettings,
  access: UpstreamAccess,
): WriterAssignment => ({
  ...access,
  tenantId: tenant.tenantId,
  file: tenant.database,
  pollIntervalMs: settings.pollIntervalMs,
  settleMs: settings.settleMs,
  lookbackMs: settings.lookbackMs,
  backfillMs: settings.backfillMs,
  pageLimit: settings.pageLimit,
  requestTimeoutMs: settings.requestTimeoutMs,
  retentionMs: settings.retentionMs,
  changeRetentionMs: settings.changeRetentionMs,
});
