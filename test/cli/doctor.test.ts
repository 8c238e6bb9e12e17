import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doctor } from '../../src/cli/commands/doctor.ts';
import { temporaryFolder } from '../e2e/support/program.ts';
import { recordedShell } from './support/shell.ts';

const key = `wall:${createHash('sha256').update('key').digest('hex')}`;

/** Its exit code, and what it says of auth. */
const authOf = async (environment: Record<string, string>, values: { insecure?: string } = {}) => {
  const { shell, out } = recordedShell({
    environment: { PORT: '0', RTA_DATABASE: join(temporaryFolder(), 'mirror.sqlite'), ...environment },
  });
  const exitCode = await doctor.run(values, shell);
  return [exitCode, ...out.filter((line) => line.includes('  auth  '))];
};

describe('doctor on auth', () => {
  it('is content with none on loopback', async () => {
    expect(await authOf({})).toEqual([0, 'ok    auth       none; only this machine reaches 127.0.0.1']);
  });

  it('fails where serve would refuse to start, unless that is to be passed --insecure', async () => {
    expect(await authOf({ HOST: '0.0.0.0' })).toEqual([
      1,
      expect.stringMatching(/^FAIL +auth +HOST: 0\.0\.0\.0 would serve everybody/),
    ]);
    expect(await authOf({ HOST: '0.0.0.0' }, { insecure: 'true' })).toEqual([
      0,
      'note  auth       none: whoever reaches 0.0.0.0 is served',
    ]);
  });

  it('counts what opens the gateway', async () => {
    const settings = { HOST: '0.0.0.0', RTA_API_KEYS: key, RTA_JWKS_URL: 'https://a.test/keys' };
    expect(await authOf(settings)).toEqual([
      0,
      'ok    auth       1 API key, tokens by the keys at https://a.test/keys',
    ]);
  });
});
