import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClockOffset } from '../../src/upstream/clockOffset.ts';
import type { DateSample } from '../../src/upstream/index.ts';

const SERVER_MS = Date.UTC(2026, 10, 23, 10);
const floorSecond = (ms: number) => Math.floor(ms / 1000) * 1000;

/** What a request that leaves at `sentMs` learns from a server that is `offsetMs` ahead of our monotonic clock. */
const sampleAt = (sentMs: number, offsetMs: number, rttMs = 40, share = 0.5): DateSample => ({
  dateMs: floorSecond(sentMs + rttMs * share + offsetMs),
  sentMonotonicMs: sentMs,
  receivedMonotonicMs: sentMs + rttMs,
});

const intervalAt = (offset: ReturnType<typeof createClockOffset>, ms: number) => {
  const interval = offset.interval(ms);
  if (!interval) throw new Error('there is an interval after a sample');
  return interval;
};

describe('the clock offset', () => {
  it('is unknown before the first answer', () => {
    expect(createClockOffset().interval(5)).toBeNull();
  });

  it('holds the true offset at every moment, whatever the drift, the round trips and the age of a Date', () => {
    const polls = fc.array(
      fc.record({
        waitMs: fc.double({ min: 0, max: 600_000, noNaN: true }),
        rttMs: fc.double({ min: 0.1, max: 30_000, noNaN: true }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        lagMs: fc.double({ min: 0, max: 250, noNaN: true }),
      }),
      { minLength: 1, maxLength: 60 },
    );
    const drifts = fc.double({ min: -50e-6, max: 50e-6, noNaN: true });
    const starts = fc.integer({ min: -3_600_000, max: 3_600_000 });
    fc.assert(
      fc.property(polls, drifts, starts, (waits, drift, startMs) => {
        const trueOffset = (monotonicMs: number) => SERVER_MS + startMs + monotonicMs * drift;
        const offset = createClockOffset();
        let nowMs = 0;
        for (const { waitMs, rttMs, share, lagMs } of waits) {
          nowMs += waitMs;
          const writtenMs = nowMs + rttMs * share;
          const step = offset.fold({
            dateMs: floorSecond(writtenMs + trueOffset(writtenMs) - lagMs),
            sentMonotonicMs: nowMs,
            receivedMonotonicMs: nowMs + rttMs,
          });
          expect(step.kind).toBe('OK');
          nowMs += rttMs;
          for (const laterMs of [0, 1_000, 3_600_000]) {
            const { lowMs, highMs } = intervalAt(offset, nowMs + laterMs);
            expect(lowMs).toBeLessThanOrEqual(trueOffset(nowMs + laterMs));
            expect(highMs).toBeGreaterThanOrEqual(trueOffset(nowMs + laterMs));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('narrows as polls see different parts of the second', () => {
    const offset = createClockOffset();
    offset.fold(sampleAt(0, SERVER_MS));
    const first = intervalAt(offset, 40);
    for (let n = 1; n <= 40; n++) offset.fold(sampleAt(n * 5_037, SERVER_MS));
    const { lowMs, highMs } = intervalAt(offset, 40 * 5_037);
    expect(first.highMs - first.lowMs).toBeGreaterThan(1_000);
    expect(highMs - lowMs).toBeLessThan(400);
    // The lower bound is what windows end by: within a round trip, a step of the poll and the drift.
    expect(SERVER_MS - lowMs).toBeLessThan(120);
  });

  it('widens by the drift while nothing comes', () => {
    const offset = createClockOffset();
    offset.fold(sampleAt(0, SERVER_MS));
    const now = intervalAt(offset, 40);
    const anHourLater = intervalAt(offset, 40 + 3_600_000);
    expect(now.lowMs - anHourLater.lowMs).toBeCloseTo(360, 1);
    expect(anHourLater.highMs - now.highMs).toBeCloseTo(360, 1);
  });

  const settled = () => {
    const offset = createClockOffset();
    for (let n = 0; n < 10; n++) offset.fold(sampleAt(n * 5_037, SERVER_MS));
    return { offset, nextMs: 10 * 5_037 };
  };
  const OK = { kind: 'OK' };
  /** Whatever was read since the last answer that agreed left was read by a wrong clock. */
  const STEPPED = { kind: 'STEP', sinceMonotonicMs: 9 * 5_037 };
  const holds = (offset: ReturnType<typeof createClockOffset>, atMs: number, trueMs: number) => {
    const { lowMs, highMs } = intervalAt(offset, atMs);
    return lowMs <= trueMs && trueMs <= highMs;
  };

  it.each([5_000, 60_000, 3_600_000])('starts anew when the server’s clock leaps %i ms ahead', (leapMs) => {
    const { offset, nextMs } = settled();
    expect(offset.fold(sampleAt(nextMs, SERVER_MS + leapMs))).toEqual(STEPPED);
    expect(holds(offset, nextMs + 40, SERVER_MS + leapMs)).toBe(true);
    expect(offset.fold(sampleAt(nextMs + 5_037, SERVER_MS + leapMs))).toEqual(OK);
  });

  it('starts anew when the server’s clock is set back and ticks on from there', () => {
    const { offset, nextMs } = settled();
    const steps = [0, 1, 2].map((n) => offset.fold(sampleAt(nextMs + n * 5_037, SERVER_MS - 3_600_000)));
    expect(steps).toEqual([OK, STEPPED, OK]);
    expect(holds(offset, nextMs + 3 * 5_037, SERVER_MS - 3_600_000)).toBe(true);
  });

  it('starts anew at once when it was set back by less than has passed', () => {
    const { offset, nextMs } = settled();
    expect(offset.fold(sampleAt(nextMs, SERVER_MS - 3_000))).toEqual(STEPPED);
    expect(holds(offset, nextMs + 40, SERVER_MS - 3_000)).toBe(true);
  });

  it.each([5_037, 300])('takes no word from a Date that stands still, asked every %i ms', (pollMs) => {
    const { offset, nextMs } = settled();
    const frozenMs = floorSecond(SERVER_MS + nextMs - 5_037);
    for (let n = 0; n < 100; n++) {
      const sentMonotonicMs = nextMs + 5_000 + n * pollMs;
      const sample = { dateMs: frozenMs, sentMonotonicMs, receivedMonotonicMs: sentMonotonicMs + 40 };
      expect(offset.fold(sample)).toEqual(OK);
    }
    expect(holds(offset, nextMs + 510_000, SERVER_MS)).toBe(true);
    const { lowMs } = intervalAt(offset, nextMs + 510_000);
    expect(SERVER_MS - lowMs).toBeLessThan(400);
  });

  it('takes no word from answers of a cache that is renewed now and then', () => {
    const { offset, nextMs } = settled();
    for (let n = 0; n < 60; n++) {
      const sentMonotonicMs = nextMs + n * 5_037;
      const madeMs = nextMs + Math.floor(n / 6) * 6 * 5_037;
      const dateMs = floorSecond(SERVER_MS + madeMs + 20);
      expect(offset.fold({ dateMs, sentMonotonicMs, receivedMonotonicMs: sentMonotonicMs + 40 })).toEqual(OK);
      expect(holds(offset, sentMonotonicMs + 40, SERVER_MS)).toBe(true);
    }
  });
});
