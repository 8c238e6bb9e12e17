import type { StoredEvent } from '../mirror/index.ts';
import type { AgentStateRecord } from '../upstream/index.ts';

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

/** What upstream left out says nothing: an earlier version of the record may have had it. */
const pairs = (mirror: StoredEvent, record: AgentStateRecord): Pair[] =>
  (
    [
      ['agentId', mirror.agentId, record.agentId],
      ['sessionId', mirror.sessionId, record.sessionId],
      ['start', mirror.startMs, record.startMs],
      // An end that was inferred rightly is no difference.
      ['end', mirror.reportedEndMs ?? mirror.endMs, record.endMs],
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
    ] satisfies Pair[]
  ).filter(([, , upstream]) => upstream !== null);

const LATER_KNOWN = new Set(['end', 'nextEventId']);

const compare = (
  mirror: StoredEvent,
  record: AgentStateRecord,
): Omit<Difference, 'eventId' | 'startMs'> | null => {
  const fields = pairs(mirror, record)
    .filter(([, ours, theirs]) => ours !== theirs)
    .map(([name, ours, theirs]) => ({ name, mirror: ours, upstream: theirs }));
  if (fields.length === 0) return null;
  const stillOpen = mirror.endSource !== 'REPORTED';
  const behind = stillOpen && fields.every(({ name }) => LATER_KNOWN.has(name));
  return { kind: behind ? 'BEHIND' : 'DIFFERS', fields };
};

/**
 * Holds a span of the mirror against what upstream shows of it now. `upstream` may hold several versions of a record
 * (upstream repeats itself): the mirror is right when it agrees with one of them.
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
    const found = shown.map((record) => compare(event, record));
    const first = found[0];
    if (first && !found.includes(null)) differences.push({ ...first, eventId, startMs });
  }
  for (const [eventId, [record]] of versions) {
    if (record) differences.push({ kind: 'MISSING', eventId, startMs: record.startMs, fields: [] });
  }
  return differences.sort((a, b) => a.startMs - b.startMs || (a.eventId < b.eventId ? -1 : 1));
};
