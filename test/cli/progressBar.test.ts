import { describe, expect, it } from 'vitest';
import { createProgressBar, drawBar } from '../../src/cli/progressBar.ts';

describe('a progress bar', () => {
  it('fills with what is done, and never beyond', () => {
    expect(drawBar('past', 0, 100, '3d')).toBe(`past ▕${' '.repeat(30)}▏ 0 % of 3d`);
    expect(drawBar('past', 50, 100, '3d')).toBe(`past ▕${'█'.repeat(15)}${' '.repeat(15)}▏ 50 % of 3d`);
    expect(drawBar('past', 120, 100, '3d')).toBe(`past ▕${'█'.repeat(30)}▏ 100 % of 3d`);
    expect(drawBar('past', 0, 0, '0s')).toContain('100 %');
  });

  it('keeps to the last line while other lines come', () => {
    let written = '';
    const bar = createProgressBar((text) => {
      written += text;
    });
    bar.above('before\n');
    bar.draw('bar 1');
    bar.above('log line\n');
    bar.draw('bar 2');
    bar.end();
    bar.above('after\n');
    // What a terminal shows: \r\x1b[K wipes the line that stands.
    const shown = written.split('\n').map((line) => line.split('\r\x1b[K').at(-1));
    expect(shown).toEqual(['before', 'log line', 'bar 2', 'after', '']);
  });
});
