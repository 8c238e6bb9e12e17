import { readFileSync } from 'node:fs';
import { alsoHidden, isSet, type SettingSource } from './given.ts';
import { nearMiss } from './nearMiss.ts';
import { reasonOf } from './reasonOf.ts';
import type { Refuse } from './settings.ts';
import { settingNames, tenantSettingNames } from './settingTable.ts';

export type ConfigFile = {
  /** What stands beside `tenants`. */
  top: SettingSource;
  tenants: readonly SettingSource[];
};

/** Tells what is wrong with one key, by its place in the file. Never quotes a value: it may be a password. */
type Tell = (place: string, problem: string) => void;

const allHidden = (names: readonly string[]): SettingSource => ({ values: {}, hidden: new Set(names) });

/** The JSON file that RTA_CONFIG names. What is wrong in it is told, and the rest of it taken all the same. */
export const readConfigFile = (path: string | null, refuse: Refuse): ConfigFile => {
  if (path === null) return { top: { values: {}, hidden: new Set() }, tenants: [] };
  const unusable = (problem: string): ConfigFile => {
    refuse('RTA_CONFIG', `${path} ${problem}`);
    return { top: allHidden(settingNames), tenants: [] };
  };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return unusable(`cannot be read: ${reasonOf(error)}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    // Only the place: the parser's own message quotes what stands there, which may be a password.
    const place = /\(line \d+ column \d+\)|position \d+/.exec(reasonOf(error))?.[0] ?? '';
    return unusable(`is no valid JSON ${place}`.trimEnd());
  }
  if (!isObject(json)) return unusable('is no JSON object; write {"RTA_UPSTREAM_URL": …}');
  const tell: Tell = (place, problem) => refuse('RTA_CONFIG', `${path}: ${place}: ${problem}`);
  const { tenants: list, ...beside } = json;
  const top = sourceOf(beside, '', allowedBeside, tell);
  const tenants = list === undefined ? [] : readTenantList(list, tell);
  const misspelt = top.hidden.has(TENANTS);
  if (tenants === null || misspelt) return { top: alsoHidden(top, tenantSettingNames), tenants: [] };
  const misplaced = ownedByTenants(tenants).filter((name) => isSet(top, name));
  for (const name of misplaced)
    tell(name, 'stands beside "tenants", but each tenant has its own; move it there');
  return { top, tenants: tenants.map((own) => alsoHidden(own, misplaced)) };
};

/**
 * What the environment and the top of the file may not set, as each tenant has it of its own: it could be meant for any.
 * RTA_DATABASE is the folder of those that name no file.
 */
export const ownedByTenants = (tenants: readonly SettingSource[]): readonly string[] =>
  tenants.length === 0
    ? []
    : tenantSettingNames.filter(
        (name) => name !== 'RTA_DATABASE' || tenants.every((own) => isSet(own, name)),
      );

const TENANTS = 'tenants';
const allowedBeside = [...settingNames.filter((name) => name !== 'RTA_CONFIG'), TENANTS];

const readTenantList = (list: unknown, tell: Tell): SettingSource[] | null => {
  if (!Array.isArray(list) || list.length === 0) {
    tell('tenants', 'is no list of one or more tenants');
    return null;
  }
  return list.map((tenant: unknown, index) => {
    const place = `tenants[${index}]`;
    if (isObject(tenant)) return sourceOf(tenant, `${place}.`, tenantSettingNames, tell);
    tell(place, 'is no object');
    return allHidden(tenantSettingNames);
  });
};

const sourceOf = (
  object: Readonly<Record<string, unknown>>,
  prefix: string,
  allowed: readonly string[],
  tell: Tell,
): SettingSource => {
  const values: Record<string, string> = {};
  const hidden = new Set<string>();
  for (const [name, value] of Object.entries(object)) {
    if (!allowed.includes(name)) {
      const meant = nearMiss(name, allowed);
      if (meant !== null) hidden.add(meant);
      tell(`${prefix}${name}`, placeOf(name) ?? `no such setting${meant ? `; ${meant} is one` : ''}`);
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      values[name] = String(value);
    } else {
      hidden.add(name);
      tell(`${prefix}${name}`, 'is neither text nor a number');
    }
  }
  return { values, hidden };
};

/** Where a setting belongs that exists, but not here. */
const placeOf = (name: string): string | null => {
  if (name === 'RTA_CONFIG') return 'names this file; only the environment can';
  return settingNames.includes(name) ? 'is the same for all tenants; set it beside "tenants"' : null;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
