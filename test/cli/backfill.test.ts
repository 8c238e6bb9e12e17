import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { backfill } from '../../src/cli/commands/backfill.ts';
import { systemClock } from '../../src/clock/systemClock.ts';
import { temporaryFolder } from '../e2e/support/program.ts';
import { startUpstream } from '../e2e/support/upstream.ts';
import { recordedShell } from './support/shell.ts';

it('backfill takes its chance from outside: the new mirror has the lineage that it was handed', async () => {
  const { environment } = await startUpstream({ preset: 'tiny' });
  const file = join(temporaryFolder(), 'mirror.sqlite');
  const { shell, out } = recordedShell({
    environment: { ...environment, RTA_DATABASE: file },
    clock: systemClock,
  });
  expect(await backfill.run({ from: '2m', to: '1m' }, shell), out.join('\n')).toBe(0);
  const database = new Database(file, { readonly: true });
  const lineage = database.prepare("select value from meta where key = 'lineage'").pluck().get();
  database.close();
  expect(lineage).toBe('07'.repeat(16));
});
