import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';
import { reportSkipped } from './test/reportSkipped.ts';

/** Where `.ci/run` wants the counts. */
const report = process.env['TEST_REPORT'];
const resolveFromHere = createRequire(import.meta.url).resolve;

export default defineConfig({
  resolve: {
    // Vite would take graphql's ES build and node, for its dependants, the CommonJS one; two copies refuse each other.
    alias: [{ find: /^graphql$/, replacement: resolveFromHere('graphql') }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Deadlines are for what hangs; a machine that does other things besides may take its time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests run real servers, processes and browsers and wait with deadlines: more at once than two make them late.
    maxWorkers: 2,
    reporters: [
      'default',
      ...(report ? [['json', { outputFile: report }] as ['json', { outputFile: string }]] : []),
      reportSkipped((line) => process.stdout.write(`${line}\n`)),
    ],
  },
});
