import { parseInstantMs } from './instant.ts';
import type { AgentStateRecord, CapacityGroup, QuarantinedRow, TransferRecord } from './record.ts';
import { isUuid, uuidTimeMs } from './uuid.ts';

export type ParsedRow = {
  /** null: the row is in `quarantined`, whole. */
  record: AgentStateRecord | null;
  quarantined: QuarantinedRow[];
};

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const asUuid = (value: unknown): string | null =>
  typeof value === 'string' && isUuid(value) ? value.toLowerCase() : null;
const asInstant = (value: unknown): number | null =>
  typeof value === 'string' ? parseInstantMs(value) : null;
const asNumber = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
/** The vendor writes `limit` as a string where it means a number; ids could be met the same way. */
const asInt32 = (value: unknown): number | null => {
  const number = typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && Math.abs(number) <= 0x7fffffff
    ? number
    : null;
};

const parseGroup = (value: unknown): CapacityGroup | null => {
  if (!isObject(value)) return null;
  const channels: Record<string, number> = {};
  if (value['channels'] !== undefined && value['channels'] !== null) {
    if (!isObject(value['channels'])) return null;
    for (const [channel, count] of Object.entries(value['channels'])) {
      if (count === null) continue;
      if (typeof count !== 'number' || !Number.isFinite(count)) return null;
      channels[channel] = count;
    }
  }
  const { allocation, load, capacity } = value;
  const wrong =
    (allocation != null && typeof allocation !== 'string') ||
    (load != null && asNumber(load) === null) ||
    (capacity != null && asNumber(capacity) === null);
  if (wrong) return null;
  return { channels, allocation: asText(allocation), load: asNumber(load), capacity: asNumber(capacity) };
};

/** null when any group has an unexpected shape: the attribute is then kept whole in `extra`. */
const parseCapacity = (value: unknown): CapacityGroup[] | null => {
  if (!Array.isArray(value)) return null;
  const groups = value.map(parseGroup);
  return groups.every((group) => group !== null) ? groups : null;
};

const parseTransfer = (value: unknown): TransferRecord | null => {
  if (!isObject(value)) return null;
  const interactionId = asUuid(value['interactionId']);
  const toAgentId = asUuid(value['toAgentId']);
  const startMs = asInstant(value['transferStartTimestamp']);
  if (interactionId === null || toAgentId === null || startMs === null) return null;
  const end = value['transferEndTimestamp'];
  const endMs = asInstant(end);
  if (end != null && endMs === null) return null;
  return { interactionId, toAgentId, startMs, endMs };
};

const rowOf = (reason: QuarantinedRow['reason'], row: unknown): QuarantinedRow => ({
  reason,
  rawJson: JSON.stringify(row) ?? 'undefined',
});

/**
 * One row of `results` as a record. Lenient attribute by attribute: one that is missing or null is null, one of an
 * unexpected type or an unknown name goes to `extra` as it came. Only a row without identity or instant is set aside.
 *
 * By hand rather than with zod, which the envelope uses: 12,800 rows of a full window take about 60 ms here, and a
 * schema with a transform for each of the 25 attributes several times that.
 */
export const parseRecord = (row: unknown): ParsedRow => {
  const refuse = (reason: QuarantinedRow['reason']): ParsedRow => ({
    record: null,
    quarantined: [rowOf(reason, row)],
  });
  if (!isObject(row)) return refuse('NOT_AN_OBJECT');
  const eventId = asUuid(row['eventId']);
  if (eventId === null) return refuse('NO_EVENT_ID');
  const agentId = asUuid(row['agentId']);
  if (agentId === null) return refuse('NO_AGENT_ID');

  let extra: Json | null = null;
  const keep = (name: string) => {
    extra ??= {};
    // defineProperty: an attribute called __proto__ must be kept too, and must not become one.
    Object.defineProperty(extra, name, {
      value: row[name],
      enumerable: true,
      configurable: true,
      writable: true,
    });
  };
  const take = <T>(name: string, parse: (value: unknown) => T | null): T | null => {
    const value = row[name];
    if (value === undefined || value === null) return null;
    const parsed = parse(value);
    if (parsed === null) keep(name);
    return parsed;
  };

  const reportedStartMs = take('start', asInstant);
  const startMs = reportedStartMs ?? uuidTimeMs(eventId);
  if (startMs === null) return refuse('NO_START');

  const quarantined: QuarantinedRow[] = [];
  const transfers: TransferRecord[] = [];
  const rawTransfers = take('transfers', (value) => (Array.isArray(value) ? value : null));
  for (const raw of rawTransfers ?? []) {
    const transfer = parseTransfer(raw);
    if (transfer) transfers.push(transfer);
    else quarantined.push(rowOf('TRANSFER_INCOMPLETE', { eventId, agentId, transfer: raw }));
  }
  const durationSeconds = take('durationSeconds', asNumber);

  const record: AgentStateRecord = {
    eventId,
    agentId,
    startMs,
    startSource: reportedStartMs === null ? 'EVENT_ID' : 'REPORTED',
    sessionId: take('sessionId', asUuid),
    eventType: take('eventType', asText),
    loginMs: take('loginTimestamp', asInstant),
    nextEventId: take('nextEventId', asUuid),
    agentName: take('agentName', asText),
    platformAgentId: take('platformAgentId', asInt32),
    tenantAgentId: take('tenantAgentId', asInt32),
    presence: take('presence', asText),
    state: take('state', asText),
    allocation: take('allocation', asText),
    direction: take('direction', asText),
    reasonId: take('reasonId', asText),
    reasonName: take('reasonName', asText),
    reasonListId: take('reasonListId', asText),
    reasonListName: take('reasonListName', asText),
    endMs: take('end', asInstant),
    reportedDurationMs: durationSeconds === null ? null : Math.round(durationSeconds * 1_000),
    capacity: take('capacity', parseCapacity),
    transfers,
    extra: null,
  };
  for (const name of Object.keys(row)) if (!KNOWN.has(name)) keep(name);
  record.extra = extra;
  return { record, quarantined };
};

const KNOWN = new Set([
  'eventId',
  'agentId',
  'start',
  'sessionId',
  'eventType',
  'loginTimestamp',
  'nextEventId',
  'agentName',
  'platformAgentId',
  'tenantAgentId',
  'presence',
  'state',
  'allocation',
  'direction',
  'reasonId',
  'reasonName',
  'reasonListId',
  'reasonListName',
  'end',
  'durationSeconds',
  'capacity',
  'transfers',
]);
