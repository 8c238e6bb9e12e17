#!/usr/bin/env node
import { systemClock } from '../clock/systemClock.ts';
import { commands } from './commands/index.ts';
import { runCommandLine } from './run.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The first asks for an orderly end; whoever asks again does not want to wait.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
}

process.exitCode = await runCommandLine(process.argv.slice(2), commands, {
  environment: process.env,
  clock: systemClock,
  terminal: process.stderr.isTTY === true,
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
  redraw: (line) => process.stderr.write(`\r\x1b[K${line}`),
  stop: stop.signal,
});
