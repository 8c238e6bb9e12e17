import type { TenantSettings } from '../config/index.ts';
import { createMirrorReader, MirrorOpenError, type MirrorReader } from '../mirror/index.ts';
import { CliFailure } from './failure.ts';

/** A tenant's mirror, read-only: a gateway may be writing to it. Throws CliFailure. */
export const openMirrorReader = (tenant: TenantSettings): MirrorReader => {
  try {
    return createMirrorReader(tenant.database);
  } catch (error) {
    if (error instanceof MirrorOpenError) throw new CliFailure(1, [error.message]);
    throw error;
  }
};
