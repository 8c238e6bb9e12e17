import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generalHelp } from '../../src/cli/help.ts';
import { formatDuration } from '../../src/config/index.ts';
import {
  DEFAULT_DATABASE,
  DEFAULT_HOST,
  DEFAULT_PORT,
  DEFAULT_SIMULATOR_DATABASE,
  durationSettings,
  settingNames,
} from '../../src/config/settingTable.ts';
import { defaultPollerSettings } from '../../src/poller/index.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

describe('every setting', () => {
  it.each(settingNames)('%s stands in the README and in --help', (name) => {
    expect(readme).toContain(`\`${name}\``);
    expect(generalHelp([])).toMatch(new RegExp(`\\b${name}\\b`));
  });
});

describe('every setting that the README names', () => {
  it('exists', () => {
    const named = new Set(
      [...readme.matchAll(/`(RTA_[A-Z_]+|HOST|PORT|LOG_[A-Z]+)`/g)].map((match) => match[1]),
    );
    expect([...named].filter((name) => !settingNames.includes(name ?? ''))).toEqual([]);
  });
});

describe('the defaults', () => {
  const rowOf = (name: string): string =>
    readme.split('\n').find((line) => line.startsWith('| ') && line.includes(`\`${name}\``)) ?? '';

  const defaults: [name: string, text: string][] = [
    ['HOST', DEFAULT_HOST],
    ['PORT', String(DEFAULT_PORT)],
    ['RTA_DATABASE', DEFAULT_DATABASE],
    ['RTA_DATABASE', DEFAULT_SIMULATOR_DATABASE],
    ...Object.entries(durationSettings).map(([name, { defaultMs }]): [string, string] => [
      name,
      formatDuration(defaultMs),
    ]),
  ];

  it.each(defaults)('of %s, %s, stands in the README and in --help', (name, text) => {
    expect(rowOf(name)).toContain(`\`${text}\``);
    const help = generalHelp([])
      .split('\n')
      .find((line) => line.includes(` ${name} `));
    expect(help).toContain(text);
  });

  it('are those of the poller too', () => {
    expect(defaultPollerSettings).toMatchObject({
      pollIntervalMs: durationSettings.RTA_POLL_INTERVAL.defaultMs,
      settleMs: durationSettings.RTA_SETTLE.defaultMs,
      lookbackMs: durationSettings.RTA_LOOKBACK.defaultMs,
      backfillMs: durationSettings.RTA_BACKFILL.defaultMs,
    });
  });
});
