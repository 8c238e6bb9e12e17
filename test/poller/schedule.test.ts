import fc from 'fast-check';
import { expect, test } from 'vitest';
import { claimDoubtful, claimRead } from '../../src/poller/claims.ts';
import { applyCoverage } from '../../src/poller/coverage.ts';
import {
  type AuditTask,
  type CoverageSlice,
  defaultPollerSettings,
  reReadAges,
} from '../../src/poller/index.ts';
import { hotRead, type PlanInput, pastRead } from '../../src/poller/schedule.ts';
import { idAt } from './scriptedUpstream.ts';

const NOW_MS = Date.UTC(2026, 5, 1, 12);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const REACH_MS = defaultPollerSettings.retentionReachMs;
const agesMs = reReadAges(defaultPollerSettings);

const input = (given: Partial<PlanInput>): PlanInput => ({
  coverage: [],
  audits: [],
  now: { lowMs: NOW_MS, highMs: NOW_MS },
  settings: defaultPollerSettings,
  agesMs,
  limitMs: { hot: 600_000, past: 600_000 },
  hard: { waiting: [], due: [], failing: [] },
  isPresentDoubted: false,
  probeAgeMs: null,
  mayChase: true,
  openStartsMs: [],
  ...given,
});

const gap = (fromMs: number, toMs: number): CoverageSlice => ({
  fromMs,
  toMs,
  level: 'GAP',
  cause: 'OUTAGE',
  readAtMs: null,
  reads: 0,
  stage: 0,
});
/** As a read at `observedMs` leaves it. */
const readAt = (fromMs: number, toMs: number, observedMs: number): CoverageSlice[] =>
  claimRead([], { fromMs, toMs }, observedMs, agesMs, 15_000);
/** As an answer at `observedMs` leaves it that nobody believed. */
const doubtedAt = (fromMs: number, toMs: number, observedMs: number): CoverageSlice[] =>
  claimDoubtful([], { fromMs, toMs }, observedMs, agesMs, 15_000);
/** Followed by everything up to now, just read. */
const upToNow = (coverage: CoverageSlice[]): CoverageSlice[] =>
  applyCoverage(coverage, readAt(coverage.at(-1)!.toMs, NOW_MS - 1_000, NOW_MS));
const task = (expectedMs: number, more: Partial<AuditTask> = {}): AuditTask => ({
  eventId: idAt(expectedMs),
  namedBy: idAt(expectedMs - 1_000),
  expectedMs,
  attempts: 0,
  nextAttemptMs: NOW_MS - 1,
  state: 'OPEN',
  ...more,
});

test('whatever is known, every request is one that upstream accepts, and claims less than it asks for', () => {
  const ageMs = fc.integer({ min: -HOUR_MS, max: 80 * HOUR_MS });
  const anySlice = fc
    .tuple(
      ageMs,
      fc.integer({ min: 1, max: 5 * HOUR_MS }),
      fc.boolean(),
      fc.integer({ min: 0, max: 70 * HOUR_MS }),
    )
    .map(([age, length, isGap, readAgo]) => {
      const toMs = NOW_MS - age;
      return isGap ? [gap(toMs - length, toMs)] : readAt(toMs - length, toMs, NOW_MS - readAgo);
    });
  fc.assert(
    fc.property(
      fc.array(anySlice, { maxLength: 8 }),
      fc.array(ageMs, { maxLength: 5 }),
      fc.nat(240_000),
      fc.nat(999),
      fc.constantFrom(600_000, 60_000, 1_000),
      (lists, expected, widthMs, subSecondMs, limitMs) => {
        const now = { lowMs: NOW_MS + subSecondMs, highMs: NOW_MS + subSecondMs + widthMs };
        const given = input({
          coverage: applyCoverage([], lists.flat()),
          audits: expected.map((age) => task(NOW_MS - age)),
          now,
          limitMs: { hot: limitMs, past: limitMs },
        });
        for (const read of [hotRead(given), pastRead(given)]) {
          if (!read) continue;
          const { ask, claim } = read;
          expect(ask.toMs).toBeLessThanOrEqual(now.lowMs);
          expect(ask.fromMs).toBeGreaterThanOrEqual(now.highMs - REACH_MS);
          expect(ask.toMs - ask.fromMs).toBeLessThanOrEqual(600_000);
          expect(ask.fromMs % 1000).toBe(0);
          expect(ask.toMs % 1000).toBe(0);
          expect(claim.fromMs).toBeLessThan(claim.toMs);
          expect(claim.fromMs - ask.fromMs).toBeGreaterThanOrEqual(1000);
          expect(ask.toMs - claim.toMs).toBeGreaterThanOrEqual(1000);
        }
      },
    ),
  );
});

test('the present reaches back over a short hole right behind it', () => {
  const coverage = readAt(NOW_MS - 2 * HOUR_MS, NOW_MS - 5 * MINUTE_MS, NOW_MS - 4 * MINUTE_MS);
  expect(hotRead(input({ coverage }))?.claim.fromMs).toBe(NOW_MS - 5 * MINUTE_MS);
});

test('unread time is filled newest first', () => {
  const coverage = applyCoverage(
    [gap(NOW_MS - 50 * HOUR_MS, NOW_MS - HOUR_MS)],
    readAt(NOW_MS - HOUR_MS, NOW_MS - 1_000, NOW_MS),
  );
  expect(pastRead(input({ coverage }))).toMatchObject({
    kind: 'BACKFILL',
    claim: { fromMs: NOW_MS - HOUR_MS - 588_000, toMs: NOW_MS - HOUR_MS },
  });
});

test('unread time about to leave the reach goes before newer unread time', () => {
  const coverage = [gap(NOW_MS - REACH_MS + 30 * MINUTE_MS, NOW_MS - HOUR_MS)];
  expect(pastRead(input({ coverage }))).toMatchObject({
    kind: 'EXPIRING',
    claim: { fromMs: NOW_MS - REACH_MS + 30 * MINUTE_MS },
  });
});

test('a slice is due again when its own age says so', () => {
  // Read at an age of 19 minutes and more: the next re-read is at one hour.
  const coverage = upToNow(readAt(NOW_MS - HOUR_MS, NOW_MS - 20 * MINUTE_MS, NOW_MS - MINUTE_MS));
  expect(pastRead(input({ coverage }))).toBeNull();
  const laterMs = NOW_MS + 10 * MINUTE_MS;
  const whole = [
    ...readAt(NOW_MS - HOUR_MS, NOW_MS - MINUTE_MS, NOW_MS),
    gap(NOW_MS - MINUTE_MS, laterMs),
  ].map((slice) => (slice.level === 'GAP' ? { ...slice, cause: 'EXPIRED' as const } : slice));
  expect(pastRead(input({ coverage: whole, now: { lowMs: laterMs, highMs: laterMs } }))).toMatchObject({
    kind: 'REREAD',
    claim: { fromMs: NOW_MS - HOUR_MS },
  });
});

test('time read only while it was young is read again as soon as it is not', () => {
  const coverage = readAt(NOW_MS - 5 * MINUTE_MS, NOW_MS - 2 * MINUTE_MS, NOW_MS - 2 * MINUTE_MS + 1);
  expect(pastRead(input({ coverage }))?.claim.toMs).toBe(NOW_MS - 15_000 - 30_000);
});

test('doubted time is no business of the present, and the past reads it again as soon as the present is believed', () => {
  const coverage = doubtedAt(NOW_MS - HOUR_MS, NOW_MS - MINUTE_MS, NOW_MS);
  expect(hotRead(input({ coverage }))?.claim.fromMs).toBeGreaterThan(NOW_MS - 2 * MINUTE_MS);
  expect(pastRead(input({ coverage }))).toMatchObject({
    kind: 'BACKFILL',
    claim: { toMs: NOW_MS - 45_000 },
  });
});

test('while the present is doubted as well, doubted time is read again at its ages, and apart from what is settled', () => {
  const ill = { fromMs: NOW_MS - 70 * MINUTE_MS, toMs: NOW_MS - 66 * MINUTE_MS };
  const well = { fromMs: ill.fromMs - 4 * MINUTE_MS, toMs: ill.fromMs };
  let coverage = upToNow([
    ...readAt(well.fromMs, well.toMs, NOW_MS - HOUR_MS),
    ...doubtedAt(ill.fromMs, ill.toMs, NOW_MS - HOUR_MS),
    ...readAt(ill.toMs, NOW_MS - 20 * MINUTE_MS, NOW_MS - MINUTE_MS),
  ]);
  const next = () => pastRead(input({ coverage, isPresentDoubted: true }));
  expect(next()).toMatchObject({ kind: 'REREAD', claim: well });
  coverage = applyCoverage(coverage, readAt(well.fromMs, well.toMs, NOW_MS));
  expect(next()).toMatchObject({ kind: 'REREAD', claim: ill });
  coverage = applyCoverage(coverage, doubtedAt(ill.fromMs, ill.toMs, NOW_MS));
  expect(next()).toBeNull();
});

test('a missing record is looked for around its instant, and neighbours in one request', () => {
  const coverage = upToNow(readAt(NOW_MS - 5 * HOUR_MS, NOW_MS - 2 * HOUR_MS, NOW_MS - MINUTE_MS));
  const atMs = NOW_MS - 3 * HOUR_MS;
  const audits = [task(atMs), task(atMs + 20_000), task(atMs + 10 * MINUTE_MS)];
  expect(pastRead(input({ coverage, audits }))).toMatchObject({
    kind: 'CHASE',
    claim: { fromMs: atMs - 1_000, toMs: atMs + 21_000 },
  });
  expect(pastRead(input({ coverage, audits, mayChase: false }))).toBeNull();
  const waiting = audits.map((audit) => ({ ...audit, nextAttemptMs: NOW_MS + 1 }));
  expect(pastRead(input({ coverage, audits: waiting }))).toBeNull();
});

test('time that has to wait is left out', () => {
  const coverage = upToNow([gap(NOW_MS - 2 * HOUR_MS, NOW_MS - HOUR_MS)]);
  const waiting = [{ fromMs: NOW_MS - HOUR_MS - 5 * MINUTE_MS, toMs: NOW_MS - HOUR_MS }];
  expect(pastRead(input({ coverage, hard: { waiting, due: [], failing: waiting } }))?.claim.toMs).toBe(
    NOW_MS - HOUR_MS - 5 * MINUTE_MS,
  );
});

test('the last re-read before upstream forgets goes before all that can wait', () => {
  const sealAgeMs = agesMs.at(-1)!;
  const old = { fromMs: NOW_MS - sealAgeMs - 20 * MINUTE_MS, toMs: NOW_MS - sealAgeMs };
  const coverage = upToNow([
    ...readAt(old.fromMs, old.toMs, old.toMs + 40 * HOUR_MS),
    ...readAt(old.toMs, NOW_MS - 60 * HOUR_MS, NOW_MS - HOUR_MS),
    gap(NOW_MS - 60 * HOUR_MS, NOW_MS - HOUR_MS),
  ]);
  const given = { coverage, audits: [task(NOW_MS - 30 * MINUTE_MS)], openStartsMs: [NOW_MS - 2 * HOUR_MS] };
  expect(pastRead(input(given))).toMatchObject({ kind: 'REREAD', claim: { fromMs: old.fromMs } });
});

test('of windows that failed, one is tried again only when nothing else is due, and alone', () => {
  const due = [
    { fromMs: NOW_MS - 2 * HOUR_MS, toMs: NOW_MS - 115 * MINUTE_MS },
    { fromMs: NOW_MS - 115 * MINUTE_MS, toMs: NOW_MS - 110 * MINUTE_MS },
  ];
  const hard = { waiting: [], due, failing: due };
  const unread = upToNow([gap(NOW_MS - 4 * HOUR_MS, NOW_MS - HOUR_MS)]);
  expect(pastRead(input({ coverage: unread, hard }))?.claim.toMs).toBe(NOW_MS - HOUR_MS);
  const older = upToNow([gap(NOW_MS - 4 * HOUR_MS, NOW_MS - 110 * MINUTE_MS)]);
  expect(pastRead(input({ coverage: older, hard }))?.claim.toMs).toBe(NOW_MS - 2 * HOUR_MS);
  const left = upToNow([gap(NOW_MS - 2 * HOUR_MS, NOW_MS - 110 * MINUTE_MS)]);
  expect(pastRead(input({ coverage: left, hard }))?.claim).toEqual(due[1]);
});
