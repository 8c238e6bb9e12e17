import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { startGateway, temporaryFolder } from './support/program.ts';
import { until } from './support/until.ts';
import { startUpstream } from './support/upstream.ts';

type Account = { health: string; healthMessage: string | null; freshThroughMs: number | null };

const accountOf = async (url: string): Promise<Account> => {
  const status = await (await fetch(`${url}/status`)).json();
  return status.tenants[0];
};

describe('a writer thread that dies', () => {
  it('is logged, shown as STOPPED while the rest serves on, and started again until it can go on', async () => {
    const { environment } = await startUpstream();
    const file = join(temporaryFolder(), 'mirror.sqlite');
    const gateway = await startGateway({ ...environment, RTA_DATABASE: file });
    await until('the feed is well', async () => (await accountOf(gateway.url)).health === 'OK');

    // Pulled from under it: the next frame cannot be written, and why is nothing that the writer knows.
    const database = new Database(file, { timeout: 5_000 });
    database.exec('alter table frame rename to stolen');
    const stopped = await until('it shows as stopped', async () => {
      const account = await accountOf(gateway.url);
      return account.health === 'STOPPED' && account;
    });
    expect(stopped.healthMessage).toMatch(/starts again in \d+ s/);
    expect(gateway.err()).toContain('the writer thread failed');
    expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);

    database.exec('alter table stolen rename to frame');
    database.close();
    const before = stopped.freshThroughMs ?? 0;
    await until('it goes on by itself', async () => {
      const { health, freshThroughMs } = await accountOf(gateway.url);
      return health === 'OK' && (freshThroughMs ?? 0) > before;
    });
    gateway.child.kill('SIGTERM');
    expect(await gateway.exited).toEqual({ code: 0, signal: null });
  }, 60_000);
});
