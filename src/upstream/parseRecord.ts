import { parseInstantMs } from './instant.ts';
import { parseCapacity } from './parseCapacity.ts';
import { parseTransfers } from './parseTransfers.ts';
import { isJsonObject, keepable, rawJson } from './rawJson.ts';
import type { AgentStateRecord, QuarantinedRow } from './record.ts';
import { isUuid, uuidTimeMs } from './uuid.ts';

export type ParsedRow = {
  /** null: the row is in `quarantined`, whole. */
  record: AgentStateRecord | null;
  /** The row that is no record, or those transfers of a record that lack what makes a transfer. */
  quarantined: QuarantinedRow[];
};

type Draft = Omit<AgentStateRecord, 'eventId' | 'agentId' | 'startMs' | 'startSource' | 'extra'> & {
  eventId: string | null;
  agentId: string | null;
  startMs: number | null;
  incompleteTransfers: unknown[];
};

/** Puts an attribute's value, never null, into the draft; false when the value must also be kept as it came. */
type Reader = (draft: Draft, value: unknown) => boolean;

type NamesOf<T> = { [K in keyof Draft]: Draft[K] extends T ? K : never }[keyof Draft];
type TextName = Exclude<NamesOf<string | null>, undefined>;
type NumberName = Exclude<NamesOf<number | null>, undefined>;

const text =
  (name: TextName): Reader =>
  (draft, value) => {
    if (typeof value !== 'string') return false;
    draft[name] = value;
    return true;
  };

const uuid =
  (name: TextName): Reader =>
  (draft, value) => {
    if (typeof value !== 'string' || !isUuid(value)) return false;
    draft[name] = value.toLowerCase();
    return true;
  };

/** Reasons are the tenant's own lists: their ids need not be UUIDs. */
const anyId =
  (name: TextName): Reader =>
  (draft, value) => {
    if (typeof value !== 'string') return false;
    draft[name] = isUuid(value) ? value.toLowerCase() : value;
    return true;
  };

const instant =
  (name: NumberName): Reader =>
  (draft, value) => {
    draft[name] = typeof value === 'string' ? parseInstantMs(value) : null;
    return draft[name] !== null;
  };

const INT32_TEXT = /^-?\d{1,10}$/;
const int32 =
  (name: NumberName): Reader =>
  (draft, value) => {
    const number = typeof value === 'string' && INT32_TEXT.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || (number | 0) !== number) return false;
    draft[name] = number;
    return true;
  };

/**
 * By hand, not by zod: 12,800 records, the busiest ten minutes of 5,000 agents, take 70 ms of the thread that also
 * writes; a zod schema of the same attributes took 140 ms, without yet telling what is to be kept as it came.
 */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['eventId', uuid('eventId')],
  ['agentId', uuid('agentId')],
  ['start', instant('startMs')],
  ['end', instant('endMs')],
  ['sessionId', uuid('sessionId')],
  ['nextEventId', uuid('nextEventId')],
  ['eventType', text('eventType')],
  ['loginTimestamp', instant('loginMs')],
  ['agentName', text('agentName')],
  ['platformAgentId', int32('platformAgentId')],
  ['tenantAgentId', int32('tenantAgentId')],
  ['presence', text('presence')],
  ['state', text('state')],
  ['allocation', text('allocation')],
  ['direction', text('direction')],
  ['reasonId', anyId('reasonId')],
  ['reasonName', text('reasonName')],
  ['reasonListId', anyId('reasonListId')],
  ['reasonListName', text('reasonListName')],
  [
    'durationSeconds',
    (draft, value) => {
      const durationMs = typeof value === 'number' ? Math.round(value * 1000) : Number.NaN;
      if (!Number.isSafeInteger(durationMs)) return false;
      draft.reportedDurationMs = durationMs;
      return true;
    },
  ],
  [
    'capacity',
    (draft, value) => {
      const { groups, whole } = parseCapacity(value);
      draft.capacity = groups;
      return whole;
    },
  ],
  [
    'transfers',
    (draft, value) => {
      const { transfers, incomplete, whole } = parseTransfers(value);
      draft.transfers = transfers;
      draft.incompleteTransfers = incomplete;
      return whole;
    },
  ],
]);

const blank = (): Draft => ({
  eventId: null,
  agentId: null,
  startMs: null,
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
  incompleteTransfers: [],
});

/**
 * One row of the page, a value of `JSON.parse`, as a record, or as what to set aside and why. Never throws, and loses
 * nothing: what is not understood, or only in part, is in `extra` under its own name.
 */
export const parseRecord = (row: unknown): ParsedRow => {
  if (!isJsonObject(row)) return refused('NOT_AN_OBJECT', row);
  const draft = blank();
  const kept: [string, unknown][] = [];
  for (const name of Object.keys(row)) {
    const value = row[name];
    if (value === null || value === undefined) continue;
    const reader = READERS.get(name);
    if (!reader?.(draft, value)) kept.push([name, keepable(value)]);
  }
  const { eventId, agentId, startMs: reportedMs, incompleteTransfers, ...rest } = draft;
  if (eventId === null) return refused('NO_EVENT_ID', row);
  if (agentId === null) return refused('NO_AGENT_ID', row);
  const startMs = reportedMs ?? uuidTimeMs(eventId);
  if (startMs === null) return refused('NO_START', row);
  const record: AgentStateRecord = {
    ...rest,
    eventId,
    agentId,
    startMs,
    startSource: reportedMs === null ? 'EVENT_ID' : 'REPORTED',
    extra: kept.length > 0 ? inOneOrder(kept) : null,
  };
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
