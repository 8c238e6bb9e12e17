import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkBaseUrl, isUuid } from '../upstream/index.ts';
import { formatDuration, parseDurationMs } from './duration.ts';
import { nearMiss } from './nearMiss.ts';
import { secret } from './secret.ts';
import type { SettingError, Settings, TenantSettings, UpstreamSettings } from './settings.ts';

export type Environment = Record<string, string | undefined>;
export type SettingsRead = { ok: true; settings: Settings } | { ok: false; errors: SettingError[] };

/** The simulator's tenant, used where nothing is configured. */
export const SIMULATED_TENANT = '3e0f9a50-7d3b-11e7-b08f-6e56a766befb';

const TENANT_NAMES = [
  'RTA_UPSTREAM_URL',
  'RTA_TENANT_ID',
  'RTA_USERNAME',
  'RTA_USERNAME_FILE',
  'RTA_PASSWORD',
  'RTA_PASSWORD_FILE',
  'RTA_DATABASE',
] as const;
const OTHER_NAMES = [
  'HOST',
  'PORT',
  'RTA_POLL_INTERVAL',
  'RTA_SETTLE',
  'RTA_LOOKBACK',
  'RTA_BACKFILL',
  'RTA_PAGE_LIMIT',
  'RTA_REQUEST_TIMEOUT',
  'RTA_RETENTION',
  'RTA_CHANGE_RETENTION',
  'RTA_API_KEYS',
  'RTA_JWKS_URL',
  'RTA_JWT_ISSUER',
  'RTA_JWT_AUDIENCE',
  'RTA_ALLOWED_ORIGINS',
  'RTA_NATS_URL',
  'LOG_LEVEL',
  'LOG_FORMAT',
] as const;

/** Everything that can be set. */
export const settingNames: readonly string[] = ['RTA_CONFIG', ...TENANT_NAMES, ...OTHER_NAMES];

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const tenantFile = z.strictObject(Object.fromEntries(TENANT_NAMES.map((name) => [name, scalar.optional()])));
const configFile = z.strictObject({
  ...Object.fromEntries([...TENANT_NAMES, ...OTHER_NAMES].map((name) => [name, scalar.optional()])),
  tenants: z.array(tenantFile).min(1).optional(),
});

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Settings from the environment, and from the JSON file that RTA_CONFIG names; the environment wins. Several tenants
 * stand in the file's `tenants`, each with its own RTA_UPSTREAM_URL, RTA_TENANT_ID and credentials.
 * All mistakes are told at once.
 */
export const readSettings = (environment: Environment, options: { terminal: boolean }): SettingsRead => {
  const errors: SettingError[] = [];
  const refuse = (setting: string, problem: string) => {
    errors.push({ setting, problem });
  };

  // A misspelt setting would otherwise be its default, silently. Other programs' names are none of our business.
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('RTA_') || settingNames.includes(name)) continue;
    const meant = nearMiss(name, settingNames);
    if (meant !== null) refuse(name, `there is no such setting; ${meant} is one`);
  }
  const file = readConfigFile(environment, refuse);
  const textOf = (name: string, from: Environment = environment): string | null => {
    const text = from[name] ?? file.values[name];
    return text === undefined || text.trim() === '' ? null : text.trim();
  };

  const duration = (name: string, defaultMs: number, bounds: { min: number; max: number }): number => {
    const text = textOf(name);
    if (text === null) return defaultMs;
    const ms = parseDurationMs(text);
    if (ms === null) refuse(name, `"${text}" is no duration; write e.g. ${formatDuration(defaultMs)}`);
    else if (ms < bounds.min || ms > bounds.max) {
      refuse(
        name,
        `${text} is out of range; from ${formatDuration(bounds.min)} to ${formatDuration(bounds.max)}`,
      );
    } else return ms;
    return defaultMs;
  };
  const integer = (name: string, fallback: number | null, bounds: { min: number; max: number }) => {
    const text = textOf(name);
    if (text === null) return fallback;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= bounds.min && value <= bounds.max) return value;
    refuse(name, `"${text}" is no whole number from ${bounds.min} to ${bounds.max}`);
    return fallback;
  };
  const choice = <T extends string>(name: string, values: readonly T[], fallback: T): T => {
    const text = textOf(name);
    if (text === null) return fallback;
    const found = values.find((value) => value === text.toLowerCase());
    if (found === undefined) refuse(name, `"${text}" is not one of ${values.join(', ')}`);
    return found ?? fallback;
  };
  const address = (name: string): string | null => {
    const text = textOf(name);
    if (text !== null && !URL.canParse(text)) refuse(name, `"${text}" is no address`);
    return text;
  };

  const settings: Settings = {
    tenants: [],
    host: textOf('HOST') ?? '127.0.0.1',
    port: integer('PORT', 4000, { min: 0, max: 65_535 }) ?? 4000,
    pollIntervalMs: duration('RTA_POLL_INTERVAL', 5_000, { min: 200, max: 300_000 }),
    settleMs: duration('RTA_SETTLE', 15_000, { min: 0, max: 300_000 }),
    lookbackMs: duration('RTA_LOOKBACK', 90_000, { min: 1_000, max: 540_000 }),
    backfillMs: duration('RTA_BACKFILL', 3 * 86_400_000, { min: 0, max: 3 * 86_400_000 }),
    pageLimit: integer('RTA_PAGE_LIMIT', null, { min: 1, max: 1_000_000 }),
    requestTimeoutMs: duration('RTA_REQUEST_TIMEOUT', 20_000, { min: 100, max: 600_000 }),
    // Upstream shows three days: what is forgotten sooner would come back in part with every reading of its time.
    retentionMs: duration('RTA_RETENTION', 90 * 86_400_000, {
      min: 3 * 86_400_000,
      max: 3_650 * 86_400_000,
    }),
    changeRetentionMs: duration('RTA_CHANGE_RETENTION', 7 * 86_400_000, {
      min: 60_000,
      max: 3_650 * 86_400_000,
    }),
    apiKeys: readApiKeys(textOf('RTA_API_KEYS'), refuse),
    jwt: null,
    allowedOrigins: readOrigins(textOf('RTA_ALLOWED_ORIGINS'), refuse),
    natsUrl: address('RTA_NATS_URL'),
    logLevel: choice('LOG_LEVEL', ['debug', 'info', 'warn', 'error', 'silent'], 'info'),
    logFormat: choice('LOG_FORMAT', ['json', 'pretty'], options.terminal ? 'pretty' : 'json'),
  };

  const jwksUrl = address('RTA_JWKS_URL');
  const [issuer, audience] = [textOf('RTA_JWT_ISSUER'), textOf('RTA_JWT_AUDIENCE')];
  if (jwksUrl !== null) settings.jwt = { jwksUrl, issuer, audience };
  else if (issuer !== null || audience !== null) {
    refuse('RTA_JWKS_URL', 'is missing, though RTA_JWT_ISSUER or RTA_JWT_AUDIENCE is set');
  }
  if (settings.natsUrl !== null)
    refuse('RTA_NATS_URL', 'is set, but this version runs on one machine only; unset it');

  const several = file.tenants.length > 1;
  const sources: Environment[] = file.tenants.length > 0 ? file.tenants : [{}];
  for (const [index, own] of sources.entries()) {
    const from = several ? own : { ...own, ...definedOnly(environment) };
    const read = (name: string) => (several ? own[name]?.trim() || null : textOf(name, from));
    const label = (name: string) => (several ? `tenants[${index}].${name}` : name);
    const tenant = readTenant({ read, label, refuse, several, folder: textOf('RTA_DATABASE') });
    if (tenant) settings.tenants.push(tenant);
  }
  const ids = settings.tenants.map((tenant) => tenant.tenantId);
  for (const id of new Set(ids.filter((one, i) => ids.indexOf(one) !== i))) {
    refuse('RTA_TENANT_ID', `tenant ${id} stands twice in RTA_CONFIG`);
  }
  for (const [index, { tenantId }] of settings.apiKeys.entries()) {
    if (tenantId === null || ids.includes(tenantId) || errors.length > 0) continue;
    refuse('RTA_API_KEYS', `entry ${index + 1} opens tenant ${tenantId}, which is not configured`);
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, settings };
};

type Refuse = (setting: string, problem: string) => void;

const definedOnly = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));

const readConfigFile = (
  environment: Environment,
  refuse: Refuse,
): { values: Environment; tenants: Environment[] } => {
  const path = environment['RTA_CONFIG'];
  const none = { values: {}, tenants: [] };
  if (path === undefined || path === '') return none;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    refuse('RTA_CONFIG', `${path} cannot be read: ${message(error)}`);
    return none;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    // Only the place: the parser's own message quotes what stands there, which may be a password.
    const place = /\(line \d+ column \d+\)|position \d+/.exec(message(error))?.[0] ?? '';
    refuse('RTA_CONFIG', `${path} is no valid JSON ${place}`.trimEnd());
    return none;
  }
  const parsed = configFile.safeParse(json);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const names = issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue.path.join('.');
      refuse(
        'RTA_CONFIG',
        `${path}: ${names}: ${issue.code === 'unrecognized_keys' ? 'no such setting' : issue.message}`,
      );
    }
    return none;
  }
  const { tenants, ...values } = parsed.data;
  return { values: values as Environment, tenants: (tenants ?? []) as Environment[] }; // the schema's values are strings
};

const readTenant = (parts: {
  read(name: string): string | null;
  label(name: string): string;
  refuse: Refuse;
  several: boolean;
  folder: string | null;
}): TenantSettings | null => {
  const { read, label, refuse, several, folder } = parts;
  const secretOf = (name: string): string | null => {
    const path = read(`${name}_FILE`);
    if (path === null) return read(name);
    if (read(name) !== null) refuse(label(name), `is set, and ${name}_FILE too; set one of them`);
    try {
      return readFileSync(path, 'utf8').trim();
    } catch (error) {
      refuse(label(`${name}_FILE`), `${path} cannot be read: ${message(error)}`);
      return null;
    }
  };
  const databaseFor = (tenantId: string): string => {
    const own = read('RTA_DATABASE');
    if (several) return own ?? join(folder ?? './data', `${tenantId}.sqlite`);
    return own ?? './data/mirror.sqlite';
  };

  const urlText = read('RTA_UPSTREAM_URL');
  if (urlText === null) {
    for (const name of [
      'RTA_TENANT_ID',
      'RTA_USERNAME',
      'RTA_PASSWORD',
      'RTA_USERNAME_FILE',
      'RTA_PASSWORD_FILE',
    ]) {
      if (read(name) !== null)
        refuse(label(name), 'is set, but RTA_UPSTREAM_URL is not: set it, or unset both for the simulator');
    }
    if (several) refuse(label('RTA_UPSTREAM_URL'), 'is missing');
    // Its history is made up anew at each start, so it keeps to a file of its own.
    const database = read('RTA_DATABASE') ?? './data/simulator.sqlite';
    return { tenantId: SIMULATED_TENANT, upstream: { kind: 'SIMULATOR' }, database };
  }

  const url = checkBaseUrl(urlText);
  if (!url.ok) refuse(label('RTA_UPSTREAM_URL'), url.problem);
  const tenantId = read('RTA_TENANT_ID');
  if (tenantId === null) refuse(label('RTA_TENANT_ID'), 'is missing; it is the UUID of your CxEngage tenant');
  else if (!isUuid(tenantId)) refuse(label('RTA_TENANT_ID'), `"${tenantId}" is no UUID`);
  const username = secretOf('RTA_USERNAME');
  if (username === null) refuse(label('RTA_USERNAME'), 'is missing; set it or RTA_USERNAME_FILE');
  else if (username.includes(':'))
    refuse(label('RTA_USERNAME'), 'contains a colon, which basic authentication cannot carry');
  const password = secretOf('RTA_PASSWORD');
  if (password === null) refuse(label('RTA_PASSWORD'), 'is missing; set it or RTA_PASSWORD_FILE');
  if (!url.ok || tenantId === null || username === null || password === null) return null;
  const upstream: UpstreamSettings = {
    kind: 'HTTP',
    baseUrl: url.url,
    insecure: url.insecure,
    username,
    password: secret(password),
  };
  return { tenantId: tenantId.toLowerCase(), upstream, database: databaseFor(tenantId.toLowerCase()) };
};

const readApiKeys = (text: string | null, refuse: Refuse): Settings['apiKeys'] => {
  const keys: Settings['apiKeys'] = [];
  for (const entry of text?.split(',') ?? []) {
    const match = /^([\w.-]+):([0-9a-f]{64})(?::([0-9a-f-]{36}))?$/i.exec(entry.trim());
    if (match)
      keys.push({
        name: match[1]!,
        sha256hex: match[2]!.toLowerCase(),
        tenantId: match[3]?.toLowerCase() ?? null,
      });
    // The entry itself is not repeated: somebody may have put the key where its hash belongs.
    else refuse('RTA_API_KEYS', `entry ${keys.length + 1} is not name:sha256hex or name:sha256hex:tenant`);
  }
  return keys;
};

const readOrigins = (text: string | null, refuse: Refuse): string[] => {
  const origins: string[] = [];
  for (const entry of text?.split(',').map((one) => one.trim()) ?? []) {
    if (URL.canParse(entry) && new URL(entry).origin === entry) origins.push(entry);
    else refuse('RTA_ALLOWED_ORIGINS', `"${entry}" is no origin; write e.g. https://wallboard.example`);
  }
  return origins;
};
