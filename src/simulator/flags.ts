import { noFaults, type SimulatorFaults } from './faults.ts';
import { defaultVariants } from './variants.ts';

export type SimulatorFlag = {
  /** As typed after `--`. */
  name: string;
  /**
   * rate: a share in [0, 1]; duration: `500ms`, `15s`, `10m`, `8h`, `3d`, possibly negative; boolean: no value, `true` or
   * `false`; periods: `start/end` pairs of UTC instants, comma-separated.
   */
  kind: 'integer' | 'rate' | 'duration' | 'boolean' | 'choice' | 'text' | 'periods';
  choices?: readonly string[];
  default: string;
  description: string;
};

type RateName = {
  [Name in keyof SimulatorFaults]: SimulatorFaults[Name] extends number ? Name : never;
}[keyof SimulatorFaults];
type ShareName = Exclude<RateName, 'uuidSkewMs' | 'retryAfterSeconds' | 'bombBytes'>;

const shares: Record<ShareName, string> = {
  late: 'share of records that arrive seconds late (mean 20 s)',
  lateMinutes: 'share of records that arrive 1 to 10 minutes late',
  lateDays: 'share of records that arrive 1 to 48 hours late',
  lateRewrite: 'share of open records that are rewritten closed late (mean 60 s)',
  dropped: 'share of records that never come although the one before names them',
  openForever: 'share of sessions whose last record never ends',
  longStay: 'share of shifts in which the agent stays in one state for nine hours',
  overlap: 'share of shifts in which a second session begins before the first has ended',
  rename: 'renames per agent and day',
  sameName: 'share of agents who bear the name of another',
  reasonRename: 'share of records that name their reason otherwise, under the same id',
  missingAttribute: 'share of records that lack one attribute',
  unknownEnum: 'share of records with a value that the page does not list',
  extraAttribute: 'share of records with attributes that the page does not list',
  contradictory: 'share of records that contradict themselves',
  chainBack: 'share of records that name one of the four before as the next: a circle of two to five',
  sameMoment: 'share of records that begin in the same millisecond as the one after, ids in either order',
  malformed: 'share of rows without eventId, agentId or start, or that are no object',
  changed: 'share of records whose content changes a minute after they closed',
  duplicate: 'share of rows that stand twice in an answer',
  http5xx: 'share of requests answered with 500, 502, 503 or 504',
  storm: 'share of minutes in which every request gets 503',
  http429: 'share of requests answered with 429',
  unauthorized: 'share of requests answered with 401 in spite of right credentials (1: all)',
  html: 'share of requests answered with a log-in page and 200',
  redirect: 'share of requests redirected to --redirect-url',
  noDate: 'share of answers without a Date header',
  cachedDate: 'share of answers dated five minutes ago, with an Age header',
  stale: 'share of answers that show what could be read two minutes ago',
  missingRows: 'share of answers without some of the rows, and a total that hides it',
  empty: 'share of answers with nothing in them',
  wrongTotal: 'share of answers whose total does not fit their rows',
  outsideRows: 'share of answers with rows from before the window',
  shiftPages: 'share of later pages that start one row off',
  foreignTenant: 'share of answers with the rows of another tenant',
  slowBody: 'share of answers sent at one byte per 200 ms',
  stall: 'share of answers that stop half-way and stay open',
  reset: 'share of requests whose connection is reset',
  truncate: 'share of answers cut in half',
  gzipTruncate: 'share of gzip answers cut in half',
  gzipNoTrailer: 'share of gzip answers without the checksum trailer',
  bomb: 'share of answers that unpack to --bomb-bytes',
};
export const shareNames = Object.keys(shares) as ShareName[]; // Holds: the record's type lists exactly these keys.

export const flagNameOf = (key: string): string =>
  key.replace(/([A-Z]|\d+)/g, (part) => `-${part.toLowerCase()}`);

export const WINDOW_FILTERS = ['start', 'end', 'overlap', 'arrival'] as const;
export const BOUNDS = ['[)', '[]', '(]', '()'] as const;
export const MUTABILITY = ['open-then-closed', 'closed-only', 'mixed'] as const;
export const LAST_RECORDS = ['closed-no-next', 'offline-record', 'never-closed'] as const;
export const DUPLICATES = ['none', 'identical', 'different'] as const;
export const PRESETS = ['tiny', 'small', 'medium', 'large', 'xl'] as const;
export const ID_VERSIONS = ['1', '4'] as const;
export const FAULT_SETS = ['none', 'realistic'] as const;

/** Every option, variant and fault that can be set from a command line. */
export const simulatorFlags: readonly SimulatorFlag[] = [
  { name: 'host', kind: 'text', default: '127.0.0.1', description: 'address to listen on' },
  { name: 'port', kind: 'integer', default: '4010', description: 'port to listen on; 0 takes any free one' },
  { name: 'seed', kind: 'integer', default: '1', description: 'the floor: one seed, one history' },
  {
    name: 'preset',
    kind: 'choice',
    choices: PRESETS,
    default: 'medium',
    description: 'size of the floor: 5, 25, 150, 1000 or 5000 agents a day',
  },
  { name: 'agents', kind: 'integer', default: '', description: 'agents per day, instead of a preset' },
  {
    name: 'tenant-id',
    kind: 'text',
    default: '3e0f9a50-7d3b-11e7-b08f-6e56a766befb',
    description: 'the tenant that exists',
  },
  { name: 'username', kind: 'text', default: 'rta', description: 'user name of the basic auth' },
  { name: 'password', kind: 'text', default: 'rta', description: 'password of the basic auth' },
  { name: 'history', kind: 'duration', default: '8h', description: 'how much of the past exists at start' },
  {
    name: 'clock-offset',
    kind: 'duration',
    default: '0s',
    description: "the server's clock is this far ahead",
  },
  {
    name: 'clock-step',
    kind: 'duration',
    default: '0s',
    description: "the server's clock is set by so much, once, after --clock-step-after",
  },
  {
    name: 'clock-step-after',
    kind: 'duration',
    default: '10m',
    description: 'how long after its start the simulator sets its clock',
  },
  {
    name: 'clock-drift',
    kind: 'duration',
    default: '0ms',
    description: "how much the server's clock gains an hour",
  },
  { name: 'truth', kind: 'boolean', default: 'false', description: 'serve the ground truth at /truth' },
  {
    name: 'window-filter',
    kind: 'choice',
    choices: WINDOW_FILTERS,
    default: defaultVariants.windowFilter,
    description: 'what start and end of a request are compared with',
  },
  {
    name: 'bounds',
    kind: 'choice',
    choices: BOUNDS,
    default: defaultVariants.bounds,
    description: 'which edges of the window belong to it',
  },
  {
    name: 'mutability',
    kind: 'choice',
    choices: MUTABILITY,
    default: defaultVariants.mutability,
    description: 'whether records appear before they have ended',
  },
  {
    name: 'rewritten-reappears',
    kind: 'boolean',
    default: 'false',
    description: 'rewritten records also show up in the window in which they were rewritten',
  },
  {
    name: 'last-record',
    kind: 'choice',
    choices: LAST_RECORDS,
    default: defaultVariants.lastRecord,
    description: "how a session's last record looks",
  },
  {
    name: 'chain-crosses-sessions',
    kind: 'boolean',
    default: 'false',
    description: "a session's last record names the first of the next session",
  },
  {
    name: 'duplicates',
    kind: 'choice',
    choices: DUPLICATES,
    default: defaultVariants.duplicates,
    description: 'what repeated rows look like',
  },
  {
    name: 'id-version',
    kind: 'choice',
    choices: ID_VERSIONS,
    default: '1',
    description: '4: ids carry no time',
  },
  {
    name: 'whole-seconds',
    kind: 'boolean',
    default: 'false',
    description: 'the server cuts the milliseconds off start and end',
  },
  {
    name: 'delay',
    kind: 'duration',
    default: '15s',
    description: 'how long after it arrived a record can be read',
  },
  {
    name: 'faults',
    kind: 'choice',
    choices: FAULT_SETS,
    default: 'none',
    description: 'the faults to start from; single ones below add to it',
  },
  ...shareNames.map(
    (key): SimulatorFlag => ({
      name: flagNameOf(key),
      kind: 'rate',
      default: '0',
      description: shares[key],
    }),
  ),
  {
    name: 'uuid-skew',
    kind: 'duration',
    default: '0ms',
    description: 'how far the clocks behind ids differ, ±',
  },
  { name: 'retry-after', kind: 'duration', default: '2s', description: 'Retry-After of a 429' },
  {
    name: 'redirect-url',
    kind: 'text',
    default: noFaults.redirectUrl,
    description: 'where --redirect points to',
  },
  {
    name: 'bomb-bytes',
    kind: 'integer',
    default: String(noFaults.bombBytes),
    description: 'unpacked size of --bomb',
  },
  {
    name: 'outages',
    kind: 'periods',
    default: '',
    description: 'UTC periods (start/end, comma-separated) in which every connection is reset',
  },
];
