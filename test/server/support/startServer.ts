import { randomUUID } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../../src/clock/clock.ts';
import { systemClock } from '../../../src/clock/systemClock.ts';
import type { Tenant } from '../../../src/schema/context.ts';
import {
  createGatewayServer,
  defaultServerSettings,
  type GatewayServer,
  type Logger,
  type OperationLimits,
  type ServerSettings,
  type TenantAccount,
} from '../../../src/server/index.ts';
import { testSchema } from './testSchema.ts';

export type LogLine = { level: string; details: object; message: string };

export type TestServer = GatewayServer & {
  url: string;
  logged: LogLine[];
  registry: Registry;
  account: TenantAccount;
  /** Wakes every source that waits at the doorbell. */
  ring(): void;
};

const recordingLog = (lines: LogLine[]): Logger => {
  const at = (level: string) => (details: object, message: string) =>
    void lines.push({ level, details, message });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};

const createTestTenant = (tenantId: string, draining: AbortSignal, wakers: Set<() => void>): Tenant => ({
  tenantId,
  // The test schema never reads a mirror.
  mirror: null as unknown as Tenant['mirror'],
  aggregates: { durations: () => Promise.reject(new Error('the test schema has no aggregates')) },
  doorbell: {
    ring: () => wakers.forEach((wake) => void wake()),
    wait: (_maxWaitMs, signal) =>
      new Promise((resolve) => {
        wakers.add(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
      }),
  },
  liveStatus: () => null,
  draining,
});

export type TestOptions = {
  settings?: Partial<ServerSettings>;
  limits?: Partial<OperationLimits>;
  tenantIds?: string[];
  clock?: Clock;
  schema?: GraphQLSchema;
};

/** A real server on a free port; drained when the test ends. */
export const startServer = async (options: TestOptions = {}): Promise<TestServer> => {
  const logged: LogLine[] = [];
  const registry = new Registry();
  const draining = new AbortController();
  const wakers = new Set<() => void>();
  const tenants = new Map(
    (options.tenantIds ?? ['acme']).map((id) => [id, createTestTenant(id, draining.signal, wakers)]),
  );
  const account: TenantAccount = {
    tenantId: 'acme',
    health: 'OK',
    healthMessage: null,
    covered: true,
    freshThroughMs: null,
    completeThroughMs: null,
    lagSeconds: 3,
  };
  const server = createGatewayServer({
    schema: options.schema ?? testSchema,
    tenants,
    accountOf: (tenant) => ({ ...account, tenantId: tenant.tenantId }),
    clock: options.clock ?? systemClock,
    log: recordingLog(logged),
    newRequestId: randomUUID,
    registry,
    draining,
    settings: {
      port: 0,
      drainMs: 2_000,
      ...options.settings,
      limits: { ...defaultServerSettings.limits, ...options.limits },
    },
  });
  const { url } = await server.listen();
  onTestFinished(() => server.drain());
  return { ...server, url, logged, registry, account, ring: () => wakers.forEach((wake) => void wake()) };
};
