import { describe, expect, it } from 'vitest';
import { readRange } from '../../src/cli/range.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');
const HOUR_MS = 3_600_000;
const read = (from?: string, to?: string) =>
  readRange({ from, to }, { fromMs: NOW_MS - 24 * HOUR_MS, toMs: NOW_MS, nowMs: NOW_MS });

describe('--from and --to', () => {
  it('have defaults', () => {
    expect(read()).toEqual({ fromMs: NOW_MS - 24 * HOUR_MS, toMs: NOW_MS });
  });

  it('are instants with a zone, or how long ago', () => {
    expect(read('2026-03-01T09:00:00+01:00', '90m')).toEqual({
      fromMs: NOW_MS - 4 * HOUR_MS,
      toMs: NOW_MS - 1.5 * HOUR_MS,
    });
  });

  it.each([
    [
      'an instant without a zone',
      '2026-03-01T09:00:00',
      undefined,
      /^--from: "2026-03-01T09:00:00" is no instant/,
    ],
    ['a word', undefined, 'yesterday', /^--to: "yesterday" is no instant/],
    ['an end before the begin', '1h', '2h', /^--from: 2026-03-01T11:00:00.000Z is not before --to/],
  ])('refuse %s by name', (_what, from, to, expected) => {
    expect(() => read(from, to)).toThrow(expected);
  });

  it('tell both mistakes at once', () => {
    expect(() => read('x', 'y')).toThrow(/--from: .*\n--to: /);
  });
});
