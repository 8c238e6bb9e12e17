import { readFileSync } from 'node:fs';
import { checkBaseUrl, isUuid } from '../upstream/index.ts';
import type { Given } from './given.ts';
import { reasonOf } from './reasonOf.ts';
import { secret } from './secret.ts';
import type { Refuse, TenantSettings } from './settings.ts';
import { DEFAULT_SIMULATOR_DATABASE, type TenantSettingName } from './settingTable.ts';
import { clearTextProblem } from './unsafe.ts';

/** The simulator's tenant, used where nothing is configured. */
export const SIMULATED_TENANT = '3e0f9a50-7d3b-11e7-b08f-6e56a766befb';

export type TenantRead = {
  /** null: a mistake leaves it open. */
  tenantId: string | null;
  /** null: there are mistakes. */
  settings: TenantSettings | null;
};

export type TenantParts = {
  given: Given;
  /** By what name the tenant's settings are told: `tenants[1].RTA_PASSWORD` where there are several. */
  label(name: TenantSettingName): string;
  refuse: Refuse;
  /** The simulator stands in for one tenant alone. */
  mayBeSimulated: boolean;
  refuseClearText: boolean;
  defaultDatabase(tenantId: string): string;
};

/** One tenant: its upstream, its credentials, its mirror's file. */
export const readTenant = (parts: TenantParts): TenantRead => {
  const { given, label, refuse } = parts;
  if (given.isUnset('RTA_UPSTREAM_URL')) return withoutUpstream(parts);
  const baseUrl = readBaseUrl(parts);
  const tenantId = readTenantId(parts);
  const username = readCredential('RTA_USERNAME', parts);
  if (username?.includes(':')) {
    refuse(label('RTA_USERNAME'), 'contains a colon, which basic authentication cannot carry');
  }
  const password = readCredential('RTA_PASSWORD', parts);
  if (baseUrl === null || tenantId === null || username === null || password === null) {
    return { tenantId, settings: null };
  }
  return {
    tenantId,
    settings: {
      tenantId,
      upstream: { kind: 'HTTP', ...baseUrl, username, password: secret(password) },
      database: given.text('RTA_DATABASE') ?? parts.defaultDatabase(tenantId),
    },
  };
};

const withoutUpstream = ({ given, label, refuse, mayBeSimulated }: TenantParts): TenantRead => {
  if (!mayBeSimulated) {
    refuse(label('RTA_UPSTREAM_URL'), 'is missing');
    return { tenantId: null, settings: null };
  }
  for (const name of [
    'RTA_TENANT_ID',
    'RTA_USERNAME',
    'RTA_PASSWORD',
    'RTA_USERNAME_FILE',
    'RTA_PASSWORD_FILE',
  ] as const) {
    if (given.text(name) === null) continue;
    refuse(label(name), 'is set, but RTA_UPSTREAM_URL is not: set it, or unset both for the simulator');
  }
  const database = given.text('RTA_DATABASE') ?? DEFAULT_SIMULATOR_DATABASE;
  return {
    tenantId: SIMULATED_TENANT,
    settings: { tenantId: SIMULATED_TENANT, upstream: { kind: 'SIMULATOR' }, database },
  };
};

const readBaseUrl = ({
  given,
  label,
  refuse,
  refuseClearText,
}: TenantParts): { baseUrl: string; insecure: boolean } | null => {
  const text = given.text('RTA_UPSTREAM_URL');
  if (text === null) return null;
  const checked = checkBaseUrl(text);
  if (!checked.ok) {
    refuse(label('RTA_UPSTREAM_URL'), checked.problem);
    return null;
  }
  const { url: baseUrl, insecure } = checked;
  if (insecure && refuseClearText) refuse(label('RTA_UPSTREAM_URL'), clearTextProblem(baseUrl));
  return { baseUrl, insecure };
};

const readTenantId = ({ given, label, refuse }: TenantParts): string | null => {
  const text = given.text('RTA_TENANT_ID');
  if (text !== null && isUuid(text)) return text.toLowerCase();
  if (text !== null) refuse(label('RTA_TENANT_ID'), `"${text}" is no UUID`);
  else if (given.isUnset('RTA_TENANT_ID')) {
    refuse(label('RTA_TENANT_ID'), 'is missing; it is the UUID of your CxEngage tenant');
  }
  return null;
};

/** From the setting, or from the file that its `_FILE` names. */
const readCredential = (
  name: 'RTA_USERNAME' | 'RTA_PASSWORD',
  { given, label, refuse }: TenantParts,
): string | null => {
  const fileName = `${name}_FILE` as const;
  const text = given.text(name);
  const path = given.text(fileName);
  if (path === null) {
    if (given.isUnset(name) && given.isUnset(fileName)) {
      refuse(label(name), `is missing; set it or ${fileName}`);
    }
    return text;
  }
  if (text !== null) {
    refuse(label(name), `is set, and ${fileName} too; set one of them`);
    return null;
  }
  try {
    const read = readFileSync(path, 'utf8').trim();
    if (read !== '') return read;
    refuse(label(fileName), `${path} is empty`);
  } catch (error) {
    refuse(label(fileName), `${path} cannot be read: ${reasonOf(error)}`);
  }
  return null;
};
