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

const errorsOf = (environment: Environment, refuseUnsafe = false): string[] => {
  const read = readSettings(environment, { terminal: false, refuseUnsafe });
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

  it('take an empty variable for none: the value of the file stands', () => {
    const config = fileWith({ ...upstream, RTA_SETTLE: '30s' });
    const { settleMs, tenants } = settingsOf({ RTA_CONFIG: config, RTA_SETTLE: ' ', RTA_TENANT_ID: '' });
    expect([settleMs, tenants[0]?.tenantId]).toEqual([30_000, TENANT]);
  });

  it("take the one tenant of the file's `tenants` with the environment over it", () => {
    const config = fileWith({ RTA_DATABASE: '/one.sqlite', tenants: [upstream] });
    const [tenant] = settingsOf({ RTA_CONFIG: config, RTA_TENANT_ID: OTHER_TENANT }).tenants;
    expect([tenant?.tenantId, tenant?.database]).toEqual([OTHER_TENANT, '/one.sqlite']);
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
    const elsewhere = settingsOf({ RTA_CONFIG: config, RTA_DATABASE: '/elsewhere' }).tenants;
    expect(elsewhere[0]?.database).toBe(`/elsewhere/${TENANT}.sqlite`);
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
      'RTA_UPSTREAM_URL',
      'RTA_TENANT_ID',
      'RTA_USERNAME',
      'RTA_PASSWORD',
      'PORT',
      'RTA_SETTLE',
      'RTA_RETENTION',
      'RTA_JWKS_URL',
      'RTA_ALLOWED_ORIGINS',
      'LOG_LEVEL',
      'RTA_NATS_URL',
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
    [
      'an empty password file',
      { RTA_PASSWORD: '', RTA_PASSWORD_FILE: '/dev/null' },
      /^RTA_PASSWORD_FILE: .*empty/,
    ],
  ])('%s', (_what, changed: Environment, expected) => {
    const errors = errorsOf({ ...upstream, ...changed });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(expected);
    expect(errors.join('\n')).not.toMatch(/p4ss|hunter2|my-secret-key/);
    for (const line of errors) expect(line).not.toContain('\n');
  });

  it.each([
    ['a file that is not there', '/no/such/config.json', /cannot be read/],
    ['a file that is no JSON', fileNow('{"PORT": '), /is no valid JSON/],
    ['a file that is no object', fileNow('[]'), /is no JSON object/],
    ['a setting that does not exist', fileNow({ RTA_COLOUR: 'red' }), /RTA_COLOUR: no such setting$/],
    ['a misspelt setting', fileNow({ RTA_SETLE: '10s' }), /RTA_SETLE: no such setting; RTA_SETTLE is one$/],
    ['a value that is no text', fileNow({ RTA_SETTLE: {} }), /RTA_SETTLE: is neither text nor a number$/],
    ['a file that names another', fileNow({ RTA_CONFIG: 'other.json' }), /RTA_CONFIG: names this file/],
    ['tenants that are no list', fileNow({ ...upstream, tenants: {} }), /tenants: is no list/],
    ['no tenant in the list', fileNow({ tenants: [] }), /tenants: is no list/],
    ['a tenant that is none', fileNow({ tenants: [upstream, 'x'] }), /tenants\[1\]: is no object/],
    [
      'what is the same for all tenants, in one of them',
      fileNow({ tenants: [{ ...upstream, PORT: 1 }] }),
      /tenants\[0\]\.PORT: is the same for all/,
    ],
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

  it('in one of several tenants without an address tell its absence alone', () => {
    const { RTA_UPSTREAM_URL: _u, ...second } = { ...upstream, RTA_TENANT_ID: OTHER_TENANT };
    expect(errorsOf({ RTA_CONFIG: fileWith({ tenants: [upstream, second] }) })).toEqual([
      'tenants[1].RTA_UPSTREAM_URL: is missing',
    ]);
  });

  it('number the API keys by their place', () => {
    const good = `wall:${'a'.repeat(64)}`;
    expect(errorsOf({ RTA_API_KEYS: `x,${good},y` }).map((line) => line.split(' is ')[0])).toEqual([
      'RTA_API_KEYS: entry 1',
      'RTA_API_KEYS: entry 3',
    ]);
  });

  it('tell an API key for a tenant that is not configured beside other mistakes', () => {
    const key = `wall:${'a'.repeat(64)}:${OTHER_TENANT}`;
    expect(errorsOf({ ...upstream, RTA_API_KEYS: key, PORT: 'x' }).map((line) => line.split(':')[0])).toEqual(
      ['PORT', 'RTA_API_KEYS'],
    );
    // Which tenants there are is not known while the id of one is wrong.
    expect(errorsOf({ ...upstream, RTA_API_KEYS: key, RTA_TENANT_ID: 'x' })).toEqual([
      'RTA_TENANT_ID: "x" is no UUID',
    ]);
  });

  it.each([
    ['an unknown key beside them', { ...upstream, RTA_COLOUR: 'red' }, 1],
    [
      'a misspelt address',
      { ...upstream, RTA_UPSTREAM_URL: undefined, RTA_UPSTRAEM_URL: 'https://a.test' },
      1,
    ],
    ['an address that is no text', { ...upstream, RTA_UPSTREAM_URL: ['https://a.test'] }, 1],
    [
      'a misspelt user name, and a wrong port',
      { ...upstream, RTA_USERNAME: undefined, RTA_USERNAM: 'x', PORT: 'x' },
      2,
    ],
    ['a misspelt list of tenants', { tenant: [upstream] }, 1],
    ['a file that is no JSON', '{', 1],
  ])('in the config file have no false line after them: %s', (_what, contents, lines) => {
    const errors = errorsOf(
      { RTA_CONFIG: fileWith(contents), RTA_PASSWORD: 'hunter2', HOST: '0.0.0.0' },
      true,
    );
    const [open, ...others] = errors.toReversed();
    // With no auth in the file, and none in the environment, that one is true.
    if (contents !== '{') expect(open).toMatch(/^HOST: /);
    expect(contents === '{' ? errors : others).toHaveLength(lines);
    expect(errors.join('\n')).not.toMatch(/is missing|is set, but/);
  });

  it('a misspelt variable is not told as missing too', () => {
    const { RTA_PASSWORD: _p, ...rest } = upstream;
    expect(errorsOf({ ...rest, RTA_PASWORD: 'x' })).toEqual([
      'RTA_PASWORD: there is no such setting; RTA_PASSWORD is one',
    ]);
  });

  it('a tenant that stands twice is one', () => {
    expect(errorsOf({ RTA_CONFIG: fileWith({ tenants: [upstream, upstream] }) })).toEqual([
      `RTA_TENANT_ID: tenant ${TENANT} stands twice in RTA_CONFIG`,
    ]);
  });
});

describe('with several tenants, what each has of its own', () => {
  const tenants = [upstream, { ...upstream, RTA_TENANT_ID: OTHER_TENANT }];
  const names = [
    'RTA_UPSTREAM_URL',
    'RTA_TENANT_ID',
    'RTA_USERNAME',
    'RTA_USERNAME_FILE',
    'RTA_PASSWORD',
    'RTA_PASSWORD_FILE',
  ];

  it.each(names)('%s is refused in the environment', (name) => {
    expect(errorsOf({ RTA_CONFIG: fileWith({ tenants }), [name]: 'hunter2' })).toEqual([
      `${name}: is set in the environment, but each tenant in RTA_CONFIG has its own; unset it`,
    ]);
  });

  it.each(names)('%s is refused beside them in the file', (name) => {
    const config = fileWith({ tenants, [name]: 'hunter2' });
    expect(errorsOf({ RTA_CONFIG: config })).toEqual([
      `RTA_CONFIG: ${config}: ${name}: stands beside "tenants", but each tenant has its own; move it there`,
    ]);
  });

  it('is told once where it was meant for all of them', () => {
    const withoutPassword = tenants.map(({ RTA_PASSWORD: _p, ...rest }) => rest);
    expect(errorsOf({ RTA_CONFIG: fileWith({ tenants: withoutPassword }), RTA_PASSWORD: 'hunter2' })).toEqual(
      [expect.stringMatching(/^RTA_PASSWORD: is set in the environment/)],
    );
  });

  it('includes the file of the mirror, once all of them name one', () => {
    const [first, second] = tenants;
    const own = [
      { ...first, RTA_DATABASE: '/a' },
      { ...second, RTA_DATABASE: '/b' },
    ];
    const config = fileWith({ tenants: own, RTA_DATABASE: '/c' });
    expect(errorsOf({ RTA_CONFIG: config, RTA_DATABASE: '/d' })).toEqual([
      `RTA_CONFIG: ${config}: RTA_DATABASE: stands beside "tenants", but each tenant has its own; move it there`,
      'RTA_DATABASE: is set in the environment, but each tenant in RTA_CONFIG has its own; unset it',
    ]);
    expect(errorsOf({ RTA_CONFIG: fileWith({ tenants: [own[0], second] }), RTA_DATABASE: '/d' })).toEqual([]);
  });
});

describe('what must not happen by accident is refused beside other mistakes, where asked', () => {
  const hash = 'a'.repeat(64);

  it('serving everybody', () => {
    expect(errorsOf({ HOST: '0.0.0.0', PORT: 'x' }, true).map((line) => line.split(':')[0])).toEqual([
      'PORT',
      'HOST',
    ]);
    expect(errorsOf({ HOST: '127.evil.example' }, true)).toEqual([
      expect.stringMatching(/^HOST: 127\.evil\.example would serve everybody/),
    ]);
    for (const host of ['127.0.0.2', 'localhost', '::1']) expect(errorsOf({ HOST: host }, true)).toEqual([]);
    expect(errorsOf({ HOST: '0.0.0.0' })).toEqual([]);
  });

  it('serving everybody is no mistake where there is auth, be it wrongly set', () => {
    const open = (more: Environment) =>
      errorsOf({ HOST: '0.0.0.0', ...more }, true).filter((line) => line.startsWith('HOST'));
    expect(open({ RTA_API_KEYS: `wall:${hash}` })).toEqual([]);
    expect(open({ RTA_API_KEYS: 'wall:key' })).toEqual([]);
    expect(open({ RTA_JWKS_URL: 'https://a.test/keys' })).toEqual([]);
    expect(open({ RTA_CONFIG: '/no/such/file.json' })).toEqual([]);
  });

  it('sending the password in the clear', () => {
    const insecure = { ...upstream, RTA_UPSTREAM_URL: 'http://a.test/v1', PORT: 'x' };
    expect(errorsOf(insecure, true)).toEqual([
      expect.stringMatching(/^RTA_UPSTREAM_URL: http:\/\/a\.test\/v1 would carry the password in the clear/),
      expect.stringMatching(/^PORT: /),
    ]);
    expect(errorsOf(insecure)).toHaveLength(1);
  });
});

/** Made when the test runs, so that it is removed when the test ends. */
function fileNow(contents: unknown): () => string {
  return () => fileWith(contents);
}
