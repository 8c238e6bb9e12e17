import type { ServerSettings } from '../../../src/server/index.ts';
import { floorRecords } from '../../fixtures/floor.ts';
import { type MirrorServer, startMirrorServer } from '../../server/support/mirrorServer.ts';

/** The server as it is, over a real mirror, but for its patience. */
export const startImpatientServer = (settings: Partial<ServerSettings> = {}): Promise<MirrorServer> =>
  startMirrorServer({ settings: { keepAliveMs: 500, slowConsumerMs: 2_000, ...settings } });

/** Events so large that the kernel cannot take many for somebody who does not read. */
export const fatRecords = (count: number): ReturnType<typeof floorRecords> => {
  const extra = { note: 'x'.repeat(4_000) };
  return floorRecords(1, count).map((one) => ({ ...one, extra }));
};
