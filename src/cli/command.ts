import type { Clock } from '../clock/clock.ts';
import type { Environment } from '../config/index.ts';
import type { ExitCode } from './failure.ts';

/** What a command may touch of the world outside: handed in, so that it runs in a test as on a terminal. */
export type Shell = {
  environment: Environment;
  clock: Clock;
  /** From 0 to below 1. */
  random(): number;
  randomBytes(size: number): Buffer;
  /** Whether standard error is a terminal: progress bars and colours go there only. */
  terminal: boolean;
  print(line: string): void;
  /** Large output: resolves when there is room for more. */
  printBulk(text: string): Promise<void>;
  printError(line: string): void;
  /** Raw text on standard error: the log, and progress bars where it is a terminal. */
  writeError(text: string): void;
  /** Aborted by SIGINT and SIGTERM. */
  stop: AbortSignal;
};

export type Option = {
  kind: 'boolean' | 'text';
  /** Shown as `--name <placeholder>`. */
  placeholder?: string;
  description: string;
  default?: string;
};

/** A command as the list knows it: what it needs is loaded when it is asked for, so that `--help` is there at once. */
export type CommandEntry = { name: string; summary: string; load(): Promise<Command> };

export type Command = {
  options: Record<string, Option>;
  run(values: Record<string, string | undefined>, shell: Shell): Promise<ExitCode>;
};
