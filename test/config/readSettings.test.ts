import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Environment, readSettings, type Settings, SIMULATED_TENANT } from '../../src/config/index.ts';

const TENANT = '3e0f9a50-7d3b-11e7-b08f-6e56a766befb';
const OTHER_TENANT = '9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d';
const upstream = {
  RTA_UPSTREAM_URL: 'https://api.cxengage.net/v1/',
  RTA_TENANT_ID: TENANT.toUpperCase(),
  RTA_USERNAME: 'rta',
  RTA_PASSWORD: 'hunter2',
};

const settingsOf = (environment: Environment, terminal = false): Settings => {
  const read = readSettings(environment, { terminal });
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  return read.settings;
};

const errorsOf = (environment: Environment): string[] => {
  const read = readSettings(environment, { terminal: false });
  return read.ok ? [] : read.errors.map(({ setting, problem }) => `${setting}: ${problem}`);
};

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'settings-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
};

const fileWith = (contents: unknown): string => {
  const path = join(folder(), 'config.json');
  writeFileSync(path, typeof contents === 'string' ? contents : JSON.stringify(contents));
  return path;
};

describe('settings', () => {
  it('with nothing set are the simulator, on loopback, with the documented defaults', () => {
    expect(settingsOf({})).toEqual({
      tenants: [
        {
          tenantId: SIMULATED_TENANT,
          upstream: { kind: 'SIMULATOR' },
          database: './data/simulator.sqlite',
        },
      ],
      host: '127.0.0.1',
      port: 4000,
      pollIntervalMs: 5_000,
      settleMs: 15_000,
      lookbackMs: 90_000,
      backfillMs: 259_200_000,
      pageLimit: null,
      requestTimeoutMs: 20_000,
      retentionMs: 7_776_000_000,
      changeRetentionMs: 604_800_000,
      apiKeys: [],
      jwt: null,
      allowedOrigins: [],
      natsUrl: null,
      logLevel: 'info',
      logFormat: 'json',
    });
  });

  it('log prettily on a terminal, unless told otherwise', () => {
    expect(settingsOf({}, true).logFormat).toBe('pretty');
    expect(settingsOf({ LOG_FORMAT: 'json' }, true).logFormat).toBe('json');
    expect(settingsOf({ LOG_FORMAT: 'pretty' }).logFormat).toBe('pretty');
  });

  it('take an upstream from the environment; the base address loses its slash, the tenant id its capitals', () => {
    const [tenant] = settingsOf(upstream).tenants;
    expect(tenant?.tenantId).toBe(TENANT);
    expect(tenant?.database).toBe('./data/mirror.sqlite');
    if (tenant?.upstream.kind !== 'HTTP') throw new Error('the upstream is configured');
    expect(tenant.upstream.baseUrl).toBe('https://api.cxengage.net/v1');
    expect(tenant.upstream.password.reveal()).toBe('hunter2');
  });

  it('read user and password from files, without the newline at their end', () => {
    const base = folder();
    writeFileSync(join(base, 'user'), 'from file\n');
    writeFileSync(join(base, 'password'), 'p:ss wörd\n');
    const { RTA_USERNAME: _u, RTA_PASSWORD: _p, ...rest } = upstream;
    const { tenants } = settingsOf({
      ...rest,
      RTA_USERNAME_FILE: join(base, 'user'),
      RTA_PASSWORD_FILE: join(base, 'password'),
    });
    const given = tenants[0]?.upstream;
    if (given?.kind !== 'HTTP') throw new Error('the upstream is configured');
    expect([given.username, given.password.reveal()]).toEqual(['from file', 'p:ss wörd']);
  });

  it('never show a password, however they are printed', () => {
    const settings = settingsOf(upstream);
    const [tenant] = settings.tenants;
    for (const shown of [
      JSON.stringify(settings),
      inspect(settings, { depth: 9, showHidden: true }),
      tenant?.upstream.kind === 'HTTP' ? `${tenant.upstream.password}` : '',
    ]) {
      expect(shown).toContain('[secret]');
      expect(shown).not.toContain('hunter2');
    }
  });

  it.each([
    ['RTA_SETTLE', '20s', 'settleMs', 20_000],
    ['RTA_POLL_INTERVAL', '500ms', 'pollIntervalMs', 500],
    ['RTA_LOOKBACK', '1.5m', 'lookbackMs', 90_000],
    ['RTA_BACKFILL', '8h', 'backfillMs', 28_800_000],
    ['RTA_RETENTION', '30d', 'retentionMs', 2_592_000_000],
  ] as const)('%s takes %s', (name, text, key, expected) => {
    expect(settingsOf({ [name]: text })[key]).toBe(expected);
  });

  it('take API keys with and without a tenant', () => {
    const hash = 'A'.repeat(64);
    expect(settingsOf({ RTA_API_KEYS: `wall:${hash}, bi:${hash}:${TENANT}` }).apiKeys).toEqual([
      { name: 'wall', sha256hex: hash.toLowerCase(), tenantId: null },
      { name: 'bi', sha256hex: hash.toLowerCase(), tenantId: TENANT },
    ]);
    expect(errorsOf({ RTA_API_KEYS: `wall:${hash}, bi:${hash}:${OTHER_TENANT}` })).toEqual([
      `RTA_API_KEYS: entry 2 opens tenant ${OTHER_TENANT}, which is not configured`,
    ]);
  });

  it('take one tenant from a file, the environment winning', () => {
    const config = fileWith({ ...upstream, PORT: 4100, RTA_SETTLE: '30s' });
    const settings = settingsOf({ RTA_CONFIG: config, RTA_SETTLE: '10s' });
    expect([settings.port, settings.settleMs, settings.tenants[0]?.tenantId]).toEqual([4100, 10_000, TENANT]);
  });

  it('take several tenants from a file, each with a file of its own in the folder', () => {
    const config = fileWith({
      RTA_DATABASE: '/mirrors',
      tenants: [upstream, { ...upstream, RTA_TENANT_ID: OTHER_TENANT, RTA_PASSWORD: 'other' }],
    });
    const { tenants } = settingsOf({ RTA_CONFIG: config });
    expect(tenants.map(({ database }) => database)).toEqual([
      `/mirrors/${TENANT}.sqlite`,
      `/mirrors/${OTHER_TENANT}.sqlite`,
    ]);
  });
});

describe('mistakes in settings', () => {
  it('are told all at once, each naming its setting', () => {
    expect(
      errorsOf({
        RTA_UPSTREAM_URL: 'ftp://example.test',
        RTA_TENANT_ID: '12',
        RTA_USERNAME: 'a:b',
        PORT: '99999',
        RTA_SETTLE: 'soon',
        RTA_RETENTION: '1s',
        LOG_LEVEL: 'loud',
        RTA_ALLOWED_ORIGINS: 'https://a.test/path',
        RTA_JWT_ISSUER: 'https://issuer.test',
        RTA_NATS_URL: 'nats://127.0.0.1:4222',
      }).map((line) => line.split(':')[0]),
    ).toEqual([
      'PORT',
      'RTA_SETTLE',
      'RTA_RETENTION',
      'RTA_ALLOWED_ORIGINS',
      'LOG_LEVEL',
      'RTA_JWKS_URL',
      'RTA_NATS_URL',
      'RTA_UPSTREAM_URL',
      'RTA_TENANT_ID',
      'RTA_USERNAME',
      'RTA_PASSWORD',
    ]);
  });

  it.each([
    ['an address with a password in it', { RTA_UPSTREAM_URL: 'https://u:p4ss@a.test' }, /^RTA_UPSTREAM_URL:/],
    ['an address with a query', { RTA_UPSTREAM_URL: 'https://a.test/v1?x=1' }, /^RTA_UPSTREAM_URL:/],
    ['an address that is none', { RTA_UPSTREAM_URL: 'api.cxengage.net' }, /^RTA_UPSTREAM_URL:/],
    ['no tenant', { RTA_TENANT_ID: '' }, /^RTA_TENANT_ID: is missing/],
    ['no user', { RTA_USERNAME: undefined }, /^RTA_USERNAME: is missing/],
    [
      'a password file that is not there',
      { RTA_PASSWORD: '', RTA_PASSWORD_FILE: '/no/such' },
      /^RTA_PASSWORD_FILE: \/no\/such/,
    ],
    ['a password and its file', { RTA_PASSWORD_FILE: '/dev/null' }, /^RTA_PASSWORD: .*RTA_PASSWORD_FILE too/],
    [
      'credentials without an upstream',
      { RTA_UPSTREAM_URL: '', RTA_TENANT_ID: '', RTA_USERNAME: '' },
      /^RTA_PASSWORD: is set, but RTA_UPSTREAM_URL is not/,
    ],
    ['an API key where its hash belongs', { RTA_API_KEYS: 'wall:my-secret-key' }, /^RTA_API_KEYS: entry 1 /],
  ])('%s', (_what, changed: Environment, expected) => {
    const errors = errorsOf({ ...upstream, ...changed });
    expect(errors[0]).toMatch(expected);
    expect(errors.join('\n')).not.toMatch(/p4ss|hunter2|my-secret-key/);
    for (const line of errors) expect(line).not.toContain('\n');
  });

  it.each([
    ['a file that is not there', '/no/such/config.json', /cannot be read/],
    ['a file that is no JSON', fileNow('{"PORT": '), /is no valid JSON/],
    ['a setting that does not exist', fileNow({ RTA_SETLE: '10s' }), /RTA_SETLE: no such setting/],
    ['a value that is no text', fileNow({ RTA_SETTLE: {} }), /RTA_SETTLE/],
  ])('in the config file: %s', (_what, config, expected) => {
    const path = typeof config === 'string' ? config : config();
    const errors = errorsOf({ RTA_CONFIG: path });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^RTA_CONFIG: /);
    expect(errors[0]).toMatch(expected);
  });

  it('a misspelt name is told, a name of somebody else is not', () => {
    expect(errorsOf({ RTA_SETLE: '10s', RTA_PASWORD_FILES: 'x', RTA_OTHER_PROGRAM: 'x' })).toEqual([
      'RTA_SETLE: there is no such setting; RTA_SETTLE is one',
      'RTA_PASWORD_FILES: there is no such setting; RTA_PASSWORD_FILE is one',
    ]);
  });

  it('in the config file never quote it: a password may stand there', () => {
    const errors = errorsOf({ RTA_CONFIG: fileWith('{"RTA_PASSWORD": hunter2}') });
    expect(errors).toHaveLength(1);
    expect(errors[0]).not.toContain('hunter');
  });

  it('in one of several tenants name the tenant', () => {
    const { RTA_PASSWORD: _p, ...second } = { ...upstream, RTA_TENANT_ID: OTHER_TENANT };
    expect(errorsOf({ RTA_CONFIG: fileWith({ tenants: [upstream, second] }) })).toEqual([
      'tenants[1].RTA_PASSWORD: is missing; set it or RTA_PASSWORD_FILE',
    ]);
  });

  it('a tenant that stands twice is one', () => {
    expect(errorsOf({ RTA_CONFIG: fileWith({ tenants: [upstream, upstream] }) })).toEqual([
      `RTA_TENANT_ID: tenant ${TENANT} stands twice in RTA_CONFIG`,
    ]);
  });
});

/** Made when the test runs, so that it is removed when the test ends. */
function fileNow(contents: unknown): () => string {
  return () => fileWith(contents);
}
