import { expect, test } from 'vitest';
import { claimRead } from '../../src/poller/claims.ts';
import { applyCoverage, sliceAt } from '../../src/poller/coverage.ts';
import {
  type AuditTask,
  type CoverageSlice,
  defaultPollerSettings,
  type PollerStatus,
  reReadAges,
} from '../../src/poller/index.ts';
import { type FrameContext, readToFrames, type Trust } from '../../src/poller/readToFrame.ts';
import type { ReadKind } from '../../src/poller/schedule.ts';
import { askFor } from '../../src/poller/windows.ts';
import type { AgentStateRecord } from '../../src/upstream/index.ts';
import { HOUR_MS, MINUTE_MS } from './scene.ts';
import { idAt, recordAt } from './scriptedUpstream.ts';

const NOW_MS = Date.UTC(2026, 5, 1, 12);
const agesMs = reReadAges(defaultPollerSettings);
const known = claimRead(
  [],
  { fromMs: NOW_MS - 5 * HOUR_MS, toMs: NOW_MS - MINUTE_MS },
  NOW_MS,
  agesMs,
  15_000,
);

const status: PollerStatus = {
  health: 'OK',
  healthMessage: null,
  clockOffset: null,
  lastPoll: null,
  backfill: null,
  requestsTotal: 0,
  failuresTotal: 0,
  foundReachMs: null,
};

const framesAfter = (
  coverage: CoverageSlice[],
  audits: AuditTask[],
  plan: { kind: ReadKind; fromMs: number; toMs: number },
  records: AgentStateRecord[],
  trust: Trust = { kind: 'WHOLE' },
) => {
  const context: FrameContext = {
    state: { seq: 1, coverage, audits },
    missingEvents: () => [],
    settings: defaultPollerSettings,
    agesMs,
    now: { lowMs: NOW_MS, highMs: NOW_MS },
    futureMs: NOW_MS,
    causesOver: (span) => [{ span, cause: 'OUTAGE' }],
  };
  const claim = { fromMs: plan.fromMs, toMs: plan.toMs };
  return readToFrames(
    context,
    {
      plan: { kind: plan.kind, claim, ask: askFor(claim) },
      read: { kind: 'READ', records, quarantined: [], requests: 1, dateSample: null, sentMonotonicMs: 0 },
      observedMs: NOW_MS,
      trust,
    },
    () => status,
  );
};

const coverageAfter = (...given: Parameters<typeof framesAfter>): CoverageSlice[] =>
  applyCoverage(
    given[0],
    framesAfter(...given).flatMap((frame) => frame.coverage),
  );

test.each(['WHOLE', 'DOUBTFUL'] as const)(
  'a reading of the present that is %s does not move the beginning of the mirror back',
  (trust) => {
    const firstMs = known[0]!.fromMs;
    const plan = { kind: 'HOT', fromMs: firstMs - 30_000, toMs: firstMs + 60_000 } as const;
    expect(coverageAfter(known, [], plan, [], { kind: trust })[0]!.fromMs).toBe(firstMs);
  },
);

test('a look for a missing record whose answer is doubted claims nothing, and the next one waits as after any', () => {
  const atMs = NOW_MS - 2 * HOUR_MS;
  const task: AuditTask = {
    eventId: idAt(atMs),
    namedBy: idAt(atMs - 1_000),
    expectedMs: atMs,
    attempts: 0,
    nextAttemptMs: 0,
    state: 'OPEN',
  };
  const gone = known.map((slice) => ({ ...slice, level: 'GAP' as const, cause: 'OUTAGE' as const }));
  const plan = { kind: 'CHASE', fromMs: atMs - 1_000, toMs: atMs + 1_000 } as const;
  const frames = framesAfter(gone, [task], plan, [], { kind: 'DOUBTFUL' });
  expect(frames).toMatchObject([
    { coverage: [], audits: { put: [{ attempts: 1, nextAttemptMs: NOW_MS + 2 * MINUTE_MS }] } },
  ]);
});

test('the record that broke a chain mends it when it comes after all, and only it does', () => {
  const atMs = NOW_MS - 2 * HOUR_MS;
  const broken = applyCoverage(known, [
    { fromMs: atMs, toMs: atMs + 1, level: 'GAP', cause: 'CHAIN_BREAK', readAtMs: null, reads: 0, stage: 0 },
  ]);
  const task: AuditTask = {
    eventId: idAt(atMs),
    namedBy: idAt(atMs - 1_000),
    expectedMs: atMs,
    attempts: 3,
    nextAttemptMs: 0,
    state: 'BROKEN',
  };
  const plan = { kind: 'REREAD', fromMs: atMs - MINUTE_MS, toMs: atMs + MINUTE_MS } as const;
  const without = coverageAfter(broken, [task], plan, [recordAt(atMs - 1_000)]);
  expect(sliceAt(without, atMs)?.cause).toBe('CHAIN_BREAK');
  const mended = coverageAfter(broken, [task], plan, [recordAt(atMs)]);
  expect(sliceAt(mended, atMs)?.level).toBe('SETTLED');
});
