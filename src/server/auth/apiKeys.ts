import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiKey } from '../settings.ts';
import type { Identity } from './authenticate.ts';

export type ApiKeyRing = { find(key: string): Identity | null };

/** Looks a key up by the hash of it; every entry is compared, in constant time, whether or not one has matched. */
export const createApiKeyRing = (keys: readonly ApiKey[]): ApiKeyRing => {
  const entries = keys.map((key) => ({ key, digest: Buffer.from(key.sha256hex, 'hex') }));
  return {
    find(presented) {
      const digest = createHash('sha256').update(presented).digest();
      let found: ApiKey | null = null;
      for (const entry of entries) {
        if (entry.digest.length === digest.length && timingSafeEqual(entry.digest, digest)) found = entry.key;
      }
      return found ? { viewer: { kind: 'API_KEY', name: found.name }, tenantId: found.tenantId } : null;
    },
  };
};
