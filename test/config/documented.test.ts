import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generalHelp } from '../../src/cli/help.ts';
import { settingNames } from '../../src/config/index.ts';

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
