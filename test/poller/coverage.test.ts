import fc from 'fast-check';
import { expect, test } from 'vitest';
import { claimDoubtful, claimGap, claimRead } from '../../src/poller/claims.ts';
import {
  applyCoverage,
  coverageBetween,
  coverageDelta,
  isDoubted,
  sliceAt,
  unsettledSpans,
} from '../../src/poller/coverage.ts';
import { type CoverageSlice, completeThrough, freshThrough } from '../../src/poller/index.ts';

/** A line of time short enough to look at every millisecond of it. */
const END_MS = 120;
const AGES_MS = [20, 45, 80];
const SETTLE_MS = 8;

const sliceOf = (fromMs: number, toMs: number, level: CoverageSlice['level'], stage = 0): CoverageSlice => ({
  fromMs,
  toMs,
  level,
  cause: level === 'GAP' ? 'OUTAGE' : null,
  readAtMs: level === 'GAP' ? null : toMs,
  reads: 1,
  stage,
});

const spans = fc
  .tuple(fc.nat(END_MS - 1), fc.integer({ min: 1, max: 40 }))
  .map(([fromMs, length]) => ({ fromMs, toMs: Math.min(END_MS, fromMs + length) }));
const slices = fc
  .tuple(
    spans,
    fc.constantFrom('PROVISIONAL', 'SETTLED', 'SEALED', 'GAP'),
    fc.nat(3),
    fc.constantFrom('OUTAGE', 'EXPIRED', 'REFUSED', 'UNREADABLE', 'CHAIN_BREAK'),
  )
  .map(
    ([span, level, stage, cause]): CoverageSlice => ({
      ...sliceOf(span.fromMs, span.toMs, level, stage),
      cause: level === 'GAP' ? cause : null,
    }),
  );
const coverages = fc.array(slices, { maxLength: 12 }).map((list) => applyCoverage([], list));

const everyMs = Array.from({ length: END_MS }, (_, atMs) => atMs);
/** What is said of each instant, apart from when and how often it was read. */
const said = (coverage: readonly CoverageSlice[]) =>
  everyMs.map((atMs) => {
    const slice = sliceAt(coverage, atMs);
    return slice ? `${slice.level} ${slice.cause} ${slice.stage}` : null;
  });

const expectWellFormed = (coverage: readonly CoverageSlice[]) => {
  for (const [i, slice] of coverage.entries()) {
    expect(slice.fromMs).toBeLessThan(slice.toMs);
    expect(slice.level === 'GAP').toBe(slice.cause !== null);
    if (i > 0) expect(coverage[i - 1]!.toMs).toBeLessThanOrEqual(slice.fromMs);
  }
};

test('the last slice laid over an instant is what is said of it, and slices stay ordered and disjoint', () => {
  fc.assert(
    fc.property(fc.array(slices, { maxLength: 12 }), (list) => {
      const coverage = applyCoverage([], list);
      expectWellFormed(coverage);
      expect(said(coverage)).toEqual(
        everyMs.map((atMs) => {
          const over = list.findLast((slice) => slice.fromMs <= atMs && atMs < slice.toMs);
          return over ? `${over.level} ${over.cause} ${over.stage}` : null;
        }),
      );
    }),
  );
});

test('neighbours that say the same are one slice', () => {
  const coverage = applyCoverage([sliceOf(0, 10, 'SETTLED', 1)], [sliceOf(10, 20, 'SETTLED', 1)]);
  expect(coverage).toEqual([{ ...sliceOf(0, 20, 'SETTLED', 1), readAtMs: 10 }]);
});

test('slices that are still re-read do not grow past their ten minutes, or their last read would age with them', () => {
  const coverage = applyCoverage(
    [sliceOf(0, 600_000, 'SETTLED', 1)],
    [sliceOf(600_000, 700_000, 'SETTLED', 1)],
  );
  expect(coverage).toHaveLength(2);
});

test('the parts of a range leave nothing out: their lengths sum up to it', () => {
  fc.assert(
    fc.property(coverages, spans, (coverage, { fromMs, toMs }) => {
      const parts = coverageBetween(coverage, fromMs, toMs);
      expect(parts.reduce((sum, part) => sum + part.toMs - part.fromMs, 0)).toBe(toMs - fromMs);
      expect(parts[0]!.fromMs).toBe(fromMs);
      for (const [i, part] of parts.entries()) if (i > 0) expect(parts[i - 1]!.toMs).toBe(part.fromMs);
      for (const part of parts) {
        const level = sliceAt(coverage, part.fromMs)?.level ?? 'UNREAD';
        expect(part.level).toBe(level);
      }
    }),
  );
});

const reads = fc
  .tuple(spans, fc.nat(200))
  .map(([span, extraMs]) => ({ span, observedMs: span.toMs + extraMs }));

test('a delta laid over the coverage it was made from gives the new coverage', () => {
  fc.assert(
    fc.property(coverages, reads, spans, (before, { span, observedMs }, gap) => {
      const after = claimGap(claimRead(before, span, observedMs, AGES_MS, SETTLE_MS), gap, 'UNREADABLE');
      expect(applyCoverage(before, coverageDelta(before, after))).toEqual(after);
    }),
  );
});

test('the same reads in any order settle the same time to the same degree', () => {
  fc.assert(
    fc.property(
      fc
        .array(reads, { maxLength: 8 })
        .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([list, shuffled]) => {
        const play = (order: typeof list) =>
          order.reduce<CoverageSlice[]>(
            (coverage, { span, observedMs }) => claimRead(coverage, span, observedMs, AGES_MS, SETTLE_MS),
            [],
          );
        expect(said(play(list))).toEqual(said(play(shuffled)));
      },
    ),
  );
});

test('an instant is settled exactly when it was old enough at a read, and never sooner', () => {
  fc.assert(
    fc.property(fc.array(reads, { maxLength: 8 }), (list) => {
      const coverage = list.reduce<CoverageSlice[]>(
        (known, { span, observedMs }) => claimRead(known, span, observedMs, AGES_MS, SETTLE_MS),
        [],
      );
      for (const atMs of everyMs) {
        const ages = list
          .filter(({ span }) => span.fromMs <= atMs && atMs < span.toMs)
          .map(({ observedMs }) => observedMs - (atMs + 1));
        const oldest = Math.max(...ages);
        const slice = sliceAt(coverage, atMs);
        if (ages.length === 0) expect(slice).toBeNull();
        else if (oldest >= AGES_MS.at(-1)!) expect(slice?.level).toBe('SEALED');
        else if (oldest >= SETTLE_MS) expect(slice?.level).toBe('SETTLED');
        else expect(slice?.level).toBe('PROVISIONAL');
      }
    }),
  );
});

test('an answer that is not believed settles nothing and takes nothing back, and says that it was old enough', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(reads, fc.boolean()), { maxLength: 8 }), (list) => {
      const play = (given: typeof list) =>
        given.reduce<CoverageSlice[]>(
          (known, [{ span, observedMs }, isWhole]) =>
            (isWhole ? claimRead : claimDoubtful)(known, span, observedMs, AGES_MS, SETTLE_MS),
          [],
        );
      const coverage = play(list);
      const believed = play(list.filter(([, isWhole]) => isWhole));
      for (const atMs of everyMs) {
        const slice = sliceAt(coverage, atMs);
        const whole = sliceAt(believed, atMs);
        if (whole && whole.level !== 'PROVISIONAL') {
          expect(slice).toMatchObject({ level: whole.level, stage: whole.stage });
          continue;
        }
        const ages = list
          .filter(([{ span }]) => span.fromMs <= atMs && atMs < span.toMs)
          .map(([{ observedMs }]) => observedMs - (atMs + 1));
        expect(slice?.level ?? null).toBe(ages.length === 0 ? null : 'PROVISIONAL');
        const last = list.findLast(([{ span }]) => span.fromMs <= atMs && atMs < span.toMs);
        if (slice && last && !last[1]) {
          expect(isDoubted(slice)).toBe(last[0].observedMs - (atMs + 1) >= SETTLE_MS);
        }
      }
    }),
  );
});

test('a read does not close a chain break, and does close any other gap', () => {
  const gaps = (['OUTAGE', 'EXPIRED', 'REFUSED', 'UNREADABLE', 'CHAIN_BREAK'] as const).map((cause, i) => ({
    ...sliceOf(i * 10, i * 10 + 10, 'GAP'),
    cause,
  }));
  const after = claimRead(gaps, { fromMs: 0, toMs: 50 }, 70, AGES_MS, SETTLE_MS);
  expect(after.map(({ fromMs, level, cause }) => [fromMs, level, cause])).toContainEqual([
    40,
    'GAP',
    'CHAIN_BREAK',
  ]);
  expect(after.filter(({ level }) => level === 'GAP')).toHaveLength(1);
});

const blocks = (coverage: readonly CoverageSlice[], atMs: number) => {
  const slice = sliceAt(coverage, atMs);
  if (!slice) return true;
  if (slice.level === 'PROVISIONAL') return true;
  return slice.cause !== null && slice.cause !== 'EXPIRED' && slice.cause !== 'CHAIN_BREAK';
};

test('nothing before completeThrough is unsettled or can still be filled, and the next instant is', () => {
  fc.assert(
    fc.property(coverages, (coverage) => {
      const firstMs = coverage[0]?.fromMs ?? 0;
      const throughMs = completeThrough(coverage);
      if (throughMs === null) {
        if (coverage.length > 0) expect(blocks(coverage, firstMs)).toBe(true);
        return;
      }
      for (let atMs = firstMs; atMs < throughMs; atMs++) expect(blocks(coverage, atMs)).toBe(false);
      expect(blocks(coverage, throughMs)).toBe(true);
      expect(throughMs).toBeGreaterThan(firstMs);
    }),
  );
});

test('freshThrough is the end of the youngest settled time', () => {
  fc.assert(
    fc.property(coverages, (coverage) => {
      const settled = everyMs.filter((atMs) =>
        ['SETTLED', 'SEALED'].includes(sliceAt(coverage, atMs)?.level ?? ''),
      );
      expect(freshThrough(coverage)).toBe(settled.length === 0 ? null : settled.at(-1)! + 1);
    }),
  );
});

test('unsettled time is all that is neither settled nor lost', () => {
  fc.assert(
    fc.property(coverages, (coverage) => {
      const open = unsettledSpans(coverage, 0, END_MS);
      for (const atMs of everyMs) {
        expect(open.some((span) => span.fromMs <= atMs && atMs < span.toMs)).toBe(blocks(coverage, atMs));
      }
    }),
  );
});
