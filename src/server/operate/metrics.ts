import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from 'prom-client';
import type { OperationRequest, PipelineObserver } from '../pipeline/index.ts';
import type { TenantAccount } from './account.ts';

export type ServerMetrics = {
  observer: PipelineObserver;
  httpAnswered(route: string, status: number, seconds: number): void;
  socketOpened(): void;
  socketClosed(code: number): void;
};

/**
 * Declares the server's metrics in `registry`. Labels are schema names, codes and transports only: nothing that a
 * client can invent.
 */
export const createServerMetrics = (
  registry: Registry,
  readAccounts: () => readonly TenantAccount[],
): ServerMetrics => {
  const registers = [registry];
  if (!registry.getSingleMetric('process_cpu_user_seconds_total'))
    collectDefaultMetrics({ register: registry });

  const http = new Histogram({
    name: 'rta_http_request_duration_seconds',
    help: 'Time to answer an HTTP request, streams excluded.',
    labelNames: ['route', 'status'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers,
  });
  const operations = new Histogram({
    name: 'rta_operation_duration_seconds',
    help: 'Time to execute a query or mutation, by its first root field.',
    labelNames: ['field', 'transport', 'outcome'],
    buckets: [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
    registers,
  });
  const refused = new Counter({
    name: 'rta_operations_refused_total',
    help: 'Operations refused before execution, by error code.',
    labelNames: ['code', 'transport'],
    registers,
  });
  const cost = new Histogram({
    name: 'rta_operation_cost',
    help: 'Requested cost of operations: objects they could return at most.',
    buckets: [1, 10, 100, 1_000, 5_000, 10_000, 25_000, 100_000],
    registers,
  });
  const streams = new Gauge({
    name: 'rta_active_streams',
    help: 'Open subscriptions, by field and transport.',
    labelNames: ['field', 'transport'],
    registers,
  });
  // Counted here and told when asked: the counter's own look-up by labels costs as much as a tenth of a delivery.
  const delivered = new Map<string, Record<OperationRequest['transport'], number>>();
  new Counter({
    name: 'rta_stream_deliveries_total',
    help: 'Results handed to subscribers.',
    labelNames: ['field', 'transport'],
    registers,
    collect() {
      for (const [field, counts] of delivered) {
        for (const transport of ['http', 'sse', 'websocket'] as const) {
          if (counts[transport] > 0) this.inc({ field, transport }, counts[transport]);
          counts[transport] = 0;
        }
      }
    },
  });
  const streamsEnded = new Counter({
    name: 'rta_streams_ended_total',
    help: 'Subscriptions that ended, by error code; NONE: by the client or by themselves.',
    labelNames: ['field', 'transport', 'code'],
    registers,
  });
  const sockets = new Gauge({ name: 'rta_active_sockets', help: 'Open WebSockets.', registers });
  const socketsClosed = new Counter({
    name: 'rta_sockets_closed_total',
    help: 'WebSockets closed, by close code.',
    labelNames: ['code'],
    registers,
  });
  new Gauge({
    name: 'rta_mirror_lag_seconds',
    help: 'How far the settled data of a tenant is behind now.',
    labelNames: ['tenant'],
    registers,
    collect() {
      this.reset();
      for (const account of readAccounts()) {
        if (account.lagSeconds !== null) this.set({ tenant: account.tenantId }, account.lagSeconds);
      }
    },
  });
  new Gauge({
    name: 'rta_mirror_healthy',
    help: '1 while the feed of a tenant is OK, else 0 and the reason as a label.',
    labelNames: ['tenant', 'health'],
    registers,
    collect() {
      this.reset();
      for (const { tenantId, health } of readAccounts())
        this.set({ tenant: tenantId, health }, health === 'OK' ? 1 : 0);
    },
  });

  return {
    observer: {
      refused: (request, code) => refused.inc({ code, transport: request.transport }),
      costed: (requested) => cost.observe(requested),
      executed: ({ rootField, request }, seconds, failed) =>
        operations.observe(
          { field: rootField, transport: request.transport, outcome: failed ? 'errors' : 'ok' },
          seconds,
        ),
      streamOpened: ({ rootField, request }) =>
        streams.inc({ field: rootField, transport: request.transport }),
      delivered({ rootField, request }, count) {
        let counts = delivered.get(rootField);
        if (!counts) {
          counts = { http: 0, sse: 0, websocket: 0 };
          delivered.set(rootField, counts);
        }
        counts[request.transport] += count;
      },
      streamEnded({ rootField, request }, code) {
        streams.dec({ field: rootField, transport: request.transport });
        streamsEnded.inc({ field: rootField, transport: request.transport, code: code ?? 'NONE' });
      },
    },
    httpAnswered: (route, status, seconds) => http.observe({ route, status }, seconds),
    socketOpened: () => sockets.inc(),
    socketClosed(code) {
      sockets.dec();
      socketsClosed.inc({ code });
    },
  };
};
