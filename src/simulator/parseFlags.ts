import { noFaults, realisticFaults, type SimulatorFaults } from './faults.ts';
import {
  BOUNDS,
  DUPLICATES,
  FAULT_SETS,
  flagNameOf,
  ID_VERSIONS,
  LAST_RECORDS,
  MUTABILITY,
  PRESETS,
  shareNames,
  simulatorFlags,
  WINDOW_FILTERS,
} from './flags.ts';
import { parseInstant } from './query.ts';
import type { SimulatorOptions } from './server.ts';
import type { SimulatorVariants } from './variants.ts';

export type ParsedSimulatorFlags =
  | { kind: 'OPTIONS'; options: Omit<SimulatorOptions, 'clock'> }
  | { kind: 'ERRORS'; errors: string[] };

/** Reads flags by name (without `--`); what is missing has its default. All errors at once. */
export const parseSimulatorFlags = (given: Readonly<Record<string, string>>): ParsedSimulatorFlags => {
  const errors: string[] = [];
  const byName = new Map(simulatorFlags.map((flag) => [flag.name, flag]));
  for (const name of Object.keys(given)) {
    if (!byName.has(name)) errors.push(`--${name}: there is no such flag`);
  }
  const text = (name: string): string => given[name] ?? byName.get(name)?.default ?? '';
  const read = <T>(name: string, parse: (value: string) => T | null, expected: string, fallback: T): T => {
    const value = parse(text(name));
    if (value !== null) return value;
    errors.push(`--${name}: expected ${expected}, got "${text(name)}"`);
    return fallback;
  };
  const integer = (name: string) =>
    read(name, (value) => (/^\d{1,15}$/.test(value) ? Number(value) : null), 'a whole number', 0);
  const duration = (name: string) => read(name, parseDurationMs, 'a duration such as 15s, 10m or 3d', 0);
  const flag = (name: string) =>
    read(name, (value) => BOOLEANS.get(value) ?? null, 'true or false, or no value', false);
  const choice = <T extends string>(name: string, choices: readonly [T, ...T[]]): T =>
    read(name, (value) => choices.find((one) => one === value) ?? null, choices.join(', '), choices[0]);

  const faults: SimulatorFaults = {
    ...(choice('faults', FAULT_SETS) === 'realistic' ? realisticFaults : noFaults),
  };
  for (const key of shareNames) {
    const name = flagNameOf(key);
    if (given[name] !== undefined) faults[key] = read(name, parseShare, 'a share between 0 and 1', 0);
  }
  if (given['uuid-skew'] !== undefined) faults.uuidSkewMs = Math.abs(duration('uuid-skew'));
  faults.retryAfterSeconds = Math.ceil(duration('retry-after') / 1000);
  faults.redirectUrl = text('redirect-url');
  faults.bombBytes = integer('bomb-bytes');
  faults.outages = read('outages', parsePeriods, 'start/end pairs of UTC instants', []);

  const variants: SimulatorVariants = {
    windowFilter: choice('window-filter', WINDOW_FILTERS),
    bounds: choice('bounds', BOUNDS),
    mutability: choice('mutability', MUTABILITY),
    rewrittenReappears: flag('rewritten-reappears'),
    lastRecord: choice('last-record', LAST_RECORDS),
    chainCrossesSessions: flag('chain-crosses-sessions'),
    duplicates: choice('duplicates', DUPLICATES),
    idVersion: choice('id-version', ID_VERSIONS) === '4' ? 4 : 1,
    wholeSeconds: flag('whole-seconds'),
    delayMs: duration('delay'),
  };
  const options: Omit<SimulatorOptions, 'clock'> = {
    host: text('host'),
    port: integer('port'),
    seed: integer('seed'),
    preset: choice('preset', PRESETS),
    ...(text('agents') === '' ? {} : { agents: integer('agents') }),
    tenantId: text('tenant-id'),
    username: text('username'),
    password: text('password'),
    historyMs: duration('history'),
    clockOffsetMs: duration('clock-offset'),
    clockStepMs: duration('clock-step'),
    clockStepAfterMs: duration('clock-step-after'),
    clockDriftMsPerHour: duration('clock-drift'),
    truth: flag('truth'),
    variants,
    faults,
  };
  return errors.length > 0 ? { kind: 'ERRORS', errors } : { kind: 'OPTIONS', options };
};

const BOOLEANS = new Map([
  ['', true],
  ['true', true],
  ['false', false],
]);

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const parseDurationMs = (value: string): number | null => {
  const match = /^(-?\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value);
  return match ? Math.round(Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0)) : null;
};

const parseShare = (value: string): number | null =>
  /^\d*\.?\d+(e-\d+)?$/.test(value) && Number(value) <= 1 ? Number(value) : null;

const parsePeriods = (value: string): { fromMs: number; toMs: number }[] | null => {
  const periods: { fromMs: number; toMs: number }[] = [];
  for (const pair of value.split(',').filter((part) => part !== '')) {
    const [from, to, ...rest] = pair.split('/');
    const fromMs = parseInstant(from ?? '');
    const toMs = parseInstant(to ?? '');
    if (fromMs === null || toMs === null || rest.length > 0 || toMs <= fromMs) return null;
    periods.push({ fromMs, toMs });
  }
  return periods;
};
