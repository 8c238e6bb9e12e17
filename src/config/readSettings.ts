import { readApiKeys } from './apiKeys.ts';
import { readConfigFile } from './configFile.ts';
import { type Environment, environmentSource } from './environment.ts';
import { type Given, givenBy } from './given.ts';
import { readOrigins } from './origins.ts';
import { readTenants } from './readTenants.ts';
import type { Refuse, SettingError, Settings } from './settings.ts';
import { DEFAULT_HOST, DEFAULT_PORT } from './settingTable.ts';
import { openHostProblem } from './unsafe.ts';
import { createValues } from './values.ts';

export type SettingsRead = { ok: true; settings: Settings } | { ok: false; errors: SettingError[] };

export type ReadOptions = {
  /** Whether the log goes to one: it is pretty there unless told otherwise. */
  terminal: boolean;
  /** Also refuse what must not happen by accident: serving everybody, or sending the password in the clear. */
  refuseUnsafe?: boolean;
};

/**
 * Settings from the environment, and from the JSON file that RTA_CONFIG names; the environment wins, but for what each of
 * several tenants has of its own. All mistakes are told at once, and no line that only follows from another.
 */
export const readSettings = (
  environment: Environment,
  { terminal, refuseUnsafe = false }: ReadOptions,
): SettingsRead => {
  const errors: SettingError[] = [];
  const refuse: Refuse = (setting, problem) => void errors.push({ setting, problem });
  const fromEnvironment = environmentSource(environment, refuse);
  const file = readConfigFile(givenBy([fromEnvironment]).text('RTA_CONFIG'), refuse);
  const given = givenBy([fromEnvironment, file.top]);
  const { durationMs, integer, choice, address } = createValues(given, refuse);

  const { tenants, tenantIds } = readTenants({
    environment: fromEnvironment,
    file,
    refuse,
    refuseClearText: refuseUnsafe,
  });
  const settings: Settings = {
    tenants,
    host: given.text('HOST') ?? DEFAULT_HOST,
    port: integer('PORT', DEFAULT_PORT, { min: 0, max: 65_535 }),
    pollIntervalMs: durationMs('RTA_POLL_INTERVAL'),
    settleMs: durationMs('RTA_SETTLE'),
    lookbackMs: durationMs('RTA_LOOKBACK'),
    backfillMs: durationMs('RTA_BACKFILL'),
    pageLimit: integer('RTA_PAGE_LIMIT', null, { min: 1, max: 1_000_000 }),
    requestTimeoutMs: durationMs('RTA_REQUEST_TIMEOUT'),
    retentionMs: durationMs('RTA_RETENTION'),
    changeRetentionMs: durationMs('RTA_CHANGE_RETENTION'),
    apiKeys: readApiKeys(given.text('RTA_API_KEYS'), tenantIds, refuse),
    jwt: readJwt(given, address('RTA_JWKS_URL'), refuse),
    allowedOrigins: readOrigins(given.text('RTA_ALLOWED_ORIGINS'), refuse),
    logLevel: choice('LOG_LEVEL', ['debug', 'info', 'warn', 'error', 'silent'], 'info'),
    logFormat: choice('LOG_FORMAT', ['json', 'pretty'], terminal ? 'pretty' : 'json'),
  };
  if (given.text('RTA_NATS_URL') !== null) {
    refuse('RTA_NATS_URL', 'is set, but this version runs on one machine only; unset it');
  }
  const open = given.isUnset('RTA_API_KEYS') && given.isUnset('RTA_JWKS_URL');
  const openProblem = open && refuseUnsafe ? openHostProblem(settings.host) : null;
  if (openProblem !== null) refuse('HOST', openProblem);
  return errors.length > 0 ? { ok: false, errors } : { ok: true, settings };
};

const readJwt = (given: Given, jwksUrl: string | null, refuse: Refuse): Settings['jwt'] => {
  const issuer = given.text('RTA_JWT_ISSUER');
  const audience = given.text('RTA_JWT_AUDIENCE');
  if (jwksUrl !== null) return { jwksUrl, issuer, audience };
  if ((issuer !== null || audience !== null) && given.isUnset('RTA_JWKS_URL')) {
    refuse('RTA_JWKS_URL', 'is missing, though RTA_JWT_ISSUER or RTA_JWT_AUDIENCE is set');
  }
  return null;
};
