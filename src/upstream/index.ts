/**
 * The vendor's page over HTTP: one function that reads one window whole or says exactly why it could not.
 * Knows nothing of schedules, coverage or storage.
 */
export type { AgentStateRecord, CapacityGroup, QuarantinedRow, TransferRecord } from './record.ts';
export { isUuid, uuidTimeMs } from './uuid.ts';
export type { DateSample, ReadFailure, ReadOutcome, Upstream, WindowRead } from './upstream.ts';
