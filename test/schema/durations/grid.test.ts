import { describe, expect, it } from 'vitest';
import {
  bucketsAtMost,
  findTimeZone,
  type Granularity,
  layGrid,
} from '../../../src/schema/durations/grid.ts';

const ms = (text: string) => Date.parse(text);
const lengths = (from: string, to: string, granularity: Granularity, zone: string) => {
  const { edgesMs } = layGrid(ms(from), ms(to), granularity, zone);
  return edgesMs.slice(1).map((edge, i) => (edge - edgesMs[i]!) / 60_000);
};

describe('layGrid', () => {
  it('gives one bucket for WHOLE', () => {
    expect(layGrid(1_000, 9_000, 'WHOLE', 'UTC').edgesMs).toEqual([1_000, 9_000]);
  });

  it('cuts the first and the last bucket where the range is', () => {
    expect(lengths('2026-01-01T00:10:00Z', '2026-01-01T00:50:00Z', 'FIFTEEN_MINUTES', 'UTC')).toEqual([
      5, 15, 15, 5,
    ]);
  });

  it('makes a day of 23 hours in spring and of 25 in autumn in Europe/Berlin', () => {
    expect(lengths('2026-03-27T23:00:00Z', '2026-03-30T22:00:00Z', 'DAY', 'Europe/Berlin')).toEqual([
      1440, 1380, 1440,
    ]);
    expect(lengths('2026-10-23T22:00:00Z', '2026-10-26T23:00:00Z', 'DAY', 'Europe/Berlin')).toEqual([
      1440, 1500, 1440,
    ]);
  });

  it('gives the repeated hour two buckets that differ in offset', () => {
    const { edgesMs, offsetsMs } = layGrid(
      ms('2026-10-25T00:00:00Z'),
      ms('2026-10-25T02:00:00Z'),
      'HOUR',
      'Europe/Berlin',
    );
    expect(edgesMs.map((edge) => new Date(edge).toISOString().slice(11, 16))).toEqual([
      '00:00',
      '01:00',
      '02:00',
    ]);
    expect(offsetsMs).toEqual([7_200_000, 3_600_000]);
  });

  it('lays hours on the wall clock of zones whose offset is no whole hour', () => {
    const { edgesMs } = layGrid(
      ms('2026-01-01T00:00:00Z'),
      ms('2026-01-01T02:00:00Z'),
      'HOUR',
      'Asia/Kathmandu',
    );
    expect(edgesMs.map((edge) => new Date(edge).toISOString().slice(11, 16))).toEqual([
      '00:00',
      '00:15',
      '01:15',
      '02:00',
    ]);
    expect(lengths('2026-01-01T03:30:00Z', '2026-01-02T03:30:00Z', 'DAY', 'America/St_Johns')).toEqual([
      1440,
    ]);
  });

  it('splits the half hour of Lord Howe', () => {
    // 2026-04-05 02:00 goes back to 01:30; 2026-10-04 02:00 goes on to 02:30.
    expect(lengths('2026-04-04T14:00:00Z', '2026-04-04T16:30:00Z', 'HOUR', 'Australia/Lord_Howe')).toEqual([
      60, 30, 60,
    ]);
    expect(lengths('2026-10-03T14:30:00Z', '2026-10-03T16:30:00Z', 'HOUR', 'Australia/Lord_Howe')).toEqual([
      60, 30, 30,
    ]);
    expect(lengths('2026-04-04T13:00:00Z', '2026-04-05T13:30:00Z', 'DAY', 'Australia/Lord_Howe')).toEqual([
      1470,
    ]);
  });

  it('begins a day at the change where midnight is skipped', () => {
    // Cairo, 2026-04-24: 00:00 becomes 01:00.
    expect(lengths('2026-04-22T22:00:00Z', '2026-04-24T21:00:00Z', 'DAY', 'Africa/Cairo')).toEqual([
      1440, 1380,
    ]);
  });

  it('tiles the range exactly, whatever the zone and size', () => {
    for (const zone of [
      'UTC',
      'Europe/Berlin',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'America/St_Johns',
      'Africa/Cairo',
    ]) {
      for (const size of ['FIVE_MINUTES', 'FIFTEEN_MINUTES', 'THIRTY_MINUTES', 'HOUR', 'DAY'] as const) {
        const [from, to] = [ms('2026-03-20T07:03:01.007Z'), ms('2026-04-26T11:00:00.500Z')];
        const { edgesMs, offsetsMs } = layGrid(from, to, size, zone);
        expect(edgesMs[0]).toBe(from);
        expect(edgesMs.at(-1)).toBe(to);
        expect(edgesMs.every((edge, i) => i === 0 || edge > edgesMs[i - 1]!)).toBe(true);
        expect(offsetsMs).toHaveLength(edgesMs.length - 1);
        expect(edgesMs.length - 1).toBeLessThanOrEqual(bucketsAtMost(from, to, size));
      }
    }
  });
});

describe('findTimeZone', () => {
  it('knows IANA names and refuses everything else', () => {
    expect(findTimeZone('Europe/Berlin')).toBe('Europe/Berlin');
    expect(findTimeZone('Etc/GMT+5')).toBe('Etc/GMT+5');
    for (const wrong of ['Mars/Olympus', '+02:00', '', 'Europe/']) expect(findTimeZone(wrong)).toBeNull();
  });

  it('takes no instant or time for a zone, though it has an offset in it', () => {
    for (const wrong of [
      '2026-11-25T00:00:00+05:00',
      '2026-11-25T00:00:00Z',
      '2026-11-25T00:00:00+01:00[Europe/Berlin]',
      '2026-11-25T00:00[Europe/Berlin]',
      'T12:00+05:00',
      'T12+05',
      'T12Z',
      '20261125T000000Z',
    ]) {
      expect(findTimeZone(wrong)).toBeNull();
    }
  });
});
