import { parseInstantMs } from './instant.ts';
import { parseCapacity } from './parseCapacity.ts';
import { parseTransfers } from './parseTransfers.ts';
import { isJsonObject, keepable, rawJson } from './rawJson.ts';
import type { AgentStateRecord, QuarantinedRow } from './record.ts';
import { asUuid, uuidTimeMs } from './uuid.ts';

export type ParsedRow = {
  /** null: the row is in `quarantined`, whole. */
  record: AgentStateRecord | null;
  /** The row that is no record, or those transfers of a record that lack what makes a transfer. */
  quarantined: QuarantinedRow[];
};

type Reading = {
  /** '' and NaN: not read yet. */
  record: AgentStateRecord;
  incompleteTransfers: unknown[];
};

const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const asInstantMs = (value: unknown): number | null =>
  typeof value === 'string' ? parseInstantMs(value) : null;

const INT32_TEXT = /^-?\d{1,10}$/;
const asInt32 = (value: unknown): number | null => {
  const number = typeof value === 'string' && INT32_TEXT.test(value) ? Number(value) : value;
  return typeof number === 'number' && (number | 0) === number ? number : null;
};

const asMilliseconds = (seconds: unknown): number | null => {
  const ms = typeof seconds === 'number' ? Math.round(seconds * 1000) : Number.NaN;
  return Number.isSafeInteger(ms) ? ms : null;
};

/**
 * Puts an attribute's value, never null, into the record; false when the value must also be kept as it came.
 *
 * By hand, not by zod, which takes twice as long without yet telling what is to be kept; and a case for each name, not a
 * table of them, which takes 2.4 times as long: setting an attribute whose name is known where it is set costs next to
 * nothing. 12,800 records, the busiest ten minutes of 5,000 agents, are 280,000 of them, in the thread that also writes.
 */
const take = (reading: Reading, name: string, value: unknown): boolean => {
  const { record } = reading;
  switch (name) {
    case 'eventId':
      record.eventId = asUuid(value) ?? '';
      return record.eventId !== '';
    case 'agentId':
      record.agentId = asUuid(value) ?? '';
      return record.agentId !== '';
    case 'start':
      record.startMs = asInstantMs(value) ?? Number.NaN;
      return !Number.isNaN(record.startMs);
    case 'end':
      record.endMs = asInstantMs(value);
      return record.endMs !== null;
    case 'sessionId':
      record.sessionId = asUuid(value);
      return record.sessionId !== null;
    case 'nextEventId':
      record.nextEventId = asUuid(value);
      return record.nextEventId !== null;
    case 'eventType':
      record.eventType = asText(value);
      return record.eventType !== null;
    case 'loginTimestamp':
      record.loginMs = asInstantMs(value);
      return record.loginMs !== null;
    case 'agentName':
      record.agentName = asText(value);
      return record.agentName !== null;
    case 'platformAgentId':
      record.platformAgentId = asInt32(value);
      return record.platformAgentId !== null;
    case 'tenantAgentId':
      record.tenantAgentId = asInt32(value);
      return record.tenantAgentId !== null;
    case 'presence':
      record.presence = asText(value);
      return record.presence !== null;
    case 'state':
      record.state = asText(value);
      return record.state !== null;
    case 'allocation':
      record.allocation = asText(value);
      return record.allocation !== null;
    case 'direction':
      record.direction = asText(value);
      return record.direction !== null;
    // Reasons are the tenant's own lists: their ids need not be UUIDs.
    case 'reasonId':
      record.reasonId = asUuid(value) ?? asText(value);
      return record.reasonId !== null;
    case 'reasonName':
      record.reasonName = asText(value);
      return record.reasonName !== null;
    case 'reasonListId':
      record.reasonListId = asUuid(value) ?? asText(value);
      return record.reasonListId !== null;
    case 'reasonListName':
      record.reasonListName = asText(value);
      return record.reasonListName !== null;
    case 'durationSeconds':
      record.reportedDurationMs = asMilliseconds(value);
      return record.reportedDurationMs !== null;
    case 'capacity': {
      const { groups, whole } = parseCapacity(value);
      record.capacity = groups;
      return whole;
    }
    case 'transfers': {
      const { transfers, incomplete, whole } = parseTransfers(value);
      record.transfers = transfers;
      reading.incompleteTransfers = incomplete;
      return whole;
    }
    default:
      return false;
  }
};

const blank = (): Reading => ({
  record: {
    sessionId: null,
    eventType: null,
    loginMs: null,
    nextEventId: null,
    agentName: null,
    platformAgentId: null,
    tenantAgentId: null,
    presence: null,
    state: null,
    allocation: null,
    direction: null,
    reasonId: null,
    reasonName: null,
    reasonListId: null,
    reasonListName: null,
    endMs: null,
    reportedDurationMs: null,
    capacity: null,
    transfers: [],
    eventId: '',
    agentId: '',
    startMs: Number.NaN,
    startSource: 'REPORTED',
    extra: null,
  },
  incompleteTransfers: [],
});

/**
 * One row of the page, a value of `JSON.parse`, as a record, or as what to set aside and why. Never throws, and loses
 * nothing: what is not understood, or only in part, is in `extra` under its own name.
 */
export const parseRecord = (row: unknown): ParsedRow => {
  if (!isJsonObject(row)) return refused('NOT_AN_OBJECT', row);
  const reading = blank();
  const kept: [string, unknown][] = [];
  for (const name in row) {
    const value = row[name];
    if (value === null || value === undefined) continue;
    if (!take(reading, name, value)) kept.push([name, keepable(value)]);
  }
  const { record, incompleteTransfers } = reading;
  const { eventId, agentId } = record;
  if (eventId === '') return refused('NO_EVENT_ID', row);
  if (agentId === '') return refused('NO_AGENT_ID', row);
  if (Number.isNaN(record.startMs)) {
    const mintedMs = uuidTimeMs(eventId);
    if (mintedMs === null) return refused('NO_START', row);
    record.startMs = mintedMs;
    record.startSource = 'EVENT_ID';
  }
  if (kept.length > 0) record.extra = inOneOrder(kept);
  const quarantined = incompleteTransfers.map((transfer) =>
    setAside('TRANSFER_INCOMPLETE', { eventId, agentId, transfer }),
  );
  return { record, quarantined };
};

const setAside = (reason: QuarantinedRow['reason'], row: unknown): QuarantinedRow => ({
  reason,
  rawJson: rawJson(row),
});

const refused = (reason: QuarantinedRow['reason'], row: unknown): ParsedRow => ({
  record: null,
  quarantined: [setAside(reason, row)],
});

/** By name: attributes in another order on the next read are no revision. `fromEntries` keeps even `__proto__`. */
const inOneOrder = (kept: [string, unknown][]): Record<string, unknown> =>
  Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
