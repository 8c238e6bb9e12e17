import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../../src/clock/clock.ts';
import { systemClock } from '../../../src/clock/systemClock.ts';
import { aggregatesOn, createMirrorReader } from '../../../src/mirror/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { createGatewayServer, type ServerSettings } from '../../../src/server/index.ts';
import { createDoorbell } from '../../../src/tenant/doorbell.ts';
import type { AgentStateRecord } from '../../../src/upstream/index.ts';
import { openMirrorFile, TENANT } from '../../mirror/support/mirrorFile.ts';

export type MirrorServer = {
  url: string;
  file: string;
  registry: Registry;
  /** Commits the records in one frame, and rings. */
  append(records: readonly AgentStateRecord[]): Promise<void>;
  drain(): Promise<void>;
};

/** The server with the real schema over a real mirror; `clock` is the server's alone, the doorbell keeps real time. */
export const startMirrorServer = async (
  options: { settings?: Partial<ServerSettings>; clock?: Clock } = {},
): Promise<MirrorServer> => {
  const mirror = openMirrorFile();
  const reader = createMirrorReader(mirror.file);
  const doorbell = createDoorbell(systemClock);
  const draining = new AbortController();
  const registry = new Registry();
  const tenant = {
    tenantId: TENANT,
    mirror: reader,
    aggregates: aggregatesOn(reader),
    doorbell,
    liveStatus: () => null,
    draining: draining.signal,
  };
  const silent = () => undefined;
  const server = createGatewayServer({
    schema: createSchema(),
    tenants: new Map([[TENANT, tenant]]),
    accountOf: () => ({
      tenantId: TENANT,
      health: 'OK',
      healthMessage: null,
      covered: true,
      freshThroughMs: null,
      completeThroughMs: null,
      lagSeconds: null,
    }),
    clock: options.clock ?? systemClock,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    newRequestId: randomUUID,
    registry,
    draining,
    settings: { port: 0, drainMs: 1_000, ...options.settings },
  });
  const { url } = await server.listen();
  onTestFinished(async () => {
    await server.drain();
    reader.close();
    mirror.dispose();
  });
  return {
    url,
    file: mirror.file,
    registry,
    async append(records) {
      await mirror.append({ records: [...records] });
      doorbell.ring();
    },
    drain: server.drain,
  };
};
