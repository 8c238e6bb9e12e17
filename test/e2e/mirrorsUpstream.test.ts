import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SimulatorFaults } from '../../src/simulator/index.ts';
import { readMirror, walkEvents } from './support/graphqlClient.ts';
import { startGateway, temporaryFolder } from './support/program.ts';
import { differences, mirrored, truthOf } from './support/truth.ts';
import { until } from './support/until.ts';
import { startUpstream } from './support/upstream.ts';

const MINUTE_MS = 60_000;

/** Waits until the mirror's history reaches an instant of server time. */
const caughtUp = (url: string, throughMs: number) =>
  until(
    'the mirror has caught up',
    async () => {
      const { completeThrough } = await readMirror(url);
      return completeThrough !== null && Date.parse(completeThrough) >= throughMs;
    },
    60_000,
  );

const faulty: Partial<SimulatorFaults> = {
  http5xx: 0.1,
  http429: 0.05,
  reset: 0.05,
  truncate: 0.05,
  gzipTruncate: 0.05,
  html: 0.03,
  wrongTotal: 0.05,
  noDate: 0.2,
};

describe("after catching up, the events read through GraphQL pages are upstream's, field by field", () => {
  it.each([
    ['a well-behaved upstream', {}, {}],
    ['an upstream whose answers fail, break off and contradict themselves', faulty, { retryAfterSeconds: 1 }],
  ])(
    '%s',
    async (_what, faults, more) => {
      // Enough agents that even the hours after midnight have some hundred events.
      const { simulator, environment } = await startUpstream({
        agents: 100,
        faults: { ...faults, ...more },
      });
      const historyMs = simulator.nowMs() - 55 * MINUTE_MS;
      const gateway = await startGateway({
        ...environment,
        RTA_DATABASE: join(temporaryFolder(), 'mirror.sqlite'),
      });
      const untilMs = simulator.nowMs();
      await caughtUp(gateway.url, untilMs);

      // An open record that ends while both sides are read would differ; both are read again then.
      await until(
        'both sides tell the same',
        async () => {
          const truth = truthOf(simulator, historyMs, untilMs);
          const events = mirrored(await walkEvents(gateway.url, historyMs, untilMs), truth);
          expect(truth.size).toBeGreaterThan(100);
          expect(differences(truth, events)).toEqual([]);
          return true;
        },
        120_000,
      );
    },
    240_000,
  );
});
