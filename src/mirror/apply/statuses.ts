import type { Database } from 'better-sqlite3';
import { encodeStatusImage, type StatusImage } from '../images.ts';
import type { ChangeLog } from './changeLog.ts';
import { compareEvents, type TouchedEvent } from './eventRow.ts';
import type { Events } from './events.ts';
import type { SessionRow, Sessions } from './sessions.ts';
import { afterSession, type StatusEvent, sameSpell, sameStatus, statusOf } from './statusImage.ts';
import { createStatusTable } from './statusTable.ts';

type Step = { agent: number; atMs: number; before: StatusImage | null; after: StatusImage };

const NO_ID = Buffer.alloc(0);

/** The current status of every agent, and a row of the change log for each step it takes. */
export const createStatuses = (
  database: Database,
  parts: { events: Events; sessions: Sessions; changeLog: ChangeLog },
) => {
  const { events, sessions, changeLog } = parts;
  const table = createStatusTable(database);

  /** The last event by order of the newest session, or a later one without a session. */
  const currentEvent = (agent: number, newest: SessionRow | null): StatusEvent | null => {
    const last = newest?.lastEvent == null ? null : table.eventById(newest.lastEvent);
    if (!events.sessionlessSeen()) return last;
    const sessionless = last
      ? table.sessionlessAfter(agent, last.startMs, last.eventId)
      : table.sessionlessAfter(agent, Number.MIN_SAFE_INTEGER, NO_ID);
    return sessionless ?? last;
  };

  /** Start of the spell that holds `event`, searched backwards from a position already known to be in it. */
  const spellStart = (
    agent: number,
    newest: SessionRow | null,
    event: StatusEvent,
    from: { startMs: number; eventId: Buffer },
  ): number => {
    let sinceMs = from.startMs;
    for (const earlier of table.walkBack(agent, newest?.id ?? null, from.startMs, from.eventId)) {
      if (!sameSpell(earlier, event)) break;
      sinceMs = earlier.startMs;
    }
    return sinceMs;
  };

  /** Whether `event` takes over from the one that stands. */
  const takesOver = (event: StatusEvent, current: StatusEvent): boolean => {
    if (event.session !== current.session && event.session !== null && current.session !== null) {
      const a = sessions.rowOf(event.session);
      const b = sessions.rowOf(current.session);
      return (
        compareEvents(
          { startMs: a.beganMs, eventId: a.sessionId },
          { startMs: b.beganMs, eventId: b.sessionId },
        ) > 0
      );
    }
    return compareEvents(event, current) > 0;
  };

  const stepsOf = (agent: number, news: readonly TouchedEvent[]): Step[] => {
    const stored = table.find(agent);
    const newest = sessions.newestOf(agent);
    const steps: Step[] = [];
    let status = stored;
    let current = stored && table.eventById(stored.event);
    /** Whether `since` may be other than what the steps made of it. */
    let doubtful = stored?.inferred ?? false;
    let late = false;

    const step = (after: StatusImage, atMs: number) => {
      if (status && sameStatus(status, after)) return;
      steps.push({ agent, atMs: Math.max(atMs, steps.at(-1)?.atMs ?? atMs), before: status, after });
      status = after;
    };

    for (const { before, row } of news) {
      if (before) {
        doubtful = true;
        continue;
      }
      if (current && !takesOver(row, current)) {
        if (row.session !== null && row.session !== newest?.id) continue;
        if (status && row.startMs >= status.sinceMs) doubtful = true;
        else late = true;
        continue;
      }
      const runsOn =
        current !== null &&
        status !== null &&
        (row.session === null || current.session === null || row.session === current.session) &&
        sameSpell(current, row);
      step(statusOf(row, runsOn && status ? status.sinceMs : row.startMs), row.startMs);
      current = row;
    }

    const event = currentEvent(agent, newest);
    if (!event) return steps;
    let sinceMs: number;
    if (doubtful || status === null || current?.id !== event.id) {
      sinceMs = spellStart(agent, newest, event, event);
    } else if (late) {
      // Everything between the start of the spell and now is as it was: only what lies before can reach on.
      sinceMs = spellStart(agent, newest, event, { startMs: status.sinceMs, eventId: NO_ID });
    } else {
      sinceMs = status.sinceMs;
    }
    const live = statusOf(event, sinceMs);
    if (newest?.endMs == null || (event.session !== newest.id && event.startMs >= newest.endMs)) {
      step(live, event.startMs);
    } else {
      step(afterSession(live, { endMs: newest.endMs, endSource: newest.endSource }), newest.endMs);
    }
    return steps;
  };

  return {
    /**
     * `news`: by agent, in order, the events whose content is new. `others`: agents whose sessions changed. Tables hold
     * events, sessions and their ends as they are now.
     */
    apply(news: ReadonlyMap<number, readonly TouchedEvent[]>, others: Iterable<number>, observedMs: number) {
      const steps: Step[] = [];
      for (const agent of new Set([...news.keys(), ...others])) {
        const taken = stepsOf(agent, news.get(agent) ?? []);
        const last = taken.at(-1);
        if (!last) continue;
        table.put(agent, last.after);
        steps.push(...taken);
      }
      steps.sort((a, b) => a.atMs - b.atMs);
      for (const { agent, before, after } of steps) {
        changeLog.status({
          agent,
          observedMs,
          before: before && encodeStatusImage(before),
          after: encodeStatusImage(after),
        });
      }
    },
  };
};
export type Statuses = ReturnType<typeof createStatuses>;
