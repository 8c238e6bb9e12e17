import { formatDuration } from './duration.ts';

export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_PORT = 4000;
export const DEFAULT_DATABASE = './data/mirror.sqlite';
/** The simulator's history is made up anew at each start, so it keeps to a file of its own. */
export const DEFAULT_SIMULATOR_DATABASE = './data/simulator.sqlite';

const DAY_MS = 86_400_000;

type DurationSetting = { help: string; defaultMs: number; minMs: number; maxMs: number };

export const durationSettings = {
  RTA_POLL_INTERVAL: {
    help: 'from one reading of the present to the next',
    defaultMs: 5_000,
    minMs: 200,
    maxMs: 300_000,
  },
  RTA_SETTLE: {
    help: 'age below which records may still arrive',
    defaultMs: 15_000,
    minMs: 0,
    maxMs: 300_000,
  },
  RTA_LOOKBACK: {
    help: 'how far back every reading of the present goes',
    defaultMs: 90_000,
    minMs: 1_000,
    maxMs: 540_000,
  },
  RTA_BACKFILL: {
    help: 'how much of the past an empty mirror fills',
    defaultMs: 3 * DAY_MS,
    minMs: 0,
    maxMs: 3 * DAY_MS,
  },
  RTA_REQUEST_TIMEOUT: {
    help: 'for a whole answer',
    defaultMs: 20_000,
    minMs: 100,
    maxMs: 600_000,
  },
  // Upstream shows three days: what is forgotten sooner would come back in part with every reading of its time.
  RTA_RETENTION: {
    help: 'how long events are kept',
    defaultMs: 90 * DAY_MS,
    minMs: 3 * DAY_MS,
    maxMs: 3_650 * DAY_MS,
  },
  RTA_CHANGE_RETENTION: {
    help: 'how far back a stream can resume',
    defaultMs: 7 * DAY_MS,
    minMs: 60_000,
    maxMs: 3_650 * DAY_MS,
  },
} satisfies Record<string, DurationSetting>;

const durationHelp = (name: keyof typeof durationSettings): string => {
  const { help, defaultMs } = durationSettings[name];
  return `${help} (${formatDuration(defaultMs)})`;
};

/** What each tenant has of its own. */
const tenantHelp = {
  RTA_UPSTREAM_URL: 'base address, e.g. https://api.cxengage.net/v1 (the built-in simulator)',
  RTA_TENANT_ID: 'UUID of the tenant',
  RTA_USERNAME: 'user name of the RTA consumer',
  RTA_USERNAME_FILE: 'a file that holds it, instead',
  RTA_PASSWORD: 'password of the RTA consumer',
  RTA_PASSWORD_FILE: 'a file that holds it, instead',
  RTA_DATABASE: `the mirror's file (${DEFAULT_DATABASE}; the simulator's ${DEFAULT_SIMULATOR_DATABASE}); a folder with several tenants`,
};

const sharedHelp = {
  HOST: `where to listen (${DEFAULT_HOST})`,
  PORT: `0 takes a free one (${DEFAULT_PORT})`,
  RTA_POLL_INTERVAL: durationHelp('RTA_POLL_INTERVAL'),
  RTA_SETTLE: durationHelp('RTA_SETTLE'),
  RTA_LOOKBACK: durationHelp('RTA_LOOKBACK'),
  RTA_BACKFILL: durationHelp('RTA_BACKFILL'),
  RTA_PAGE_LIMIT: 'rows a request (all at once, which is safer)',
  RTA_REQUEST_TIMEOUT: durationHelp('RTA_REQUEST_TIMEOUT'),
  RTA_RETENTION: durationHelp('RTA_RETENTION'),
  RTA_CHANGE_RETENTION: durationHelp('RTA_CHANGE_RETENTION'),
  RTA_API_KEYS: 'name:sha256hex[:tenant], comma-separated',
  RTA_JWKS_URL: 'accept JSON Web Tokens that a key of this set signed',
  RTA_JWT_ISSUER: 'the only issuer whose tokens are accepted (any)',
  RTA_JWT_AUDIENCE: 'the audience that tokens must be for (any)',
  RTA_ALLOWED_ORIGINS: 'origins that may call from a browser, comma-separated (the own one)',
  RTA_NATS_URL: 'reserved for clusters; refused by this version',
  LOG_LEVEL: 'debug, info, warn, error or silent (info)',
  LOG_FORMAT: 'json or pretty (pretty on a terminal, else json)',
};

const configHelp = { RTA_CONFIG: 'a JSON file with the same names; `tenants` in it holds several' };

export type DurationName = keyof typeof durationSettings;
export type TenantSettingName = keyof typeof tenantHelp;
export type SettingName = TenantSettingName | keyof typeof sharedHelp | keyof typeof configHelp;

/** Every setting with what --help says of it, its default in parentheses. */
export const settingHelp: readonly [name: string, help: string][] = Object.entries({
  ...tenantHelp,
  ...sharedHelp,
  ...configHelp,
});

export const settingNames: readonly string[] = settingHelp.map(([name]) => name);
export const tenantSettingNames: readonly string[] = Object.keys(tenantHelp);
