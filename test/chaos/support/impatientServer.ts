import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/clock/systemClock.ts';
import { createMirrorReader } from '../../../src/mirror/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { createGatewayServer } from '../../../src/server/index.ts';
import { createDoorbell } from '../../../src/tenant/doorbell.ts';
import { floorRecords } from '../../fixtures/floor.ts';
import { openMirrorFile, TENANT } from '../../mirror/support/mirrorFile.ts';

type Records = ReturnType<typeof floorRecords>;

export type ImpatientServer = {
  url: string;
  file: string;
  /** Commits the records in one frame, and rings. */
  append(records: Records): Promise<void>;
  drain(): Promise<void>;
};

/** The server as it is, over a real mirror, but for its patience. */
export const startImpatientServer = async (): Promise<ImpatientServer> => {
  const mirror = openMirrorFile();
  const reader = createMirrorReader(mirror.file);
  const doorbell = createDoorbell(systemClock);
  const draining = new AbortController();
  const tenant = {
    tenantId: TENANT,
    mirror: reader,
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
    clock: systemClock,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    newRequestId: randomUUID,
    registry: new Registry(),
    draining,
    settings: { port: 0, drainMs: 1_000, keepAliveMs: 500, slowConsumerMs: 2_000 },
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
    async append(records) {
      await mirror.append({ records });
      doorbell.ring();
    },
    drain: server.drain,
  };
};

/** Events so large that the kernel cannot take many for somebody who does not read. */
export const fatRecords = (count: number): Records => {
  const extra = { note: 'x'.repeat(4_000) };
  return floorRecords(1, count).map((one) => ({ ...one, extra }));
};
