import { expect, test } from 'vitest';
import { createReach } from '../../src/poller/reach.ts';

const HOUR_MS = 3_600_000;
const DOCUMENTED_MS = 72 * HOUR_MS;

/** A process that remembers a day, and whose three questions for more were refused. */
const confirmed = () => {
  const reach = createReach(DOCUMENTED_MS, 24 * HOUR_MS);
  for (let i = 0; i < 3; i++) {
    const ageMs = reach.probeAgeMs(DOCUMENTED_MS, 0)!;
    expect(ageMs).toBeGreaterThan(24 * HOUR_MS);
    reach.refused(ageMs, 'PROBE', 0);
  }
  return reach;
};

test('what an earlier process found out limits what is asked for at once, and what is given up only when asked anew', () => {
  const reach = createReach(DOCUMENTED_MS, 24 * HOUR_MS);
  expect(reach.askableMs()).toBe(24 * HOUR_MS);
  expect(reach.reachMs()).toBe(DOCUMENTED_MS);
  expect(confirmed().reachMs()).toBe(24 * HOUR_MS);
  expect(confirmed().probeAgeMs(DOCUMENTED_MS, 0)).toBeNull();
});

test('one question for more that is answered is enough to forget what was remembered', () => {
  const reach = createReach(DOCUMENTED_MS, 24 * HOUR_MS);
  reach.answered(reach.probeAgeMs(DOCUMENTED_MS, 0)!, 'PROBE', 0);
  expect(reach.askableMs()).toBe(DOCUMENTED_MS);
  expect(reach.foundMs()).toBeNull();
});

test('an upstream that by now answers for less than is remembered is doubted at its first refusal', () => {
  const reach = confirmed();
  expect(reach.refused(13 * HOUR_MS, 'READ', 1_000)).toBe(true);
  expect(reach.probeAgeMs(DOCUMENTED_MS, 1_000)).toBe(13 * HOUR_MS);
});

test('what was remembered of an upstream that is documented to keep less is of no use', () => {
  const reach = createReach(12 * HOUR_MS, 24 * HOUR_MS);
  expect(reach.reachMs()).toBe(12 * HOUR_MS);
  expect(reach.foundMs()).toBeNull();
});

test('a refusal of what is older than documented, as a wrong clock asks for it, is no reason for doubt', () => {
  const reach = createReach(DOCUMENTED_MS, null);
  expect(reach.refused(DOCUMENTED_MS + 1, 'READ', 0)).toBe(true);
  expect(reach.probeAgeMs(DOCUMENTED_MS, 0)).toBeNull();
});

test('a doubt ends, though answers turn out some seconds younger than what was asked for', () => {
  const reach = createReach(DOCUMENTED_MS, null);
  reach.answered(HOUR_MS, 'READ', 0);
  reach.refused(DOCUMENTED_MS - 20_000, 'READ', 0);
  reach.refused(reach.probeAgeMs(DOCUMENTED_MS - 30_000, 0)!, 'PROBE', 0);
  let asked = 0;
  for (let ageMs = reach.probeAgeMs(DOCUMENTED_MS - 30_000, 0); ageMs !== null && asked < 100; asked += 1) {
    reach.answered(ageMs - 3_000, 'PROBE', 0);
    ageMs = reach.probeAgeMs(DOCUMENTED_MS - 30_000, 0);
  }
  expect(asked).toBeLessThan(20);
});
