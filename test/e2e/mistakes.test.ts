import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runProgram, startGateway, startProgram, temporaryFolder } from './support/program.ts';
import { until } from './support/until.ts';
import { startUpstream, TENANT_ID } from './support/upstream.ts';

const upstream = {
  RTA_UPSTREAM_URL: 'http://127.0.0.1:9/v1',
  RTA_TENANT_ID: TENANT_ID,
  RTA_USERNAME: 'rta',
  RTA_PASSWORD: 'hunter2',
};

/** A port that somebody else listens on until the test ends. */
const takenPort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('it listens on a port');
  return address.port;
};

describe('a mistake in the settings ends the start', () => {
  it.each([
    ['a port that is none', { PORT: '70000' }, ['PORT: ']],
    ['a duration that is none', { RTA_SETTLE: 'soon' }, ['RTA_SETTLE: ']],
    [
      'an upstream without credentials',
      { RTA_UPSTREAM_URL: 'https://a.test/v1' },
      ['RTA_TENANT_ID: ', 'RTA_USERNAME: ', 'RTA_PASSWORD: '],
    ],
    [
      'a password in the address',
      { ...upstream, RTA_UPSTREAM_URL: 'https://u:hunter2@a.test/v1' },
      ['RTA_UPSTREAM_URL: '],
    ],
    ['a config file that is not there', { RTA_CONFIG: '/no/such/file.json' }, ['RTA_CONFIG: ']],
    [
      'several at once',
      { LOG_LEVEL: 'loud', RTA_API_KEYS: 'x', RTA_PAGE_LIMIT: '0' },
      ['RTA_PAGE_LIMIT: ', 'RTA_API_KEYS: ', 'LOG_LEVEL: '],
    ],
    ['a host for everybody, and a port that is none', { HOST: '0.0.0.0', PORT: 'x' }, ['PORT: ', 'HOST: ']],
    ['a host for everybody, without auth', { HOST: '0.0.0.0' }, ['HOST: ']],
    [
      'an upstream without TLS',
      { ...upstream, RTA_UPSTREAM_URL: 'http://a.test/v1' },
      ['RTA_UPSTREAM_URL: '],
    ],
  ])('%s: exit 2, one line each, naming the setting', async (_what, environment, beginnings) => {
    const { code, out, err } = await runProgram(['serve'], {
      RTA_DATABASE: join(temporaryFolder(), 'm.sqlite'),
      ...environment,
    });
    const lines = err.trimEnd().split('\n');
    expect({ code, out, lines: lines.length }, err).toEqual({ code: 2, out: '', lines: beginnings.length });
    for (const [index, beginning] of beginnings.entries())
      expect(lines[index]).toMatch(new RegExp(`^${beginning}`));
    expect(err).not.toMatch(/hunter2|\n\s+at /);
  });
});

describe('what stands in the way of the start is named in one line, with exit 1', () => {
  it('a database file that is none', async () => {
    const file = join(temporaryFolder(), 'notes.txt');
    writeFileSync(file, 'these are my notes, and no database'.repeat(50));
    const { code, err } = await runProgram(['serve'], { RTA_DATABASE: file, PORT: '0' });
    expect(code, err).toBe(1);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).toContain('RTA_DATABASE');
    expect(err).toContain(file);
  });

  it('a port that is taken', async () => {
    const port = await takenPort();
    const { code, err } = await runProgram(['serve'], {
      RTA_DATABASE: join(temporaryFolder(), 'm.sqlite'),
      PORT: String(port),
      LOG_LEVEL: 'error',
    });
    expect(code, err).toBe(1);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).toContain(`PORT=${port}`);
  });

  it('a mirror that another gateway writes', async () => {
    const database = join(temporaryFolder(), 'm.sqlite');
    await startGateway({ RTA_DATABASE: database });
    const { code, err } = await runProgram(['serve'], {
      RTA_DATABASE: database,
      PORT: '0',
      LOG_LEVEL: 'error',
    });
    expect(code, err).toBe(1);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).toContain('RTA_DATABASE');
  });
});

describe('an upstream that cannot be read does not stop the gateway, which says so in one line', () => {
  const warnings = (err: string): string[] =>
    err
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
      .filter(({ level }) => level >= 40)
      .map(({ msg }) => msg);

  it('a wrong password: readiness 503 with AUTH_FAILED, and no password anywhere', async () => {
    const { environment } = await startUpstream();
    const gateway = await startGateway({
      ...environment,
      RTA_PASSWORD: 'hunter2',
      RTA_DATABASE: join(temporaryFolder(), 'm.sqlite'),
    });
    const readiness = await until('readiness names the refusal', async () => {
      const response = await fetch(`${gateway.url}/readyz`);
      const body = await response.json();
      return JSON.stringify(body).includes('AUTH_FAILED') ? { status: response.status, body } : null;
    });
    expect(readiness.status).toBe(503);
    await until('the log says so', () => warnings(gateway.err()).length > 0);
    expect(warnings(gateway.err())).toHaveLength(1);
    expect(warnings(gateway.err())[0]).toMatch(/RTA_USERNAME|RTA_PASSWORD|credentials/);
    expect(gateway.err() + gateway.out() + JSON.stringify(readiness)).not.toContain('hunter2');
  });

  it('nobody there', async () => {
    const gateway = await startGateway({
      ...upstream,
      RTA_UPSTREAM_URL: `http://127.0.0.1:${await takenThenFreePort()}/v1`,
      RTA_DATABASE: join(temporaryFolder(), 'm.sqlite'),
    });
    await until('the log says so', () => warnings(gateway.err()).length > 0);
    expect(warnings(gateway.err())[0]).toMatch(/127\.0\.0\.1|reach/);
    expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(503);
  });
});

/** Nobody listens here any more. */
const takenThenFreePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  if (typeof address !== 'object' || !address) throw new Error('it listened on a port');
  return address.port;
};

describe('other commands', () => {
  it('simulate prints how to point a gateway at it, and stops when asked', async () => {
    const program = startProgram(['simulate', '--port', '0', '--preset', 'tiny', '--history', '10m']);
    const url = await until(
      'it tells its address and credentials',
      () =>
        /RTA_UPSTREAM_URL=(http:\S+\/v1) RTA_TENANT_ID=\S+ RTA_USERNAME=\S+ RTA_PASSWORD=\S+/.exec(
          program.out(),
        )?.[1],
    );
    expect((await fetch(`${url}/tenants/${TENANT_ID}/wfm/rta`)).status).toBe(401);
    program.child.kill('SIGTERM');
    expect(await program.exited).toEqual({ code: 0, signal: null });
  });

  it('simulate names every wrong flag, exit 2', async () => {
    const { code, err } = await runProgram(['simulate', '--late', '7', '--preset', 'huge']);
    expect(code).toBe(2);
    expect(err).toMatch(/^--preset: /m);
    expect(err).toMatch(/^--late: /m);
  });

  it('an unknown command is one line, exit 2', async () => {
    const { code, err } = await runProgram(['sevre']);
    expect({ code, lines: err.trimEnd().split('\n').length }).toEqual({ code: 2, lines: 1 });
  });
});
