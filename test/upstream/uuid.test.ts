import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUuid, uuidTimeMs } from '../../src/upstream/uuid.ts';

/** RFC 9562 §5.1, written from the standard: 60 bits of 100-ns ticks since 15 October 1582. */
const versionOne = (ms: number, ticks: number, tail: string): string => {
  const time = (BigInt(ms - Date.UTC(1582, 9, 15)) * 10_000n + BigInt(ticks)).toString(16).padStart(15, '0');
  return `${time.slice(7)}-${time.slice(3, 7)}-1${time.slice(0, 3)}-${tail.slice(0, 4)}-${tail.slice(4)}`;
};

describe('the instant in an id', () => {
  it('is the moment that the vendor’s sample names', () => {
    expect(uuidTimeMs('0a903d70-aabf-11e7-b5e2-9a5ac3da6edd')).toBe(Date.UTC(2017, 9, 6, 17, 51, 55, 79));
    expect(uuidTimeMs('0980a230-aabf-11e7-8aba-0fc9cd50d3ff')).toBe(Date.UTC(2017, 9, 6, 17, 51, 53, 299));
    expect(uuidTimeMs('e98c1770-aabe-11e7-8aba-0fc9cd50d3ff')).toBe(Date.UTC(2017, 9, 6, 17, 50, 59, 687));
  });

  it('comes back from any version-1 id, to the millisecond', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: Date.UTC(5000, 0, 1) }),
        fc.integer({ min: 0, max: 9_999 }),
        fc.stringMatching(/^[89ab][0-9a-f]{15}$/),
        (ms, ticks, tail) => {
          const id = versionOne(ms, ticks, tail);
          expect(isUuid(id)).toBe(true);
          expect(uuidTimeMs(id)).toBe(ms);
          expect(uuidTimeMs(id.toUpperCase())).toBe(ms);
        },
      ),
    );
  });

  it('is not in ids of other versions', () => {
    fc.assert(
      fc.property(fc.uuid({ version: [2, 3, 4, 5, 6, 7, 8] }), (id) => {
        expect(isUuid(id)).toBe(true);
        expect(uuidTimeMs(id)).toBeNull();
      }),
    );
  });

  it.each([
    '',
    'b6828f70a38f11e7bbe90fc9cd50d3ff',
    '{b6828f70-a38f-11e7-bbe9-0fc9cd50d3ff}',
    'b6828f70-a38f-11e7-bbe9-0fc9cd50d3fg',
  ])('%j is no id', (text) => {
    expect(isUuid(text)).toBe(false);
  });
});
