import fc from 'fast-check';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { CoverageSlice } from '../../../src/poller/index.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { DAY_MS, settled, uuidAt } from '../../mirror/support/records.ts';

let gateway: Gateway;
const MINUTE = 60_000;
const kinds: Partial<CoverageSlice>[] = [
  { level: 'SEALED' },
  { level: 'SETTLED' },
  { level: 'GAP', cause: 'EXPIRED' },
  { level: 'SETTLED' },
  { level: 'GAP', cause: 'OUTAGE' },
  { level: 'SETTLED' },
  { level: 'PROVISIONAL' },
];
const slices = kinds.map((kind, i) => ({
  ...settled((i + 1) * 10 * MINUTE, (i + 2) * 10 * MINUTE),
  ...kind,
}));

beforeAll(async () => {
  gateway = openGateway();
  await gateway.mirror.append({ coverage: slices });
});
afterAll(() => gateway.dispose());

type Part = { from: string; to: string; level: string; cause: string | null; durationSeconds: number };
const between = async (fromMs: number, toMs: number) =>
  (
    await gateway.ask<{ coverage: Part[] }>(
      'query ($from: DateTime!, $to: DateTime!) { coverage(from: $from, to: $to) { from to level cause durationSeconds } }',
      { from: new Date(DAY_MS + fromMs).toISOString(), to: new Date(DAY_MS + toMs).toISOString() },
    )
  ).coverage;

test('coverage fills any range exactly, in order, and says of each instant what its slice says', async () => {
  const instant = fc.integer({ min: 0, max: 100 * MINUTE });
  await fc.assert(
    fc.asyncProperty(instant, instant, async (a, b) => {
      fc.pre(a !== b);
      const [fromMs, toMs] = [Math.min(a, b), Math.max(a, b)];
      const parts = await between(fromMs, toMs);
      expect(Date.parse(parts[0]!.from) - DAY_MS).toBe(fromMs);
      expect(Date.parse(parts.at(-1)!.to) - DAY_MS).toBe(toMs);
      for (const [i, part] of parts.entries()) {
        if (i > 0) expect(part.from).toBe(parts[i - 1]!.to);
        const beganMs = Date.parse(part.from);
        const slice = slices.find((one) => one.fromMs <= beganMs && beganMs < one.toMs);
        expect([part.level, part.cause]).toEqual([slice?.level ?? 'UNREAD', slice?.cause ?? null]);
        expect(part.durationSeconds).toBeGreaterThan(0);
      }
      const seconds = parts.reduce((sum, part) => sum + Math.round(part.durationSeconds * 1000), 0);
      expect(seconds).toBe(toMs - fromMs);
    }),
    { numRuns: 60 },
  );
});

test('a range that is empty or upside down is refused', async () => {
  const error = await gateway.refuse(
    '{ coverage(from: "2026-11-23T10:00:00Z", to: "2026-11-23T10:00:00Z") { from } }',
  );
  expect(error.extensions['code']).toBe('BAD_USER_INPUT');
});

test('a range of more slices than one answer holds is refused, never cut short', async () => {
  const broken = openGateway();
  onTestFinished(() => broken.dispose());
  // Every other second a record is missing: a slice for it, and one for the time behind it.
  const SLICES = 10_000;
  const put = Array.from({ length: SLICES }, (_, i) => ({
    eventId: uuidAt(i * 2_000 + 1_000, 9),
    namedBy: uuidAt(0),
    expectedMs: DAY_MS + i * 2_000 + 1_000,
    attempts: 9,
    nextAttemptMs: 0,
    state: 'BROKEN' as const,
  }));
  await broken.mirror.append({ coverage: [settled(0, DAY_MS)], audits: { put, remove: [] } });
  const query = (toMs: number) =>
    `{ coverage(from: "${new Date(DAY_MS).toISOString()}", to: "${new Date(DAY_MS + toMs).toISOString()}") { from to cause } }`;

  // Up to the last millisecond of a break that makes it so many exactly, and one more.
  const fullMs = (SLICES / 2 - 1) * 2_000 + 1_001;
  const full = await broken.ask<{ coverage: Part[] }>(query(fullMs));
  expect(full.coverage).toHaveLength(SLICES);
  const error = await broken.refuse(query(fullMs + 1));
  expect(error.extensions).toMatchObject({ code: 'RANGE_TOO_LARGE', argument: 'to', maxSlices: SLICES });
  expect(error.message).toMatch(/shorter range/);
  expect((await broken.refuse(query(86_400_000))).extensions['code']).toBe('RANGE_TOO_LARGE');
});

test('the watermarks and the gaps are of the same coverage', async () => {
  const { mirror } = await gateway.ask<{ mirror: Record<string, unknown> }>(
    '{ mirror { freshThrough completeThrough gaps { from cause } } }',
  );
  const at = (minute: number) => new Date(DAY_MS + minute * MINUTE).toISOString();
  expect(mirror).toEqual({
    freshThrough: at(70),
    completeThrough: at(50),
    gaps: [
      { from: at(30), cause: 'EXPIRED' },
      { from: at(50), cause: 'OUTAGE' },
    ],
  });
});
