import { join } from 'node:path';
import { type ConfigFile, ownedByTenants } from './configFile.ts';
import { alsoHidden, givenBy, isSet, type SettingSource } from './given.ts';
import { readTenant } from './readTenant.ts';
import type { Refuse, TenantSettings } from './settings.ts';
import { DEFAULT_DATABASE } from './settingTable.ts';

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
  const misplaced = several ? ownedByTenants(file.tenants).filter((name) => isSet(environment, name)) : [];
  for (const name of misplaced) {
    refuse(name, 'is set in the environment, but each tenant in RTA_CONFIG has its own; unset it');
  }
  const folder = givenBy([environment, file.top]).text('RTA_DATABASE') ?? './data';
  const read = several
    ? file.tenants.map((own, index) =>
        readTenant({
          given: givenBy([alsoHidden(own, misplaced)]),
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
