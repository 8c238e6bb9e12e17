import { uuidTimeMs } from '../../upstream/index.ts';
import { endSourceCodes } from '../codes.ts';
import { unpackId } from '../ids.ts';
import { effectiveEnd } from './effectiveEnd.ts';
import type { EventRow, Position, TouchedEvent } from './eventRow.ts';
import type { Events } from './events.ts';
import { latestStartMs } from './plausibleStart.ts';
import type { Sessions } from './sessions.ts';

/**
 * The end as far as the record itself witnesses it. An event that is named must have begun: a time inside its id later
 * than `latestMs` is no witness.
 */
export const ownEnd = (
  row: Pick<EventRow, 'startMs' | 'reportedEndMs' | 'nextEventId'>,
  latestMs: number,
) => {
  // Reading the time out of an id costs; a reported end needs no other witness.
  const asksId = row.reportedEndMs === null && row.nextEventId !== null;
  const namedMs = asksId && row.nextEventId ? uuidTimeMs(unpackId(row.nextEventId)) : null;
  return effectiveEnd({
    startMs: row.startMs,
    reportedEndMs: row.reportedEndMs,
    nextEventMs: namedMs !== null && namedMs <= latestMs ? namedMs : null,
    successorMs: null,
    supersededMs: null,
  });
};

export type EndsInput = {
  events: Events;
  sessions: Sessions;
  /** Events whose content is new, in any order. */
  changed: readonly TouchedEvent[];
  /** Holds an event in the frame, as it stood before, unless it is held already. */
  touch(id: number): TouchedEvent;
  observedMs: number;
};

/**
 * Infers anew the end of every event that the frame's news can have an effect on: the new ones themselves, those right
 * before them where they stand and where they stood, and the last ones of sessions that a newer one may have superseded.
 * Tables hold the frame's events and last events of sessions already.
 */
export const inferEnds = (input: EndsInput): void => {
  const { events, sessions, changed, touch } = input;
  const asked = new Set<TouchedEvent>();
  const weakSinceMs = new Map<number, number>();
  /** Whether the session has an event, begun by then, whose end is not reported. Nothing is written while this is asked. */
  const hasWeakEnd = (session: number, byMs: number): boolean => {
    let sinceMs = weakSinceMs.get(session);
    if (sinceMs === undefined) {
      sinceMs = events.firstWeakEnd(session) ?? Number.POSITIVE_INFINITY;
      weakSinceMs.set(session, sinceMs);
    }
    return sinceMs <= byMs;
  };
  const askBefore = (row: EventRow, session: number | null, at: Position) => {
    if (session !== null && hasWeakEnd(session, at.startMs)) {
      const previous = events.previousInSession(session, at);
      if (previous !== undefined) asked.add(touch(previous));
    }
    // An event without a session lasts until the agent's next one, whatever its session.
    const sessionless = events.previousSessionless(row.agent, at);
    if (sessionless !== undefined) asked.add(touch(sessionless));
  };
  for (const event of changed) {
    const { before, row } = event;
    if (row.endSource < endSourceCodes.NEXT_EVENT_ID) asked.add(event);
    askBefore(row, row.session, row);
    if (before && (before.session !== row.session || before.startMs !== row.startMs)) {
      askBefore(row, before.session, before);
    }
  }
  for (const agent of sessions.reordered()) {
    for (const session of sessions.ofAgent(agent)) {
      if (session.lastEvent === null || !hasWeakEnd(session.id, Number.MAX_SAFE_INTEGER)) continue;
      asked.add(touch(session.lastEvent));
    }
  }
  for (const event of asked) setInferredEnd(input, event);
};

const setInferredEnd = ({ events, sessions, observedMs }: EndsInput, { before, row }: TouchedEvent): void => {
  let end = ownEnd(row, latestStartMs(observedMs));
  if (end.endSource === endSourceCodes.OPEN) {
    const successorMs =
      row.session === null
        ? events.nextStartOfAgent(row.agent, row)
        : events.nextStartInSession(row.session, row);
    end = effectiveEnd({
      startMs: row.startMs,
      reportedEndMs: null,
      nextEventMs: null,
      successorMs: successorMs ?? null,
      supersededMs:
        row.session === null ? null : sessions.supersededMs(sessions.rowOf(row.session), row.startMs),
    });
  }
  if (end.endMs === row.endMs && end.endSource === row.endSource) return;
  row.endMs = end.endMs;
  row.endSource = end.endSource;
  if (before && row.revision === before.revision) row.revision += 1;
  row.observedMs = observedMs;
  events.setEnd(row);
};
