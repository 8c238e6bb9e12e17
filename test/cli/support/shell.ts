import type { Shell } from '../../../src/cli/command.ts';
import { createManualClock } from '../../../src/clock/manualClock.ts';

export type RecordedShell = { shell: Shell; out: string[]; err: string[] };

/** A shell that keeps what is printed. Its clock stands still and its chance is always the same, unless told otherwise. */
export const recordedShell = (changed: Partial<Shell> = {}): RecordedShell => {
  const out: string[] = [];
  const err: string[] = [];
  const shell: Shell = {
    environment: {},
    clock: createManualClock(0),
    random: () => 0.5,
    randomBytes: (size) => Buffer.alloc(size, 7),
    terminal: false,
    print: (line) => void out.push(line),
    printError: (line) => void err.push(line),
    printBulk: async (text) => void out.push(text),
    writeError: () => {},
    stop: new AbortController().signal,
    ...changed,
  };
  return { shell, out, err };
};
