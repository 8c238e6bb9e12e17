/** A tenant is a mirror: its file, the thread that writes it, and the upstream that it is read from. */
export { accountOf } from './account.ts';
export type { WriterAssignment } from './messages.ts';
export { type SimulatedUpstream, startSimulatedUpstream } from './simulatedUpstream.ts';
export { type RunningTenant, startTenant, TenantRefusedError } from './startTenant.ts';
