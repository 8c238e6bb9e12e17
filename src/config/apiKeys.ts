import type { Refuse, Settings } from './settings.ts';

const API_KEY = /^([\w.-]+):([0-9a-f]{64})(?::([0-9a-f-]{36}))?$/i;

/** RTA_API_KEYS. `tenantIds`: the tenants that a key may open; null while not all of them are known. */
export const readApiKeys = (
  text: string | null,
  tenantIds: readonly string[] | null,
  refuse: Refuse,
): Settings['apiKeys'] => {
  const keys: Settings['apiKeys'] = [];
  for (const [index, entry] of (text?.split(',') ?? []).entries()) {
    const place = `entry ${index + 1}`;
    const [, name, hash, tenant] = API_KEY.exec(entry.trim()) ?? [];
    if (name === undefined || hash === undefined) {
      // The entry itself is not repeated: somebody may have put the key where its hash belongs.
      refuse('RTA_API_KEYS', `${place} is not name:sha256hex or name:sha256hex:tenant`);
      continue;
    }
    const tenantId = tenant?.toLowerCase() ?? null;
    if (tenantId !== null && tenantIds !== null && !tenantIds.includes(tenantId)) {
      refuse('RTA_API_KEYS', `${place} opens tenant ${tenantId}, which is not configured`);
    }
    keys.push({ name, sha256hex: hash.toLowerCase(), tenantId });
  }
  return keys;
};
