import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { until } from './until.ts';

const bin = fileURLToPath(new URL('../../../src/cli/bin.ts', import.meta.url));

export type Exit = { code: number | null; signal: NodeJS.Signals | null };
export type Program = {
  child: ChildProcess;
  out(): string;
  err(): string;
  exited: Promise<Exit>;
};

/** `rta-gateway` as a process of its own, with nothing of this one's environment; killed when the test ends. */
export const startProgram = (args: readonly string[], environment: Record<string, string> = {}): Program => {
  const child = spawn(process.execPath, [bin, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const exited = new Promise<Exit>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal })),
  );
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return { child, out: () => out, err: () => err, exited };
};

export type Finished = Exit & { out: string; err: string };

/** Runs a command to its end. */
export const runProgram = async (
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Finished> => {
  const program = startProgram(args, environment);
  const exit = await program.exited;
  return { ...exit, out: program.out(), err: program.err() };
};

/** A folder that goes when the test does. */
export const temporaryFolder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'gateway-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

export type RunningGateway = Program & { url: string };

/** A gateway that serves, on a free port. Fails with what it said if it ends before. */
export const startGateway = async (
  environment: Record<string, string>,
  deadlineMs?: number,
): Promise<RunningGateway> => {
  const program = startProgram(['serve'], { PORT: '0', LOG_FORMAT: 'json', ...environment });
  let ended: Exit | null = null;
  void program.exited.then((exit) => {
    ended = exit;
  });
  const url = await until(
    'the gateway tells its address',
    () => {
      if (ended) return { ended };
      const line = program
        .err()
        .split('\n')
        .find((one) => one.includes('"serving"'));
      return line === undefined ? null : String(JSON.parse(line).url);
    },
    deadlineMs,
  );
  if (typeof url !== 'string') {
    throw new Error(`the gateway ended with ${JSON.stringify(url.ended)}: ${program.err()}`);
  }
  return { ...program, url };
};
