import type { Command, CommandEntry } from './command.ts';

const settings: [string, string][] = [
  ['RTA_UPSTREAM_URL', 'base address, e.g. https://api.cxengage.net/v1; unset: the built-in simulator'],
  ['RTA_TENANT_ID', 'UUID of the tenant'],
  [
    'RTA_USERNAME, RTA_PASSWORD',
    'the RTA consumer; RTA_USERNAME_FILE and RTA_PASSWORD_FILE read them from files',
  ],
  ['RTA_DATABASE', "the mirror's file (./data/mirror.sqlite); a folder with several tenants"],
  ['HOST, PORT', 'where to listen (127.0.0.1, 4000; port 0 takes a free one)'],
  ['RTA_POLL_INTERVAL', 'from one reading of the present to the next (5s)'],
  ['RTA_SETTLE', 'age below which records may still arrive (15s)'],
  ['RTA_LOOKBACK', 'how far back every reading of the present goes (90s)'],
  ['RTA_BACKFILL', 'how much of the past an empty mirror fills (3d)'],
  ['RTA_PAGE_LIMIT', 'rows a request (unset: all at once, which is safer)'],
  ['RTA_REQUEST_TIMEOUT', 'for a whole answer (20s)'],
  ['RTA_RETENTION', 'how long events are kept (90d)'],
  ['RTA_CHANGE_RETENTION', 'how far back a stream can resume (7d)'],
  ['RTA_API_KEYS', 'name:sha256hex[:tenant], comma-separated'],
  ['RTA_JWKS_URL, RTA_JWT_ISSUER, RTA_JWT_AUDIENCE', 'accept JSON Web Tokens'],
  ['RTA_ALLOWED_ORIGINS', 'origins that may call from a browser, comma-separated'],
  ['RTA_NATS_URL', 'reserved for clusters; refused by this version'],
  ['RTA_CONFIG', 'a JSON file with the same names; `tenants` holds several'],
  ['LOG_LEVEL, LOG_FORMAT', 'debug, info, warn, error, silent; json or pretty'],
];

const columns = (rows: [string, string][], width: number): string[] =>
  rows.map(([left, right]) =>
    left.length < width ? `  ${left.padEnd(width)}${right}` : `  ${left}\n  ${''.padEnd(width)}${right}`,
  );

export const generalHelp = (commands: readonly CommandEntry[]): string =>
  [
    "rta-gateway: GraphQL over a contact centre's real-time adherence feed",
    '',
    'Usage: rta-gateway [command] [options]',
    '',
    'Commands',
    ...columns(
      commands.map(({ name, summary }) => [name, summary]),
      12,
    ),
    '',
    '  rta-gateway <command> --help tells the options of one command.',
    '',
    'Settings (environment)',
    ...columns(settings, 30),
  ].join('\n');

export const commandHelp = ({ name, summary }: CommandEntry, { options }: Command): string => {
  const rows = Object.entries(options).map(
    ([option, { placeholder, description, default: fallback }]): [string, string] => [
      `--${option}${placeholder ? ` <${placeholder}>` : ''}`,
      fallback === undefined ? description : `${description} (${fallback})`,
    ],
  );
  return [
    `rta-gateway ${name}: ${summary}`,
    ...(rows.length > 0 ? ['', 'Options', ...columns(rows, 30)] : ['', 'No options.']),
  ].join('\n');
};
