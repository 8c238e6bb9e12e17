import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packId } from '../../../src/mirror/index.ts';
import { formatInstant, parseInstant } from '../../../src/schema/scalars/dateTime.ts';
import { formatDuration, parseDuration } from '../../../src/schema/scalars/duration.ts';
import { uuidScalar } from '../../../src/schema/scalars/uuid.ts';

const MAX_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

test('an instant goes out as toISOString writes it, whatever day was written before it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: MAX_MS }), { minLength: 1 }), (instants) => {
      expect(instants.map(formatInstant)).toEqual(instants.map((one) => new Date(one).toISOString()));
    }),
  );
});

test('an instant comes in with any offset', () => {
  expect(parseInstant('2026-11-23T10:15:00+01:00')).toBe(Date.UTC(2026, 10, 23, 9, 15));
  expect(parseInstant('2026-11-23T03:45:00.5-05:30')).toBe(Date.UTC(2026, 10, 23, 9, 15, 0, 500));
  expect(parseInstant('2026-11-23t09:15:00.123456z')).toBe(Date.UTC(2026, 10, 23, 9, 15, 0, 123));
  expect(parseInstant('2024-02-29T00:00:00Z')).toBe(Date.UTC(2024, 1, 29));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MAX_MS }), (atMs) => {
      expect(parseInstant(formatInstant(atMs))).toBe(atMs);
    }),
  );
});

test.each([
  '2026-11-23',
  '2026-11-23T09:15:00',
  '2026-11-23 09:15:00Z',
  '2026-11-23T09:15Z',
  '2026-02-29T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-11-00T00:00:00Z',
  '2026-11-23T24:00:00Z',
  '2026-11-23T09:60:00Z',
  '2026-11-23T09:15:60Z',
  '2026-11-23T09:15:00+24:00',
  '1969-12-31T23:59:59Z',
  '0070-01-01T00:00:00Z',
  '0099-12-31T23:59:59Z',
  '0000-01-01T00:00:00Z',
  '1795397820000',
  '',
])('%s is no instant', (text) => {
  expect(parseInstant(text)).toBeNull();
});

test('a duration is read as it is written', () => {
  expect(formatDuration(0)).toBe('PT0S');
  expect(formatDuration(90 * 60_000)).toBe('PT1H30M');
  expect(formatDuration(3 * 86_400_000 + 250)).toBe('P3DT0.250S');
  expect(parseDuration('P1W')).toBe(7 * 86_400_000);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms);
    }),
  );
});

test.each(['P', 'PT', 'P1M', 'P1Y', '15s', '-PT1S', 'PT1.2345S', 'P1DT'])('%s is no duration', (text) => {
  expect(parseDuration(text)).toBeNull();
});

test('a UUID comes in in any case and goes out in lower case, also from its packed bytes', () => {
  fc.assert(
    fc.property(fc.uuid(), (uuid) => {
      expect(uuidScalar.parseValue(uuid.toUpperCase())).toBe(uuid);
      expect(uuidScalar.serialize(packId(uuid))).toBe(uuid);
    }),
  );
});

test.each(['', '0a62f71004cd11eab2ef8f1a0e1b5a7c', '{0a62f710-04cd-11ea-b2ef-8f1a0e1b5a7c}', 7, null])(
  '%s is no UUID',
  (value) => {
    expect(() => uuidScalar.parseValue(value)).toThrow(/UUID/);
  },
);
