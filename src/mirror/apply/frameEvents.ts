import type { AgentStateRecord } from '../../upstream/index.ts';
import { endSourceCodes } from '../codes.ts';
import type { Agents } from './agents.ts';
import { type Dictionaries, encodeRecord, sightContent } from './encodeRecord.ts';
import { ownEnd } from './ends.ts';
import type { EventContent, EventRow, TouchedEvent } from './eventRow.ts';
import type { Events } from './events.ts';
import { mergeVersions, sameContent } from './mergeVersions.ts';
import { latestStartMs } from './plausibleStart.ts';
import type { Quarantine } from './quarantine.ts';
import type { Revisions } from './revisions.ts';
import { hasSession, type Sessions } from './sessions.ts';

export type FrameEventsParts = Dictionaries & {
  events: Events;
  agents: Agents;
  sessions: Sessions;
  revisions: Revisions;
  quarantine: Quarantine;
};

/**
 * The events of one frame: each record merged with what the mirror holds, and written once.
 * `mayBeHeld`: false for ids that the mirror lacks for certain.
 */
export const createFrameEvents = (
  parts: FrameEventsParts,
  observedMs: number,
  mayBeHeld: (eventId: string) => boolean,
) => {
  const { events, agents, sessions, revisions, quarantine } = parts;
  const latestMs = latestStartMs(observedMs);
  const byEventId = new Map<string, TouchedEvent>();
  const touched = new Map<number, TouchedEvent>();
  /** Versions that never are the current one; `said` unless the catalogues count them already. */
  const overtaken: { entry: TouchedEvent; content: EventContent; said: AgentStateRecord | null }[] = [];

  const load = (eventId: string, packed: Buffer): TouchedEvent | null => {
    const held = byEventId.get(eventId);
    if (held) return held;
    const stored = mayBeHeld(eventId) ? events.byEventId(packed) : undefined;
    if (!stored) return null;
    const entry = { before: stored, row: stored };
    byEventId.set(eventId, entry);
    return entry;
  };

  const add = (
    record: AgentStateRecord,
    packed: Buffer,
    agent: number,
    content: EventContent,
  ): TouchedEvent => {
    const row: EventRow = {
      ...content,
      id: events.nextId(),
      eventId: packed,
      agent,
      // Set by `write`, when the frame has said all it says.
      endMs: null,
      endSource: endSourceCodes.OPEN,
      revision: 1,
      observedMs,
    };
    const entry = { before: null, row };
    byEventId.set(record.eventId, entry);
    return entry;
  };

  const refuse = (reason: 'OTHER_AGENT' | 'FUTURE_START', record: AgentStateRecord): null => {
    quarantine.add(reason, JSON.stringify(record), observedMs);
    return null;
  };

  return {
    /** Merges a record, its eventId packed; null when it cannot be true, and went to quarantine. */
    merge(record: AgentStateRecord, packed: Buffer): TouchedEvent | null {
      const entry = load(record.eventId, packed);
      // What is held already had begun when it was first seen: a server clock that stepped back changes nothing of it.
      if (record.startMs > latestMs && record.startMs !== entry?.row.startMs) {
        return refuse('FUTURE_START', record);
      }
      const agent = agents.idOf(record.agentId);
      if (entry && entry.row.agent !== agent) return refuse('OTHER_AGENT', record);
      const { content, said } = encodeWithSession(parts, record, agent, latestMs);
      const at = { startMs: content.startMs, eventId: packed };
      if (!entry) {
        agents.note(said, at);
        sightContent(parts, content, said);
        return add(record, packed, agent, content);
      }
      const { row } = entry;
      switch (mergeVersions(row, content)) {
        case 'SAME':
          agents.noteIds(said, at);
          break;
        case 'RAISED':
          row.completeness = content.completeness;
          if (entry.before) events.raiseCompleteness(row.id, content.completeness);
          agents.noteIds(said, at);
          break;
        case 'STALE':
          overtaken.push({ entry, content, said });
          break;
        case 'REPLACES':
          if (row !== entry.before) overtaken.push({ entry, content: row, said: null });
          entry.row = { ...row, ...content };
          agents.note(said, at);
          sightContent(parts, content, said);
          break;
      }
      return entry;
    },
    /** Writes what is new or says something new; answers it. */
    write(): TouchedEvent[] {
      const changed: TouchedEvent[] = [];
      for (const entry of byEventId.values()) {
        const { before, row } = entry;
        if (before === row || (before && sameContent(before, row))) continue;
        Object.assign(row, ownEnd(row, latestMs));
        if (before) {
          Object.assign(row, { revision: before.revision + 1, observedMs });
          events.replace(row);
          if (before.session !== null) sessions.revised(before.session);
          if (row.session !== null) sessions.revised(row.session);
        } else {
          events.insert(row);
          if (row.session !== null) sessions.gained(row.session, row);
        }
        touched.set(row.id, entry);
        changed.push(entry);
      }
      for (const { entry, content, said } of overtaken) {
        const { before, row } = entry;
        if (sameContent(content, row) || (before && sameContent(content, before))) continue;
        if (revisions.keepStale(row, content, observedMs) && said) sightContent(parts, content, said);
      }
      return changed;
    },
    /** An event that the frame's news has an effect on, held from now on. */
    touch(id: number): TouchedEvent {
      const held = touched.get(id);
      if (held) return held;
      // Whoever names an id has just read it from the table.
      const before = events.byId(id)!;
      const entry = { before, row: { ...before } };
      touched.set(id, entry);
      return entry;
    },
    touched: (): Iterable<TouchedEvent> => touched.values(),
  };
};
export type FrameEvents = ReturnType<typeof createFrameEvents>;

/** A session that belongs to another agent cannot be this record's: its id is kept beside it, in `extra`. */
const encodeWithSession = (
  parts: FrameEventsParts,
  record: AgentStateRecord,
  agent: number,
  latestMs: number,
): { content: EventContent; said: AgentStateRecord } => {
  if (!hasSession(record)) return { content: encodeRecord(parts, record, null), said: record };
  const session = parts.sessions.of(record, agent, latestMs);
  if (session) return { content: encodeRecord(parts, record, session.id), said: record };
  const { sessionId } = record;
  const said = { ...record, sessionId: null, extra: { ...record.extra, sessionId } };
  return { content: encodeRecord(parts, said, null), said };
};
