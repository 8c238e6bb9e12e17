import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { systemClock } from '../../../src/clock/systemClock.ts';
import { openWriter } from '../../../src/mirror/index.ts';
import { type RunningGateway, startGateway, startProgram } from '../../e2e/support/program.ts';
import { until } from '../../e2e/support/until.ts';

/**
 * A free port below those that the kernel hands out by itself: hundreds of clients that knock at a dead server's port
 * would now and then get that very port as their own, talk to themselves, and keep the server from coming back.
 */
export const fixedPort = async (random: () => number): Promise<number> => {
  for (;;) {
    const port = 20_000 + Math.floor(random() * 10_000);
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
};

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
  kill(): Promise<void>;
  /** SIGTERM; fails unless it ends by itself, with 0. */
  stop(): Promise<void>;
};

/** One gateway after another on the same port and the same file. */
export const createLives = (port: number, environment: Record<string, string>): Lives => {
  let running: RunningGateway | null = null;
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (!running) throw new Error('no gateway runs');
    running.child.kill(signal);
    const exit = await running.exited;
    const err = running.err();
    running = null;
    return { exit, err };
  };
  const lives: Lives = {
    url: `http://127.0.0.1:${port}`,
    kills: 0,
    stops: 0,
    async start() {
      running = await startGateway({ ...environment, PORT: String(port) });
    },
    async kill() {
      lives.kills += 1;
      await end('SIGKILL');
    },
    async stop() {
      lives.stops += 1;
      const { exit, err } = await end('SIGTERM');
      if (exit.code !== 0) throw new Error(`SIGTERM ended with ${JSON.stringify(exit)}: ${err}`);
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
