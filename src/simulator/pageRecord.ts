import type { WorldEvent, WorldTransfer } from './cohort.ts';
import { type IdVersion, mintId, mintLastingId } from './ids.ts';
import { hash32 } from './random.ts';
import type { Channels } from './shift.ts';
import type { SimulatorVariants } from './variants.ts';
import type { Life } from './visibility.ts';

/** One element of the page's `results`, as the vendor's sample has it. Any attribute may be missing. */
export type PageRecord = {
  platformAgentId?: number;
  eventType?: string;
  loginTimestamp?: string;
  nextEventId?: string;
  agentName?: string;
  sessionId?: string;
  capacity?: PageCapacityGroup[];
  transfers?: PageTransfer[];
  agentId?: string;
  presence?: string;
  end?: string;
  durationSeconds?: number;
  state?: string;
  reasonName?: string | null;
  reasonListName?: string | null;
  eventId?: string;
  reasonListId?: string | null;
  reasonId?: string | null;
  start?: string;
  tenantAgentId?: number;
  allocation?: string;
  direction?: string;
  /** Attributes that the vendor's page does not list. */
  [unlisted: string]: unknown;
};

export type PageCapacityGroup = {
  channels: Record<string, number>;
  allocation: string;
  load: number;
  capacity: number;
};

export type PageTransfer = {
  interactionId: string;
  toAgentId: string;
  transferStartTimestamp: string;
  transferEndTimestamp?: string;
};

/** A page's row: a record, or whatever a malformed one is. */
export type PageRow = PageRecord | string | number | null;

const isoMs = (ms: number): string => new Date(ms).toISOString();

/** The record as the feed shows it at `nowMs`, oddities included. */
export const pageRow = (
  event: WorldEvent,
  life: Life,
  nowMs: number,
  variants: SimulatorVariants,
): PageRow => {
  const record = pageRecord(event, life, nowMs, variants);
  if (event.extraAttribute) {
    record.queueTier = hash32(event.salt, 71) % 4;
    record.skillGroup = { name: 'Tier 2', skills: ['billing', 'español'] };
  }
  if (event.unknownEnum) setUnknownEnum(record, event.salt);
  if (nowMs >= life.changedMs) changeContent(record);
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

const pageRecord = (
  event: WorldEvent,
  life: Life,
  nowMs: number,
  { idVersion, delayMs }: SimulatorVariants,
): PageRecord => {
  const { agent, session, step } = event;
  const { reason } = step;
  const closedEndMs = nowMs >= life.closedMs ? life.endMs : null;
  const capacity = capacityOf(step.inHand, agent.digital, agent.groups);
  const record: PageRecord = {
    platformAgentId: agent.platformAgentId,
    eventType: step.eventType,
    loginTimestamp: isoMs(session.head.loginMs),
  };
  if (closedEndMs !== null && life.nextId) record.nextEventId = mintId(life.nextId, idVersion);
  record.agentName = event.agentName;
  record.sessionId = mintLastingId(session.head.id, idVersion);
  record.capacity = capacity;
  const transfers: PageTransfer[] = [];
  for (const transfer of event.transfers) {
    if (transfer.startMs + delayMs <= nowMs) {
      transfers.push(pageTransfer(transfer, event, nowMs - delayMs, idVersion));
    }
  }
  // Agents differ in whether "none" is an empty list or no attribute, and below in whether it is null.
  if (transfers.length > 0 || agent.index % 3 === 0) record.transfers = transfers;
  record.agentId = mintLastingId(agent.id, idVersion);
  record.presence = step.presence;
  if (closedEndMs !== null) {
    record.end = isoMs(closedEndMs);
    record.durationSeconds = (closedEndMs - event.startMs) / 1000;
  }
  record.state = step.state;
  if (reason || agent.index % 2 === 1) {
    record.reasonName = reason?.name ?? null;
    record.reasonListName = reason?.listName ?? null;
  }
  record.eventId = mintId(event.id, idVersion);
  if (reason || agent.index % 2 === 1) {
    record.reasonListId = reason ? mintLastingId(reason.listId, idVersion) : null;
    record.reasonId = reason ? mintLastingId(reason.id, idVersion) : null;
  }
  record.start = isoMs(event.startMs);
  record.tenantAgentId = agent.tenantAgentId;
  record.allocation = worstAllocation(capacity);
  record.direction = step.direction;
  return record;
};

/** A transfer that outlives its record never gets its end there: the next record has it. */
const pageTransfer = (
  transfer: WorldTransfer,
  event: WorldEvent,
  knownUntilMs: number,
  version: IdVersion,
): PageTransfer => {
  const told: PageTransfer = {
    interactionId: mintId(transfer.interaction, version),
    toAgentId: mintLastingId(transfer.to, version),
    transferStartTimestamp: isoMs(transfer.startMs),
  };
  if (transfer.endMs <= knownUntilMs && transfer.endMs <= event.endMs) {
    told.transferEndTimestamp = isoMs(transfer.endMs);
  }
  return told;
};

/** Which channels a group serves. `messaging` is in two of a digital agent's groups: their counts must not be added. */
const DIGITAL_GROUPS: readonly { serves: readonly (keyof Channels)[]; capacity: number }[] = [
  { serves: ['messaging', 'sms', 'email', 'workItem'], capacity: 3 },
  { serves: ['messaging', 'email'], capacity: 4 },
  { serves: ['voice'], capacity: 1 },
];
const VOICE_GROUPS: typeof DIGITAL_GROUPS = [{ serves: ['voice'], capacity: 1 }];

const capacityOf = (inHand: Channels, digital: boolean, groups: number): PageCapacityGroup[] =>
  (digital ? DIGITAL_GROUPS : VOICE_GROUPS).slice(0, groups).map(({ serves, capacity }) => {
    const channels: Channels = { email: 0, voice: 0, workItem: 0, messaging: 0, sms: 0 };
    let count = 0;
    for (const channel of serves) {
      channels[channel] = inHand[channel];
      count += inHand[channel];
    }
    const allocation = count === 0 ? 'not-allocated' : count < capacity ? 'allocated' : 'fully-allocated';
    return { channels, allocation, load: count / capacity, capacity };
  });

const worstAllocation = (groups: readonly PageCapacityGroup[]): string => {
  if (groups.some((group) => group.allocation === 'fully-allocated')) return 'fully-allocated';
  return groups.some((group) => group.allocation === 'allocated') ? 'allocated' : 'not-allocated';
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

const changeContent = (record: PageRecord): void => {
  record.direction = record.direction === 'outbound' ? 'inbound' : 'outbound';
  for (const group of record.capacity ?? []) group.capacity += 1;
};
