import { randomBytes } from 'node:crypto';
import { systemClock } from '../../../src/clock/systemClock.ts';
import { openWriter } from '../../../src/mirror/index.ts';
import { type RunningGateway, startGateway, startProgram } from '../../e2e/support/program.ts';
import { until } from '../../e2e/support/until.ts';

export type Feed = { environment: Record<string, string>; stop(): Promise<unknown> };

/** The vendor's page as a process of its own, with late, rewritten, repeated and renamed records. */
export const startFeed = async (seed: number, agents: number): Promise<Feed> => {
  const flags: Record<string, string | number> = {
    port: 0,
    seed,
    agents,
    history: '10m',
    delay: '300ms',
    late: 0.05,
    'late-rewrite': 0.1,
    changed: 0.05,
    duplicate: 0.02,
    overlap: 0.1,
    rename: 1,
  };
  const program = startProgram([
    'simulate',
    ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]),
  ]);
  const settings = await until('the feed tells how to reach it', () => {
    if (program.err() !== '') throw new Error(program.err());
    return program
      .out()
      .split('\n')
      .find((line) => line.includes('RTA_UPSTREAM_URL='));
  });
  const given = settings.match(/RTA_[A-Z_]+=\S+/g) ?? [];
  return {
    // Each match has an equals sign.
    environment: Object.fromEntries(given.map((pair) => pair.split('=', 2) as [string, string])),
    stop() {
      program.child.kill('SIGTERM');
      return program.exited;
    },
  };
};

export type Lives = {
  url: string;
  kills: number;
  stops: number;
  start(): Promise<void>;
  /** Fails unless the gateway was alive until then, and ended by it. */
  kill(): Promise<void>;
  /** SIGTERM; fails unless it ends by itself, with 0. */
  stop(): Promise<void>;
  /** What any life has logged at level error or above, or said besides its log. */
  complaints(): string[];
  /** The last that any life said. */
  lastWords(): string;
};

/** Of a machine that does other things besides. */
const START_DEADLINE_MS = 180_000;
/** pino's number for `error`. */
const ERROR_LEVEL = 50;

const isComplaint = (line: string): boolean => {
  try {
    return Number(JSON.parse(line).level) >= ERROR_LEVEL;
  } catch {
    return true;
  }
};

/** One gateway after another on the same port and the same file. */
export const createLives = (port: number, environment: Record<string, string>): Lives => {
  let running: RunningGateway | null = null;
  const complaints: string[] = [];
  let lastWords = '';
  /** Looks through what was said since the last time, but for a line that is not whole yet: kill -9 cuts one. */
  let lookedAt = 0;
  const look = () => {
    const said = running?.err() ?? '';
    const until = said.lastIndexOf('\n') + 1;
    const lines = said.slice(lookedAt, until).split('\n');
    complaints.push(...lines.filter((line) => line !== '' && isComplaint(line)));
    lookedAt = until;
    lastWords = said.slice(-4_000);
  };
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (!running) throw new Error('no gateway runs');
    running.child.kill(signal);
    const exit = await running.exited;
    look();
    running = null;
    const expected = signal === 'SIGKILL' ? { code: null, signal } : { code: 0, signal: null };
    if (exit.code !== expected.code || exit.signal !== expected.signal)
      throw new Error(`${signal} ended a gateway with ${JSON.stringify(exit)}: ${lastWords}`);
  };
  const lives: Lives = {
    url: `http://127.0.0.1:${port}`,
    kills: 0,
    stops: 0,
    async start() {
      lookedAt = 0;
      running = await startGateway({ ...environment, PORT: String(port) }, START_DEADLINE_MS);
    },
    async kill() {
      await end('SIGKILL');
      lives.kills += 1;
    },
    async stop() {
      await end('SIGTERM');
      lives.stops += 1;
    },
    complaints() {
      look();
      return complaints;
    },
    lastWords() {
      look();
      return lastWords;
    },
  };
  return lives;
};

/**
 * Forgets the changes that are older than `keptMs`, between two lives of the gateway, by the mirror's own retention: the
 * shortest RTA_CHANGE_RETENTION is a minute, longer than a test should take.
 */
export const pruneChanges = (file: string, tenantId: string, keptMs: number): void => {
  const writer = openWriter({ file, tenantId, randomBytes });
  const options = {
    nowMs: systemClock.nowMs(),
    eventRetentionMs: Number.MAX_SAFE_INTEGER,
    changeRetentionMs: keptMs,
    maxRows: 5_000,
  };
  try {
    while (writer.prune(options));
  } finally {
    writer.close();
  }
};
