import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDurationMs } from '../../src/config/index.ts';

describe('durations', () => {
  it.each([
    ['500ms', 500],
    ['15s', 15_000],
    ['10m', 600_000],
    ['8h', 28_800_000],
    ['3d', 259_200_000],
    ['1.5h', 5_400_000],
    [' 2s ', 2_000],
  ])('%s', (text, expected) => {
    expect(parseDurationMs(text)).toBe(expected);
  });

  it.each(['', '15', 's', '-1s', '1w', '1 s', '1s2', '1e3s', 'Infinitys'])('"%s" is none', (text) => {
    expect(parseDurationMs(text)).toBeNull();
  });

  it('are written so that they read back as themselves', () => {
    fc.assert(
      fc.property(fc.nat(), (ms) => {
        expect(parseDurationMs(formatDuration(ms))).toBe(ms);
      }),
    );
    expect(formatDuration(5_400_000)).toBe('90m');
    expect(formatDuration(259_200_000)).toBe('3d');
  });
});
