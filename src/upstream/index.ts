/**
 * The vendor's page over HTTP: one function that reads one window whole or says exactly why it could not.
 * Knows nothing of schedules, coverage or storage.
 */
export { type CheckedBaseUrl, checkBaseUrl } from './baseUrl.ts';
export { type ClockOffset, createClockOffset } from './clockOffset.ts';
export { createUpstream, type UpstreamOptions } from './createUpstream.ts';
export { parseInstantMs } from './instant.ts';
export { type ParsedRow, parseRecord } from './parseRecord.ts';
export type { AgentStateRecord, CapacityGroup, QuarantinedRow, TransferRecord } from './record.ts';
export type { DateSample, ReadFailure, ReadOutcome, Upstream, WindowRead } from './upstream.ts';
export { isUuid, uuidTimeMs } from './uuid.ts';
