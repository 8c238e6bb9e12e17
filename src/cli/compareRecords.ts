import type { StoredEvent } from '../mirror/index.ts';
import type { AgentStateRecord } from '../upstream/index.ts';
import { type United, unitedOf } from './unitedAttributes.ts';

export type Difference = {
  /**
   * MISSING: upstream has it, the mirror not. DIFFERS: they contradict each other. BEHIND: upstream now tells more, which
   * the next re-read brings. EXTRA: upstream shows it no more, though every way of asking would.
   */
  kind: 'MISSING' | 'DIFFERS' | 'BEHIND' | 'EXTRA';
  eventId: string;
  startMs: number;
  fields: { name: string; mirror: unknown; upstream: unknown }[];
};

type Pair = [name: string, mirror: unknown, upstream: unknown];

/** Whatever the order of attributes: it says nothing. */
const inOneOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOneOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, one]) => [name, inOneOrder(one)]));
};

const same = (a: unknown, b: unknown): boolean =>
  a === b || JSON.stringify(inOneOrder(a)) === JSON.stringify(inOneOrder(b));

/** What the mirror keeps beside a record's own unknown attributes: the id of a session that is another agent's. */
const withoutForeignSession = (
  mirror: StoredEvent,
  record: AgentStateRecord,
): { sessionId: string | null; extra: Record<string, unknown> | null } => {
  // Written by the mirror from an object, and by nothing else.
  const extra = mirror.extraJson === null ? null : (JSON.parse(mirror.extraJson) as Record<string, unknown>);
  const { sessionId, ...others } = extra ?? {};
  const foreign = mirror.sessionId === null && record.sessionId !== null && sessionId === record.sessionId;
  if (!foreign) return { sessionId: mirror.sessionId, extra };
  return { sessionId: record.sessionId, extra: Object.keys(others).length === 0 ? null : others };
};

/** Transfers that upstream shows and the mirror lacks, or knows to have ended earlier or not at all. */
const transfersBehind = (mirror: StoredEvent, record: AgentStateRecord): Pair[] =>
  record.transfers.flatMap((theirs): Pair[] => {
    const ours = mirror.transfers.find(
      ({ interactionId, toAgentId, startMs }) =>
        interactionId === theirs.interactionId &&
        toAgentId === theirs.toAgentId &&
        startMs === theirs.startMs,
    );
    const name = `transfer ${theirs.interactionId}`;
    if (!ours) return [[name, null, theirs]];
    // Other records carry it, too, and the latest end of all counts.
    const later = theirs.endMs !== null && (ours.endMs === null || ours.endMs < theirs.endMs);
    return later ? [[`${name} end`, ours.endMs, theirs.endMs]] : [];
  });

const pairs = (mirror: StoredEvent, record: AgentStateRecord, united: United): Pair[] => {
  const { sessionId, extra } = withoutForeignSession(mirror, record);
  return [
    ['agentId', mirror.agentId, record.agentId],
    ['sessionId', sessionId, record.sessionId],
    ['start', mirror.startMs, record.startMs],
    // An end that was inferred rightly is no difference.
    ['end', mirror.reportedEndMs ?? (record.endMs === null ? null : mirror.endMs), record.endMs],
    ['durationSeconds', seconds(mirror.reportedDurationMs), seconds(record.reportedDurationMs)],
    ['eventType', mirror.eventType, record.eventType],
    ['presence', mirror.presence, record.presence],
    ['state', mirror.state, record.state],
    ['allocation', mirror.allocation, record.allocation],
    ['direction', mirror.direction, record.direction],
    ['agentName', mirror.agentName, record.agentName],
    ['reasonId', mirror.reasonId, record.reasonId],
    ['reasonName', mirror.reasonName, record.reasonName],
    ['reasonListId', mirror.reasonListId, record.reasonListId],
    ['reasonListName', mirror.reasonListName, record.reasonListName],
    ['nextEventId', mirror.nextEventId, record.nextEventId],
    ['capacity', mirror.capacityJson === null ? null : JSON.parse(mirror.capacityJson), record.capacity],
    ['extra', extra, record.extra],
    ...united.pairs(mirror, record),
    ...transfersBehind(mirror, record),
  ];
};

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/** What upstream fills in as time goes on, where the mirror has nothing of it yet, or has only inferred it. */
const isFilledIn = (mirror: StoredEvent, [name, ours]: Pair): boolean => {
  if (name === 'end') return mirror.reportedEndMs === null;
  const later = name === 'durationSeconds' || name === 'nextEventId' || name.startsWith('transfer ');
  return later && ours === null;
};

/** Whether upstream shows an older version than the mirror holds: it lacks what upstream only ever fills in. */
const isOlder = (mirror: StoredEvent, record: AgentStateRecord): boolean => {
  if (mirror.reportedEndMs !== null || record.endMs !== null) {
    if (record.endMs === null) return true;
    if (mirror.reportedEndMs === null) return false;
  }
  return mirror.nextEventId !== null && record.nextEventId === null;
};

const compare = (
  mirror: StoredEvent,
  record: AgentStateRecord,
  united: United,
): Omit<Difference, 'eventId' | 'startMs'> | null => {
  // An older version that lacks something takes nothing back. What it says must agree all the same.
  const older = isOlder(mirror, record);
  const differing = pairs(mirror, record, united).filter(
    ([, ours, theirs]) => !same(ours, theirs) && !(older && theirs === null),
  );
  if (differing.length === 0) return null;
  const behind = differing.every((pair) => isFilledIn(mirror, pair));
  return {
    kind: behind ? 'BEHIND' : 'DIFFERS',
    fields: differing.map(([name, ours, theirs]) => ({ name, mirror: ours, upstream: theirs })),
  };
};

/**
 * Holds a span of the mirror against what upstream shows of it now, in every attribute that the mirror keeps. `upstream`
 * may hold several versions of a record (upstream repeats itself): the mirror is right when it agrees with one of them.
 */
export const compareRecords = (
  mirror: Iterable<StoredEvent>,
  upstream: Iterable<AgentStateRecord>,
  span: { fromMs: number; toMs: number },
): Difference[] => {
  const versions = new Map<string, AgentStateRecord[]>();
  for (const record of upstream) {
    if (record.startMs < span.fromMs || record.startMs >= span.toMs) continue;
    const known = versions.get(record.eventId);
    if (known) known.push(record);
    else versions.set(record.eventId, [record]);
  }
  const united = unitedOf([...versions.values()].flat());
  const differences: Difference[] = [];
  for (const event of mirror) {
    const { eventId, startMs } = event;
    const shown = versions.get(eventId);
    versions.delete(eventId);
    if (!shown) {
      // Whether upstream picks by start, by end or by overlap: an event that lies wholly inside is always shown.
      const inside = event.reportedEndMs !== null && event.reportedEndMs < span.toMs;
      if (inside) differences.push({ kind: 'EXTRA', eventId, startMs, fields: [] });
      continue;
    }
    const found = shown.map((record) => compare(event, record, united));
    const first = found[0];
    if (first && !found.includes(null)) differences.push({ ...first, eventId, startMs });
  }
  for (const [eventId, [record]] of versions) {
    if (record) differences.push({ kind: 'MISSING', eventId, startMs: record.startMs, fields: [] });
  }
  return differences.sort((a, b) => a.startMs - b.startMs || (a.eventId < b.eventId ? -1 : 1));
};
