import type { StoredEvent } from '../mirror/index.ts';
import { iso } from './iso.ts';

type Cell = string | number | null | object;

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));
/** Stored as JSON by the writer. */
const parsed = (json: string | null): Cell => (json === null ? null : JSON.parse(json));

/** What is exported of an event, in order, in every format. Instants in RFC 3339, durations in seconds. */
export const eventColumns: Readonly<Record<string, (event: StoredEvent) => Cell>> = {
  eventId: ({ eventId }) => eventId,
  eventType: ({ eventType }) => eventType,
  agentId: ({ agentId }) => agentId,
  agentName: ({ agentName }) => agentName,
  platformAgentId: ({ platformAgentId }) => platformAgentId,
  tenantAgentId: ({ tenantAgentId }) => tenantAgentId,
  sessionId: ({ sessionId }) => sessionId,
  loginTimestamp: ({ loginMs }) => isoOrNull(loginMs),
  start: ({ startMs }) => iso(startMs),
  end: ({ endMs }) => isoOrNull(endMs),
  endSource: ({ endSource }) => endSource,
  durationSeconds: ({ startMs, endMs }) => (endMs === null ? null : (endMs - startMs) / 1_000),
  presence: ({ presence }) => presence,
  state: ({ state }) => state,
  allocation: ({ allocation }) => allocation,
  direction: ({ direction }) => direction,
  reasonId: ({ reasonId }) => reasonId,
  reasonName: ({ reasonName }) => reasonName,
  reasonListId: ({ reasonListId }) => reasonListId,
  reasonListName: ({ reasonListName }) => reasonListName,
  nextEventId: ({ nextEventId }) => nextEventId,
  capacity: ({ capacityJson }) => parsed(capacityJson),
  extra: ({ extraJson }) => parsed(extraJson),
  revision: ({ revision }) => revision,
  observedAt: ({ observedMs }) => iso(observedMs),
};
