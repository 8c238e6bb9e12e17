import type { WorldEvent } from './cohort.ts';
import type { PageRecord, PageRow } from './page.ts';
import { hash32 } from './random.ts';

/** What the event's faults make of its record. `changed`: the moment of its second content has come. */
export const withOddities = (record: PageRecord, event: WorldEvent, changed: boolean): PageRow => {
  if (event.extraAttribute) {
    record.queueTier = hash32(event.salt, 71) % 4;
    record.skillGroup = { name: 'Tier 2', skills: ['billing', 'español'] };
  }
  if (event.unknownEnum) setUnknownEnum(record, event.salt);
  if (event.contradictory) contradict(record, event.salt);
  if (event.reasonRenamed && record.reasonName) record.reasonName += ' (new)';
  if (changed) changeContent(record);
  if (event.missingAttribute) delete record[OPTIONAL[hash32(event.salt, 72) % OPTIONAL.length]!];
  switch (event.malformed) {
    case null:
      return record;
    case 'NO_EVENT_ID':
      delete record.eventId;
      return record;
    case 'NO_AGENT_ID':
      delete record.agentId;
      return record;
    case 'NO_START':
      delete record.start;
      return record;
    case 'NOT_AN_OBJECT':
      return [null, 'corrupted row', 42][hash32(event.salt, 73) % 3] ?? null;
  }
};

const OPTIONAL = [
  'platformAgentId',
  'eventType',
  'loginTimestamp',
  'nextEventId',
  'agentName',
  'sessionId',
  'capacity',
  'transfers',
  'presence',
  'end',
  'durationSeconds',
  'state',
  'tenantAgentId',
  'allocation',
  'direction',
] as const;

const setUnknownEnum = (record: PageRecord, salt: number): void => {
  switch (hash32(salt, 74) % 6) {
    case 0:
      record.eventType = 'agent-wrap-up';
      return;
    case 1:
      record.state = 'wrap-up';
      return;
    case 2:
      record.presence = 'hidden';
      return;
    case 3:
      record.direction = 'callback';
      return;
    case 4:
      record.allocation = 'over-allocated';
      return;
    default:
      for (const group of record.capacity ?? []) group.channels.video = 1;
  }
};

/** Values that are each of the right type and cannot all be true. */
const contradict = (record: PageRecord, salt: number): void => {
  switch (hash32(salt, 76) % 7) {
    case 0:
      if (record.end && record.start) record.end = new Date(Date.parse(record.start) - 1_500).toISOString();
      return;
    case 1:
      if (record.durationSeconds !== undefined) record.durationSeconds += 3.25;
      return;
    case 2:
      record.capacity = [];
      return;
    case 3:
      for (const group of record.capacity ?? []) {
        group.capacity = 0;
        group.load = 1.5;
      }
      return;
    case 4:
      record.reasonListId = null;
      record.reasonListName = null;
      return;
    case 5:
      // A chain that never leaves this record.
      if (record.nextEventId && record.eventId) record.nextEventId = record.eventId;
      return;
    default:
      // A transfer to oneself that ended before it began.
      if (record.agentId && record.start && record.eventId) {
        record.transfers = [
          {
            interactionId: record.eventId,
            toAgentId: record.agentId,
            transferStartTimestamp: record.start,
            transferEndTimestamp: new Date(Date.parse(record.start) - 250).toISOString(),
          },
        ];
      }
  }
};

const changeContent = (record: PageRecord): void => {
  record.direction = record.direction === 'outbound' ? 'inbound' : 'outbound';
  for (const group of record.capacity ?? []) group.capacity += 1;
};
