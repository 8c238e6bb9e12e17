import type { AgentStateRecord } from '../src/upstream/index.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** The body that upstream answers for a window with these records. */
export const vendorPage = (tenantId: string, records: readonly AgentStateRecord[]): string =>
  JSON.stringify({
    tenantId,
    results: records.map(vendorRecord),
    total: records.length,
    limit: records.length,
    offset: 0,
  });

const vendorRecord = (record: AgentStateRecord) => ({
  platformAgentId: record.platformAgentId,
  eventType: record.eventType,
  loginTimestamp: record.loginMs === null ? null : iso(record.loginMs),
  nextEventId: record.nextEventId,
  agentName: record.agentName,
  sessionId: record.sessionId,
  capacity: record.capacity,
  transfers: record.transfers.map(({ interactionId, toAgentId, startMs, endMs }) => ({
    interactionId,
    toAgentId,
    transferStartTimestamp: startMs === null ? null : iso(startMs),
    transferEndTimestamp: endMs === null ? null : iso(endMs),
  })),
  agentId: record.agentId,
  presence: record.presence,
  end: record.endMs === null ? null : iso(record.endMs),
  durationSeconds: record.reportedDurationMs === null ? null : record.reportedDurationMs / 1_000,
  state: record.state,
  reasonName: record.reasonName,
  reasonListName: record.reasonListName,
  eventId: record.eventId,
  reasonListId: record.reasonListId,
  reasonId: record.reasonId,
  start: iso(record.startMs),
  tenantAgentId: record.tenantAgentId,
  allocation: record.allocation,
  direction: record.direction,
});
