import { describe, expect, it } from 'vitest';
import { oneTenant } from '../../src/cli/configured.ts';
import type { Settings } from '../../src/config/index.ts';

const FIRST = '3e0f9a50-7d3b-11e7-b08f-6e56a766befb';
const SECOND = '9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d';
const tenants = (...ids: string[]): Pick<Settings, 'tenants'> => ({
  tenants: ids.map((tenantId) => ({
    tenantId,
    upstream: { kind: 'SIMULATOR' },
    database: `${tenantId}.sqlite`,
  })),
});

describe('--tenant', () => {
  it('is needed only where there are several, and then told by name', () => {
    expect(oneTenant(tenants(FIRST), undefined).tenantId).toBe(FIRST);
    expect(oneTenant(tenants(FIRST, SECOND), SECOND.toUpperCase()).tenantId).toBe(SECOND);
    expect(() => oneTenant(tenants(FIRST, SECOND), undefined)).toThrow(
      `--tenant: several tenants are configured; name one of ${FIRST}, ${SECOND}`,
    );
  });

  it('that is not configured is told with those that are', () => {
    expect(() => oneTenant(tenants(FIRST), SECOND)).toThrow(
      `--tenant: ${SECOND} is not configured; there is ${FIRST}`,
    );
  });
});
