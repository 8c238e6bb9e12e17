import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock/systemClock.ts';
import { openWriter } from '../../src/mirror/index.ts';
import { createLogger } from '../../src/observability/index.ts';
import { startTenant, TenantRefusedError, type WriterAssignment } from '../../src/tenant/index.ts';

const TENANT_ID = '3e0f9a50-7d3b-11e7-b08f-6e56a766befb';

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'tenant-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

/** Nobody listens at the discard port: the poller runs, and reads nothing. */
const assignmentOf = (file: string): WriterAssignment => ({
  tenantId: TENANT_ID,
  file,
  baseUrl: 'http://127.0.0.1:9/v1',
  username: 'rta',
  password: 'hunter2',
  pollIntervalMs: 5_000,
  settleMs: 15_000,
  lookbackMs: 90_000,
  backfillMs: 0,
  pageLimit: null,
  requestTimeoutMs: 1_000,
  retentionMs: 90 * 86_400_000,
  changeRetentionMs: 7 * 86_400_000,
});

const start = (assignment: WriterAssignment) => {
  const messages: string[] = [];
  const log = createLogger({
    level: 'info',
    format: 'json',
    write: (line) => void messages.push(JSON.parse(line).msg),
  });
  const draining = new AbortController().signal;
  return { messages, tenant: startTenant({ assignment, clock: systemClock, log, draining }) };
};

const openAgain = (file: string) => openWriter({ file, tenantId: TENANT_ID, randomBytes });

describe('a tenant', () => {
  it('has its file to itself until it is stopped', async () => {
    const file = join(folder(), 'mirror.sqlite');
    const tenant = await start(assignmentOf(file)).tenant;
    expect(() => openAgain(file)).toThrow(/another process is writing/);
    await tenant.stop();
    openAgain(file).close();
  });

  it('whose mirror opens for writing and not for reading leaves no thread behind', async () => {
    const base = folder();
    const file = join(base, 'mirror.sqlite');
    let asked = 0;
    const assignment = {
      ...assignmentOf(file),
      // The thread is handed the first answer; then the reader is told of a file that is not there.
      get file() {
        asked += 1;
        return asked === 1 ? file : join(base, 'gone.sqlite');
      },
    };
    await expect(start(assignment).tenant).rejects.toThrow(/gone\.sqlite: does not exist/);
    expect(asked).toBe(2);
    openAgain(file).close();
  });

  it('whose file is none says so once, and is not started again', async () => {
    const file = join(folder(), 'notes.txt');
    writeFileSync(file, 'these are my notes, and no database'.repeat(50));
    const { messages, tenant } = start(assignmentOf(file));
    await expect(tenant).rejects.toThrow(TenantRefusedError);
    expect(messages).toEqual([]);
  });
});
