/** The gateway over an existing mirror file, in a process of its own: `gatewayProcess.ts <file> <tenant id> <settings JSON>`. */
import '../../src/cli/production.ts';
import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { systemClock } from '../../src/clock/systemClock.ts';
import { aggregatesOn, createMirrorReader } from '../../src/mirror/index.ts';
import { createLogger } from '../../src/observability/index.ts';
import { createSchema, type Tenant } from '../../src/schema/index.ts';
import { createGatewayServer } from '../../src/server/index.ts';
import { createDoorbell } from '../../src/tenant/doorbell.ts';
import type { ServerOrder, ServerReply } from './messages.ts';
import { readMemory } from './readMemory.ts';

const [file, tenantId, settings] = process.argv.slice(2);
if (!file || !tenantId || !settings) throw new Error('started by bench/fanout.ts');
const say = (reply: ServerReply) => process.send?.(reply);

const draining = new AbortController();
const doorbell = createDoorbell(systemClock);
const mirror = createMirrorReader(file);
const tenant: Tenant = {
  tenantId,
  mirror,
  aggregates: aggregatesOn(mirror),
  doorbell,
  liveStatus: () => null,
  draining: draining.signal,
};
const server = createGatewayServer({
  schema: createSchema(),
  tenants: new Map([[tenantId, tenant]]),
  accountOf: () => ({
    tenantId,
    health: 'OK',
    healthMessage: null,
    covered: true,
    freshThroughMs: null,
    completeThroughMs: null,
    lagSeconds: null,
  }),
  clock: systemClock,
  log: createLogger({ level: 'warn', format: 'json' }),
  newRequestId: randomUUID,
  registry: new Registry(),
  settings: JSON.parse(settings),
  draining,
});

process.on('message', (order: ServerOrder) => {
  if (order.kind === 'RING') doorbell.ring();
  if (order.kind === 'MEMORY') say({ kind: 'MEMORY', memory: readMemory() });
});
process.on('disconnect', () => process.exit());
const { url } = await server.listen();
say({ kind: 'LISTENING', port: Number(new URL(url).port) });
