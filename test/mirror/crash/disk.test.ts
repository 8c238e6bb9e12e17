import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask } from '../../e2e/support/graphqlClient.ts';
import { type RunningGateway, startGateway, temporaryFolder } from '../../e2e/support/program.ts';
import { until } from '../../e2e/support/until.ts';
import { startUpstream } from '../../e2e/support/upstream.ts';
import { mayMount, maySetReadOnly, mountSmallDisk, setReadOnly } from './hardDisk.ts';

type Feed = { health: string; healthMessage: string | null; freshThrough: string | null };

const feedOf = async ({ url }: RunningGateway): Promise<Feed> =>
  (await ask<{ mirror: Feed }>(url, '{ mirror { health healthMessage freshThrough } }')).mirror;

const healthy = (gateway: RunningGateway, afterMs: number) =>
  until(
    'the feed is well and goes on',
    async () => {
      const { health, freshThrough } = await feedOf(gateway);
      return health === 'OK' && freshThrough !== null && Date.parse(freshThrough) > afterMs;
    },
    60_000,
  );

const complaining = (gateway: RunningGateway, wanted: string) =>
  until('health says what is wrong', async () => {
    const feed = await feedOf(gateway);
    return feed.health === wanted && feed.healthMessage?.includes('RTA_DATABASE') ? feed : null;
  });

const logged = ({ err }: RunningGateway): string[] =>
  err()
    .split('\n')
    .filter((line) => line.includes('RTA_DATABASE'));

/** A gateway on a mirror in this folder, once it follows the present. */
const startOn = async (folder: string) => {
  const { simulator, environment } = await startUpstream({ agents: 100, historyMs: 600_000 });
  const file = join(folder, 'mirror.sqlite');
  const gateway = await startGateway({ ...environment, RTA_BACKFILL: '10m', RTA_DATABASE: file });
  await healthy(gateway, simulator.nowMs() - 5_000);
  return { simulator, gateway, file };
};

describe.skipIf(!mayMount())('a disk that is full (needs to mount a disk)', () => {
  test('is told by health and log, and needs no restart once there is room', async () => {
    const folder = mountSmallDisk(96);
    if (folder === null) throw new Error('a disk could be mounted a moment ago');
    const { simulator, gateway } = await startOn(folder);
    const ballast = join(folder, 'ballast');
    expect(() => writeFileSync(ballast, Buffer.alloc(128 * 2 ** 20))).toThrow(/ENOSPC/);
    const { healthMessage } = await complaining(gateway, 'DISK_FULL');
    expect(healthMessage).toMatch(/cannot be written.*No space left.*waits until it can/);
    expect(logged(gateway)).toHaveLength(1);
    rmSync(ballast);
    await healthy(gateway, simulator.nowMs());
    expect(gateway.child.exitCode).toBeNull();
  }, 180_000);
});

describe.skipIf(!maySetReadOnly())('a file that became read-only (needs chattr, and to be root)', () => {
  test('is told by health and log, and needs no restart once it can be written', async () => {
    const { simulator, gateway, file } = await startOn(temporaryFolder());
    const files = [file, `${file}-wal`];
    onTestFinished(() => {
      setReadOnly(files, false);
    });
    expect(setReadOnly(files, true)).toBe(true);
    const { healthMessage } = await complaining(gateway, 'DEGRADED');
    expect(healthMessage).toMatch(/cannot be written.*made read-only.*waits until it can/);
    expect(logged(gateway)).toHaveLength(1);
    setReadOnly(files, false);
    await healthy(gateway, simulator.nowMs());
    expect(gateway.child.exitCode).toBeNull();
  }, 180_000);
});
