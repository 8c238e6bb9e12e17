import type { WorldEvent, WorldTransfer } from './cohort.ts';
import { type IdVersion, mintId, mintLastingId } from './ids.ts';
import { withOddities } from './oddities.ts';
import type { PageCapacityGroup, PageRecord, PageRow, PageTransfer } from './page.ts';
import type { Channels } from './shift.ts';
import type { SimulatorVariants } from './variants.ts';
import type { Life } from './visibility.ts';

const isoMs = (ms: number): string => new Date(ms).toISOString();

/** The record as the feed shows it at `nowMs`, oddities included. */
export const pageRow = (
  event: WorldEvent,
  life: Life,
  nowMs: number,
  variants: SimulatorVariants,
): PageRow => {
  const record = pageRecord(event, life, nowMs, variants);
  return withOddities(record, event, nowMs >= life.changedMs);
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
  if (closedEndMs !== null && life.nextId) {
    record.nextEventId = mintId(event.chainsBackTo ?? life.nextId, idVersion);
  }
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
