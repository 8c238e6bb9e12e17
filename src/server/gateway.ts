import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { GraphQLSchema } from 'graphql';
import type { Registry } from 'prom-client';
import type { Clock } from '../clock/clock.ts';
import { isLoopback } from '../config/loopback.ts';
import type { Tenant } from '../schema/context.ts';
import { createAuthenticator } from './auth/authenticate.ts';
import { createEngine } from './engine.ts';
import { createApplication, type Report } from './http/application.ts';
import { createGraphqlHandler } from './http/graphqlHandler.ts';
import { createPages, readExamples } from './http/pages.ts';
import type { Logger } from './logger.ts';
import type { TenantAccount } from './operate/account.ts';
import { createServerMetrics } from './operate/metrics.ts';
import { readinessOf } from './operate/readiness.ts';
import { createPipeline } from './pipeline/index.ts';
import { createPulse } from './pulse.ts';
import { defaultServerSettings, type ServerSettings } from './settings.ts';
import { createSocketServer } from './socket/socketServer.ts';

export type GatewayParts = {
  schema: GraphQLSchema;
  /** By tenant id. Each `Tenant.draining` must be the signal of `draining` below. */
  tenants: ReadonlyMap<string, Tenant>;
  /** How a tenant stands; called on each probe and scrape, so it must be cheap. */
  accountOf(tenant: Tenant): TenantAccount;
  clock: Clock;
  log: Logger;
  /** A new one, fit for logs and headers, each time. */
  newRequestId(): string;
  registry: Registry;
  settings?: Partial<ServerSettings>;
  /** Aborted by `drain()`; its signal is what tenants carry. */
  draining: AbortController;
  /** Folder of the built pages; the repository's own by default. */
  pagesFolder?: string;
};

export type GatewayServer = {
  /** Rejects when the address is taken or refused. */
  listen(): Promise<{ url: string }>;
  /**
   * Refuses all operations, lets streams say SERVER_DRAINING, stops listening and closes everything. Resolves within
   * `drainMs` + 1 s.
   */
  drain(): Promise<void>;
};

const json = (status: number, value: unknown): Report => ({
  status,
  contentType: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
});

const ownPages = fileURLToPath(new URL('../../web/dist', import.meta.url));

export const createGatewayServer = (parts: GatewayParts): GatewayServer => {
  const { clock, log, newRequestId, registry, tenants, draining } = parts;
  const settings: ServerSettings = { ...defaultServerSettings, ...parts.settings };
  const startedMs = clock.nowMs();
  const pulse = createPulse(clock, settings.keepAliveMs, log);
  /** Pings without an answer, or beats at which a stream took nothing, that make a consumer too slow. */
  const patienceBeats = Math.ceil(settings.slowConsumerMs / settings.keepAliveMs);

  const accounts = (): TenantAccount[] => [...tenants.values()].map((tenant) => parts.accountOf(tenant));
  const metrics = createServerMetrics(registry, accounts);
  const authenticator = createAuthenticator(settings.auth, tenants, clock, log);
  const pipeline = createPipeline({
    schema: parts.schema,
    engine: createEngine(parts.schema, settings.limits.tokens),
    limits: settings.limits,
    streamsPerConnection: settings.streamsPerConnection,
    streamLimit: settings.streamLimit,
    slowConsumerMs: settings.slowConsumerMs,
    clock,
    log,
    newRequestId,
    observer: metrics.observer,
  });

  const open = settings.auth.apiKeys.length === 0 && !settings.auth.jwt;
  const origins = {
    allowedOrigins: settings.allowedOrigins,
    openOnLoopback: open && isLoopback(settings.host),
  };

  const application = createApplication({
    graphql: createGraphqlHandler({
      pipeline,
      authenticator,
      clock,
      bodyLimitBytes: settings.bodyLimitBytes,
      // One beat more: its last word comes first.
      events: { pulse, stalledBeatLimit: patienceBeats + 1 },
    }),
    pages: createPages(parts.pagesFolder ?? ownPages, {
      examples: readExamples(settings.operationsFolder),
      needsCredentials: !open,
    }),
    probes: {
      '/livez': () => json(200, { alive: true }),
      '/readyz': () => {
        const readiness = readinessOf(accounts(), draining.signal.aborted);
        return json(readiness.ready ? 200 : 503, readiness);
      },
    },
    reports: {
      '/status': () =>
        json(200, {
          readiness: readinessOf(accounts(), draining.signal.aborted),
          uptimeSeconds: Math.round((clock.nowMs() - startedMs) / 1000),
          activeStreams: pipeline.activeStreams(),
          activeSockets: sockets.count(),
          tenants: accounts(),
        }),
      '/metrics': async () => ({
        status: 200,
        contentType: registry.contentType,
        body: await registry.metrics(),
      }),
    },
    authenticator,
    origins,
    clock,
    log,
    newRequestId,
    onAnswered: metrics.httpAnswered,
  });

  const sockets = createSocketServer({
    ...settings,
    unansweredPingLimit: patienceBeats,
    pulse,
    newRequestId,
    pipeline,
    authenticator,
    clock,
    log,
    origins,
    isDraining: () => draining.signal.aborted,
    onOpened: metrics.socketOpened,
    onClosed: metrics.socketClosed,
  });

  const server = createServer(
    {
      requestTimeout: settings.requestTimeoutMs,
      headersTimeout: Math.min(10_000, settings.requestTimeoutMs),
      // Node looks at the two above only every 30 s unless told.
      connectionsCheckingInterval: Math.min(5_000, settings.requestTimeoutMs),
      keepAliveTimeout: 15_000,
      maxHeaderSize: 16_384,
    },
    application,
  );
  server.maxConnections = settings.connectionLimit;
  sockets.attach(server);

  const listen = (): Promise<{ url: string }> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(settings.port, settings.host, () => {
        server.off('error', reject);
        const address = server.address();
        const port = typeof address === 'object' && address ? address.port : settings.port;
        const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
        resolve({ url: `http://${host}:${port}` });
      });
    });

  const stop = async (): Promise<void> => {
    log.info({ activeStreams: pipeline.activeStreams(), activeSockets: sockets.count() }, 'draining');
    draining.abort();
    const deadlineMs = clock.monotonicMs() + settings.drainMs;
    // Still listening: probes hear 503 and take the node out of service, where a refused connection looks like a crash.
    while (pipeline.activeStreams() > 0 && clock.monotonicMs() < deadlineMs) await clock.sleep(50);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    sockets.closeAll();
    server.closeIdleConnections();
    const cut = new AbortController();
    await Promise.race([closed, clock.sleep(Math.max(500, deadlineMs - clock.monotonicMs()), cut.signal)]);
    cut.abort();
    sockets.terminateAll();
    server.closeAllConnections();
    await closed;
  };

  let stopped: Promise<void> | null = null;
  const drain = (): Promise<void> => {
    stopped ??= stop();
    return stopped;
  };

  return { listen, drain };
};
