import type { Clock } from '../clock/clock.ts';
import type { Environment } from '../config/index.ts';
import type { ExitCode } from './failure.ts';

/** What a command may touch of the world outside: handed in, so that it runs in a test as on a terminal. */
export type Shell = {
  environment: Environment;
  clock: Clock;
  /** Whether standard error is a terminal: progress bars and colours go there only. */
  terminal: boolean;
  print(line: string): void;
  printError(line: string): void;
  /** Rewrites the current line of the terminal; used for progress bars alone. */
  redraw(line: string): void;
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

export type Command = {
  name: string;
  summary: string;
  options: Record<string, Option>;
  run(values: Record<string, string | undefined>, shell: Shell): Promise<ExitCode>;
};
