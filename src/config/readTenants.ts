import { join } from 'node:path';
import type { ConfigFile } from './configFile.ts';
import { givenBy, type SettingSource } from './given.ts';
import { readTenant } from './readTenant.ts';
import type { Refuse, TenantSettings } from './settings.ts';
import { DEFAULT_DATABASE, tenantSettingNames } from './settingTable.ts';

export type TenantsRead = {
  tenants: TenantSettings[];
  /** null: a mistake hides some. */
  tenantIds: readonly string[] | null;
};

/**
 * The tenants. One stands in the environment, in the file, or in both. Several stand in the file's `tenants` and nowhere
 * else: a value beside them could be meant for any of them, so it is refused rather than dropped.
 */
export const readTenants = (parts: {
  environment: SettingSource;
  file: ConfigFile;
  refuse: Refuse;
  refuseClearText: boolean;
}): TenantsRead => {
  const { environment, file, refuse, refuseClearText } = parts;
  const several = file.tenants.length > 1;
  const misplaced = refuseMisplaced(parts);
  const folder = givenBy([environment, file.top]).text('RTA_DATABASE') ?? './data';
  const read = several
    ? file.tenants.map((own, index) =>
        readTenant({
          given: givenBy([own, { values: {}, hidden: misplaced }]),
          label: (name) => `tenants[${index}].${name}`,
          refuse,
          mayBeSimulated: false,
          refuseClearText,
          defaultDatabase: (tenantId) => join(folder, `${tenantId}.sqlite`),
        }),
      )
    : [
        readTenant({
          given: givenBy([environment, ...file.tenants, file.top]),
          label: (name) => name,
          refuse,
          mayBeSimulated: true,
          refuseClearText,
          defaultDatabase: () => DEFAULT_DATABASE,
        }),
      ];
  const known = read.map(({ tenantId }) => tenantId).filter((id) => id !== null);
  for (const id of new Set(known.filter((one, index) => known.indexOf(one) !== index))) {
    refuse('RTA_TENANT_ID', `tenant ${id} stands twice in RTA_CONFIG`);
  }
  return {
    tenants: read.map(({ settings }) => settings).filter((one) => one !== null),
    tenantIds: known.length === read.length ? known : null,
  };
};

/** Refuses, and returns, what is set beside tenants that have it of their own. */
const refuseMisplaced = ({
  environment,
  file,
  refuse,
}: {
  environment: SettingSource;
  file: ConfigFile;
  refuse: Refuse;
}): ReadonlySet<string> => {
  const { top, tenants } = file;
  const misplaced = new Set<string>();
  if (tenants.length === 0) return misplaced;
  const isIn = (source: SettingSource, name: string) => (source.values[name] ?? '').trim() !== '';
  for (const name of tenantSettingNames) {
    // Beside tenants it is the folder of those that name no file of their own.
    if (name === 'RTA_DATABASE' && !tenants.every((own) => isIn(own, name))) continue;
    if (tenants.length > 1 && isIn(environment, name)) {
      misplaced.add(name);
      refuse(name, 'is set in the environment, but each tenant in RTA_CONFIG has its own; unset it');
    }
    if (isIn(top, name)) {
      misplaced.add(name);
      refuse('RTA_CONFIG', `${name} stands beside "tenants", but each tenant has its own; move it there`);
    }
  }
  return misplaced;
};
