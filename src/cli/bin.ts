#!/usr/bin/env node
import './production.ts';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
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

// A reader that has seen enough (`| head`) ends the command; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await runCommandLine(process.argv.slice(2), commands, {
  environment: process.env,
  clock: systemClock,
  random: Math.random,
  randomBytes: (size) => randomBytes(size),
  terminal: process.stderr.isTTY === true,
  print: (line) => void process.stdout.write(`${line}\n`),
  printBulk: async (text) => {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  },
  printError: (line) => void process.stderr.write(`${line}\n`),
  writeError: (text) => void process.stderr.write(text),
  stop: stop.signal,
});
