import { defaultPollerSettings, type PollerSettings } from '../../src/poller/index.ts';
import {
  createRandom,
  defaultVariants,
  noFaults,
  type Random,
  type SimulatorFaults,
  type SimulatorVariants,
} from '../../src/simulator/index.ts';
import type { ClockStep } from './serverClock.ts';

/** What one seed plays: a floor, what the vendor's page leaves open, what goes wrong and when. */
export type Plan = {
  seed: number;
  agents: number;
  variants: SimulatorVariants;
  faults: SimulatorFaults;
  settings: PollerSettings;
  /** Rows a request; null: a window in one answer. */
  pageLimit: number | null;
  /** Instants whose windows upstream answers with 500 until calm, whatever else goes wrong. */
  chokesAtMs: number[];
  /** Server time at which the gateway first starts, the last fault ends, and the simulation ends. */
  beginMs: number;
  calmMs: number;
  endMs: number;
  /** Local wall clock minus server clock at the start. */
  wallErrorMs: number;
  /** The wall clock jumps so many times. */
  wallJumps: number;
  /** Share of calls at the borders (upstream, log) at which the process is killed. */
  killShare: number;
  /** Milliseconds that the server's clock gains in one. */
  clockDrift: number;
  /** It is also set. */
  clockSteps: ClockStep[];
  /** How far time moves before somebody looks whether the process still lives. */
  strideMs: number;
};

/**
 * Of how much time a seed is. Most play hours with an upstream that keeps two; what only a night, a day or the vendor's
 * three days bring out (long ages, sessions over midnight, records two days late) is played by fewer agents, asked less
 * often.
 */
type Scale = {
  reachMs: number;
  chaosMs: number;
  agents: number;
  pollIntervalsMs: number[];
  backfillsMs: number[];
  maxWindowsMs: number[];
  strideMs: number;
};

/** What the poller allows for until a Date header comes. */
export const LARGEST_WALL_ERROR_MS = 120_000;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const among = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
const chance = (random: Random, share: number): boolean => random() < share;
/** Half of the seeds have a fault at all, those in all strengths. */
const upTo = (random: Random, most: number): number => (chance(random, 0.5) ? 0 : random() ** 2 * most);

const DATES_MS = [
  Date.UTC(2026, 5, 3, 8),
  Date.UTC(2026, 2, 29, 0),
  Date.UTC(2026, 9, 25, 0),
  Date.UTC(2026, 11, 31, 22),
];

const scaleNames = ['hours', 'day', 'days'] as const;
export type ScaleName = (typeof scaleNames)[number];
export const isScaleName = (name: string | undefined): name is ScaleName =>
  scaleNames.some((known) => known === name);

const scales: Record<ScaleName, Scale> = {
  hours: {
    reachMs: 2 * HOUR_MS,
    chaosMs: HOUR_MS,
    agents: 20,
    pollIntervalsMs: [25_000, 45_000, 60_000],
    backfillsMs: [0, HOUR_MS, 2 * HOUR_MS],
    maxWindowsMs: [600_000, 600_000, 240_000],
    strideMs: 10_000,
  },
  day: {
    reachMs: 13 * HOUR_MS,
    chaosMs: 12 * HOUR_MS,
    agents: 6,
    pollIntervalsMs: [120_000, 300_000, 480_000],
    backfillsMs: [0, HOUR_MS, 13 * HOUR_MS],
    maxWindowsMs: [600_000, 600_000, 240_000],
    strideMs: 60_000,
  },
  days: {
    reachMs: 72 * HOUR_MS,
    chaosMs: 24 * HOUR_MS,
    agents: 3,
    pollIntervalsMs: [300_000, 480_000],
    backfillsMs: [0, 13 * HOUR_MS, 72 * HOUR_MS],
    maxWindowsMs: [600_000, 590_000],
    strideMs: 60_000,
  },
};

const scaleNameOf = (seed: number): ScaleName => {
  if (seed % 25 === 0) return 'days';
  return seed % 25 === 12 || seed % 25 === 18 ? 'day' : 'hours';
};

export const planOf = (seed: number, scaleName: ScaleName = scaleNameOf(seed)): Plan => {
  const random = createRandom(seed * 7919 + 17);
  // What was added later draws by itself, each time anew, so that a seed stays what it was in all else.
  const newer = createRandom(seed * 104_729 + 5);
  const newest = createRandom(seed * 15_485_863 + 29);
  const variants: SimulatorVariants = {
    ...defaultVariants,
    windowFilter: among(random, ['start', 'start', 'end', 'overlap', 'arrival']),
    bounds: among(random, ['[)', '[]', '(]', '()']),
    mutability: among(random, ['open-then-closed', 'closed-only', 'mixed']),
    rewrittenReappears: chance(random, 0.5),
    lastRecord: among(random, ['closed-no-next', 'offline-record', 'never-closed']),
    chainCrossesSessions: chance(random, 0.3),
    duplicates: among(random, ['none', 'identical', 'different']),
    idVersion: among(random, [1, 1, 1, 4]),
    wholeSeconds: chance(random, 0.3),
    delayMs: among(random, [0, 5_000, 15_000]),
  };
  const scale = scales[scaleName];
  const { reachMs } = scale;
  const beginMs = among(random, DATES_MS) + Math.floor(random() * 6 * HOUR_MS);
  const outlasts = chance(random, 0.1);
  const chaosMs = outlasts ? reachMs + HOUR_MS : scale.chaosMs;
  const calmMs = beginMs + chaosMs + Math.floor(random() * 0.5 * HOUR_MS);
  return {
    seed,
    agents: Math.ceil(scale.agents * 0.3) + Math.floor(random() * scale.agents),
    variants,
    faults: {
      ...noFaults,
      late: upTo(random, 0.2),
      lateMinutes: upTo(random, 0.05),
      lateDays: upTo(newer, 0.02),
      lateRewrite: upTo(random, 0.1),
      dropped: upTo(random, 0.01),
      openForever: upTo(random, 0.1),
      longStay: upTo(newer, 0.1),
      overlap: upTo(random, 0.1),
      rename: upTo(random, 0.5),
      sameName: upTo(random, 0.5),
      reasonRename: upTo(random, 0.3),
      missingAttribute: upTo(random, 0.1),
      unknownEnum: upTo(random, 0.1),
      extraAttribute: upTo(random, 0.1),
      contradictory: upTo(random, 0.05),
      chainBack: upTo(newer, 0.02),
      malformed: upTo(random, 0.05),
      changed: upTo(random, 0.05),
      duplicate: upTo(random, 0.1),
      uuidSkewMs: among(random, [0, 0, 5, 50]),
      http5xx: upTo(random, 0.2),
      storm: upTo(random, 0.2),
      http429: upTo(random, 0.05),
      retryAfterSeconds: among(random, [1, 30, 120]),
      unauthorized: upTo(random, 0.03),
      html: upTo(random, 0.05),
      redirect: upTo(random, 0.05),
      noDate: among(random, [0, 0, 0.3, 1]),
      cachedDate: upTo(random, 0.1),
      stale: upTo(random, 0.1),
      missingRows: upTo(random, 0.1),
      empty: upTo(random, 0.1),
      wrongTotal: upTo(random, 0.1),
      outsideRows: upTo(random, 0.1),
      foreignTenant: upTo(random, 0.05),
      slowBody: upTo(random, 0.02),
      stall: upTo(random, 0.02),
      reset: upTo(random, 0.1),
      shiftPages: upTo(random, 0.2),
      truncate: upTo(random, 0.1),
      gzipTruncate: upTo(random, 0.05),
      gzipNoTrailer: upTo(newer, 0.05),
      bomb: upTo(random, 0.02),
      outages: outlasts
        ? [{ fromMs: beginMs + 10 * MINUTE_MS, toMs: calmMs - 10 * MINUTE_MS }]
        : outagesOf(random, beginMs, calmMs),
      sameMoment: upTo(newest, 0.2),
    },
    settings: {
      ...defaultPollerSettings,
      pollIntervalMs: among(random, scale.pollIntervalsMs),
      backfillMs: among(random, scale.backfillsMs),
      retentionReachMs: reachMs,
      maxWindowMs: among(random, scale.maxWindowsMs),
    },
    pageLimit: among(random, [null, null, null, 7, 40]),
    chokesAtMs: Array.from(
      { length: among(newer, [0, 0, 1, 3]) },
      () => beginMs - HOUR_MS + newer() * (calmMs - beginMs + HOUR_MS),
    ),
    beginMs,
    calmMs,
    endMs: calmMs + reachMs - 10 * MINUTE_MS,
    wallErrorMs: Math.round((random() - 0.5) * LARGEST_WALL_ERROR_MS * 2),
    wallJumps: chance(random, 0.5) ? 3 : 0,
    killShare: among(random, [0, 0.003, 0.01]),
    clockDrift: among(newer, [0, 0, -50e-6, 50e-6]),
    clockSteps: clockStepsOf(newer, calmMs - beginMs),
    strideMs: scale.strideMs,
  };
};

const STEPS_MS = [-30 * MINUTE_MS, -5 * MINUTE_MS, -MINUTE_MS, MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS];

/** None for most; else one or two, which leave the last part of the chaos for what they bring about. */
const clockStepsOf = (random: Random, chaosMs: number): ClockStep[] =>
  Array.from({ length: among(random, [0, 0, 0, 1, 2]) }, () => ({
    afterMs: Math.floor(random() * (chaosMs / 2)),
    byMs: among(random, STEPS_MS),
  }))
    .sort((a, b) => a.afterMs - b.afterMs)
    .filter(({ afterMs, byMs }) => afterMs + byMs < chaosMs * 0.8);

/** None, or some of a minute, of more than a window, of most of the time. */
const outagesOf = (random: Random, beginMs: number, calmMs: number): { fromMs: number; toMs: number }[] => {
  const count = among(random, [0, 0, 1, 3]);
  return Array.from({ length: count }, () => {
    const fromMs = beginMs + random() * (calmMs - beginMs);
    const lengthMs = among(random, [MINUTE_MS, 11 * MINUTE_MS, 50 * MINUTE_MS]);
    return { fromMs, toMs: Math.min(calmMs, fromMs + lengthMs) };
  });
};
