import { clearTextProblem, readSettings, type Settings, type TenantSettings } from '../config/index.ts';
import type { Option, Shell } from './command.ts';
import { CliFailure } from './failure.ts';

/** The settings, or every mistake in them, one line each; `refuseUnsafe` as `readSettings` has it. */
export const configured = (shell: Shell, options: { refuseUnsafe?: boolean } = {}): Settings => {
  const read = readSettings(shell.environment, { terminal: shell.terminal, ...options });
  if (read.ok) return read.settings;
  throw new CliFailure(
    2,
    read.errors.map(({ setting, problem }) => `${setting}: ${problem}`),
  );
};

export type ConfiguredUpstream = {
  tenant: TenantSettings;
  upstream: TenantSettings['upstream'] & { kind: 'HTTP' };
};

export const tenantOption: Record<string, Option> = {
  tenant: { kind: 'text', placeholder: 'uuid', description: 'which tenant, where several are configured' },
};

/** The one tenant that a command works on; `--tenant` chooses where several are configured. */
export const oneTenant = (
  settings: Pick<Settings, 'tenants'>,
  tenantId: string | undefined,
): TenantSettings => {
  const [first, ...others] = settings.tenants;
  const ids = settings.tenants.map((tenant) => tenant.tenantId).join(', ');
  if (tenantId !== undefined) {
    const found = settings.tenants.find((tenant) => tenant.tenantId === tenantId.toLowerCase());
    if (!found) throw new CliFailure(2, [`--tenant: ${tenantId} is not configured; there is ${ids}`]);
    return found;
  }
  if (!first || others.length > 0)
    throw new CliFailure(2, [`--tenant: several tenants are configured; name one of ${ids}`]);
  return first;
};

export const insecureOption = (description: string): Record<'insecure', Option> => ({
  insecure: { kind: 'boolean', description },
});

/** What is wrong with sending this tenant's password where it goes; null for TLS, loopback and no upstream at all. */
export const insecureUpstream = ({ upstream }: TenantSettings): string | null =>
  upstream.kind === 'HTTP' && upstream.insecure
    ? `RTA_UPSTREAM_URL: ${clearTextProblem(upstream.baseUrl)}`
    : null;

/** A tenant with an upstream of its own; the built-in simulator lives only as long as `serve`. */
export const withUpstream = (tenant: TenantSettings, insecure: boolean): ConfiguredUpstream => {
  const { upstream } = tenant;
  if (upstream.kind === 'SIMULATOR') {
    throw new CliFailure(2, [
      'RTA_UPSTREAM_URL: is not set; this command needs an upstream (rta-gateway simulate starts one)',
    ]);
  }
  const problem = insecureUpstream(tenant);
  if (problem !== null && !insecure) throw new CliFailure(2, [problem]);
  return { tenant, upstream };
};
