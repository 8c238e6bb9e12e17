import { formatDuration, parseDurationMs } from './duration.ts';
import type { Given } from './given.ts';
import type { Refuse } from './settings.ts';
import { type DurationName, durationSettings, type SettingName } from './settingTable.ts';

/** Settings as values. What is set wrongly is told, and its default stands in while the rest is looked at. */
export const createValues = (given: Given, refuse: Refuse) => ({
  durationMs(name: DurationName): number {
    const { defaultMs, minMs, maxMs } = durationSettings[name];
    const text = given.text(name);
    if (text === null) return defaultMs;
    const ms = parseDurationMs(text);
    if (ms !== null && ms >= minMs && ms <= maxMs) return ms;
    refuse(
      name,
      ms === null
        ? `"${text}" is no duration; write e.g. ${formatDuration(defaultMs)}`
        : `${text} is out of range; from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`,
    );
    return defaultMs;
  },

  integer<T extends number | null>(name: SettingName, fallback: T, bounds: { min: number; max: number }) {
    const text = given.text(name);
    if (text === null) return fallback;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= bounds.min && value <= bounds.max) return value;
    refuse(name, `"${text}" is no whole number from ${bounds.min} to ${bounds.max}`);
    return fallback;
  },

  choice<T extends string>(name: SettingName, values: readonly T[], fallback: T): T {
    const text = given.text(name);
    if (text === null) return fallback;
    const found = values.find((value) => value === text.toLowerCase());
    if (found === undefined) refuse(name, `"${text}" is not one of ${values.join(', ')}`);
    return found ?? fallback;
  },

  address(name: SettingName): string | null {
    const text = given.text(name);
    if (text !== null && !URL.canParse(text)) refuse(name, `"${text}" is no address`);
    return text;
  },
});
