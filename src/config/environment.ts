import type { SettingSource } from './given.ts';
import { nearMiss } from './nearMiss.ts';
import type { Refuse } from './settings.ts';
import { settingNames } from './settingTable.ts';

export type Environment = Record<string, string | undefined>;

/**
 * The environment as a source. A misspelt name would otherwise be its default, silently; other programs' names are none
 * of our business.
 */
export const environmentSource = (environment: Environment, refuse: Refuse): SettingSource => {
  const hidden = new Set<string>();
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('RTA_') || settingNames.includes(name)) continue;
    const meant = nearMiss(name, settingNames);
    if (meant === null) continue;
    hidden.add(meant);
    refuse(name, `there is no such setting; ${meant} is one`);
  }
  return { values: environment, hidden };
};
