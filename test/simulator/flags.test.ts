import { describe, expect, it } from 'vitest';
import {
  defaultVariants,
  noFaults,
  parseSimulatorFlags,
  realisticFaults,
  simulatorFlags,
} from '../../src/simulator/index.ts';

const optionsOf = (given: Record<string, string>) => {
  const parsed = parseSimulatorFlags(given);
  if (parsed.kind === 'ERRORS') throw new Error(parsed.errors.join('\n'));
  return parsed.options;
};
const errorsOf = (given: Record<string, string>): string[] => {
  const parsed = parseSimulatorFlags(given);
  return parsed.kind === 'ERRORS' ? parsed.errors : [];
};

describe('simulator flags', () => {
  it('stand alone: none given is a whole set of options', () => {
    expect(optionsOf({})).toMatchObject({
      seed: 1,
      preset: 'medium',
      host: '127.0.0.1',
      historyMs: 8 * 3_600_000,
      truth: false,
      variants: defaultVariants,
      faults: noFaults,
    });
  });

  it('offer every variant and every fault', () => {
    expect(Object.keys(optionsOf({}).variants ?? {}).sort()).toEqual(Object.keys(defaultVariants).sort());
    for (const flag of simulatorFlags.filter((one) => one.kind === 'rate')) {
      const { faults } = optionsOf({ [flag.name]: '0.25' });
      const moved = Object.entries(faults ?? {}).filter(([, value]) => value === 0.25);
      expect(moved, flag.name).toHaveLength(1);
    }
    const shares = Object.values(noFaults).filter((value) => value === 0).length - 1;
    expect(simulatorFlags.filter((one) => one.kind === 'rate')).toHaveLength(shares);
  });

  it('are described, named once, and accept their own defaults', () => {
    expect(new Set(simulatorFlags.map((flag) => flag.name)).size).toBe(simulatorFlags.length);
    for (const flag of simulatorFlags) {
      expect(flag.name).toMatch(/^[a-z0-9-]+$/);
      expect(flag.description.length).toBeGreaterThan(10);
      expect(errorsOf({ [flag.name]: flag.default })).toEqual([]);
      for (const choice of flag.choices ?? []) expect(errorsOf({ [flag.name]: choice })).toEqual([]);
    }
  });

  it('read the command line of the manual', () => {
    const options = optionsOf({
      seed: '7',
      preset: 'tiny',
      late: '0.01',
      'http-5xx': '0.1',
      truth: '',
      'id-version': '4',
      'window-filter': 'overlap',
      history: '3d',
      'clock-offset': '-2m',
      'uuid-skew': '5ms',
      outages: '2026-11-23T10:00:00Z/2026-11-23T10:20:00Z',
    });
    expect(options).toMatchObject({
      seed: 7,
      preset: 'tiny',
      truth: true,
      historyMs: 259_200_000,
      clockOffsetMs: -120_000,
      variants: { idVersion: 4, windowFilter: 'overlap' },
      faults: { late: 0.01, http5xx: 0.1, uuidSkewMs: 5, storm: 0 },
    });
    const tenOClock = Date.UTC(2026, 10, 23, 10);
    expect(options.faults?.outages).toEqual([{ fromMs: tenOClock, toMs: tenOClock + 1_200_000 }]);
  });

  it('add single faults to a set of them', () => {
    expect(optionsOf({ faults: 'realistic', late: '0.2' }).faults).toEqual({ ...realisticFaults, late: 0.2 });
  });

  it('tell all errors at once', () => {
    expect(
      errorsOf({
        late: '2',
        storm: 'often',
        preset: 'huge',
        history: '8',
        sede: '1',
        truth: 'yes',
        outages: 'a/b',
      }),
    ).toEqual([
      '--sede: there is no such flag',
      expect.stringMatching(/^--late: expected a share/),
      expect.stringMatching(/^--storm: expected a share/),
      expect.stringMatching(/^--outages: expected start\/end pairs/),
      expect.stringMatching(/^--preset: expected tiny, small, medium, large, xl/),
      expect.stringMatching(/^--history: expected a duration/),
      expect.stringMatching(/^--truth: expected true or false/),
    ]);
  });
});
