import type { AgentStateRecord } from '../../upstream/index.ts';

/**
 * How complete a version of a record is, as one number: has an end, then has a successor, then how many of its transfers
 * have ended, then how many attributes it bears. A less complete version never replaces a more complete one, in
 * whatever order they arrive.
 */
export const completenessOf = (record: AgentStateRecord): number => {
  let ended = 0;
  for (const transfer of record.transfers) if (transfer.endMs !== null) ended += 1;
  let attributes = 0;
  for (const value of [
    record.sessionId,
    record.eventType,
    record.loginMs,
    record.agentName,
    record.platformAgentId,
    record.tenantAgentId,
    record.presence,
    record.state,
    record.allocation,
    record.direction,
    record.reasonId,
    record.reasonName,
    record.reasonListId,
    record.reasonListName,
    record.reportedDurationMs,
    record.capacity,
  ]) {
    if (value !== null) attributes += 1;
  }
  if (record.startSource === 'REPORTED') attributes += 1;
  return (
    (record.endMs === null ? 0 : 2 ** 30) +
    (record.nextEventId === null ? 0 : 2 ** 29) +
    Math.min(ended, 2 ** 20 - 1) * 2 ** 8 +
    attributes
  );
};
