import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const resolveFromHere = createRequire(import.meta.url).resolve;

export default defineConfig({
  resolve: {
    // Vite would take graphql's ES build and node, for its dependants, the CommonJS one; two copies refuse each other.
    alias: [{ find: /^graphql$/, replacement: resolveFromHere('graphql') }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
  },
});
