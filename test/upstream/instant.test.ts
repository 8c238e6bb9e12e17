import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant, parseInstantMs } from '../../src/upstream/instant.ts';

const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const instants = fc.integer({ min: 0, max: LATEST });

describe('a timestamp of upstream', () => {
  it.each([
    ['2017-10-06T17:50:59.690Z', Date.UTC(2017, 9, 6, 17, 50, 59, 690)],
    ['2016-01-17T20:15:00Z', Date.UTC(2016, 0, 17, 20, 15)],
    ['2016-01-17T20:45:00:999Z', Date.UTC(2016, 0, 17, 20, 45, 0, 999)],
    ['2017-10-06T17:50:59.6Z', Date.UTC(2017, 9, 6, 17, 50, 59, 600)],
    ['2017-10-06T17:50:59.690999999Z', Date.UTC(2017, 9, 6, 17, 50, 59, 690)],
    ['2017-10-06T17:50:59.690+00:00', Date.UTC(2017, 9, 6, 17, 50, 59, 690)],
    ['2017-10-06T17:50:59-07:30', Date.UTC(2017, 9, 7, 1, 20, 59)],
    ['2017-10-06T17:50:59+0545', Date.UTC(2017, 9, 6, 12, 5, 59)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['1970-01-01T00:00:00Z', 0],
  ])('%s is an instant', (text, ms) => {
    expect(parseInstantMs(text)).toBe(ms);
  });

  it.each([
    '',
    '2017-10-06',
    '2017-10-06T17:50:59',
    '2017-10-06T17:50:59.690',
    '2017-10-06 17:50:59Z',
    '2017-10-06T17:50Z',
    '2017-10-06T17:50:59.Z',
    '2017-10-06T17:50:59:99Z',
    '2017-10-06T17:50:59.6901234567Z',
    '2017-10-06T17:50:59.690Z ',
    '2017-10-06T17:50:59.690Z\n',
    '2017-10-06T17:50:59+24:00',
    '2017-10-06T17:50:59+05',
    '2017-10-06T24:00:00Z',
    '2017-10-06T23:60:00Z',
    '2017-10-06T23:59:60Z',
    '2017-13-06T17:50:59Z',
    '2017-00-06T17:50:59Z',
    '2017-04-31T17:50:59Z',
    '2023-02-29T17:50:59Z',
    '2100-02-29T17:50:59Z',
    '0001-01-01T00:00:00Z',
    '1969-12-31T23:59:59.999Z',
    '1507312259690',
    'Fri, 06 Oct 2017 17:50:59 GMT',
    '２０17-10-06T17:50:59Z',
  ])('%j is none', (text) => {
    expect(parseInstantMs(text)).toBeNull();
  });

  it('comes back the same from every way of writing it, in any zone of the machine', () => {
    const offsets = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 });
    const digits = fc.stringMatching(/^\d{0,6}$/);
    fc.assert(
      fc.property(instants, offsets, digits, (ms, offsetMinutes, moreDigits) => {
        expect(parseInstantMs(formatInstant(ms))).toBe(ms);
        const localMs = ms + offsetMinutes * 60_000;
        fc.pre(localMs >= 0 && localMs <= LATEST);
        const local = formatInstant(localMs).slice(0, -1);
        const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
        const pad = (n: number) => String(n).padStart(2, '0');
        const zone = `${offsetMinutes < 0 ? '-' : '+'}${pad(hours)}:${pad(minutes)}`;
        expect(parseInstantMs(`${local}${moreDigits}${zone}`)).toBe(ms);
      }),
    );
  });

  it('is what Date makes of it, or nothing', () => {
    const part = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
    const millisecond = fc.oneof(
      fc.constant(''),
      fc.integer({ min: 0, max: 999 }).map((n) => `.${String(n).padStart(3, '0')}`),
    );
    const texts = fc
      .tuple(
        fc.integer({ min: 1970, max: 9999 }),
        part(14),
        part(33),
        part(25),
        part(61),
        part(61),
        millisecond,
      )
      .map(([y, mo, d, h, mi, s, ms]) => `${y}-${mo}-${d}T${h}:${mi}:${s}${ms}Z`);
    fc.assert(
      fc.property(texts, (text) => {
        const date = new Date(text);
        // Date rolls 30 February over and takes 24:00:00; neither is an instant here.
        const isExact = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, -1));
        expect(parseInstantMs(text)).toBe(isExact ? date.getTime() : null);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is never made of other text, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseInstantMs(text)).toBeNull();
      }),
    );
  });
});
