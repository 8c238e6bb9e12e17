import type { Database } from 'better-sqlite3';
import { ownId } from '../ids.ts';
import { encodeStatusImage, type StatusImage } from '../images.ts';
import type { ChangeLog } from './changeLog.ts';
import { compareEvents, type Position, type TouchedEvent } from './eventRow.ts';
import type { Events } from './events.ts';
import type { Reasons } from './reasons.ts';
import type { Sessions } from './sessions.ts';
import type { SessionRow } from './sessionTable.ts';
import { createSpells, type Spell } from './spells.ts';
import { afterSession, type StatusEvent, sameSpell, sameStatus, statusOf } from './statusImage.ts';
import { createStatusTable } from './statusTable.ts';

/** What stands beside statuses and is told otherwise than before this frame: agents by agent.id, and sessions. */
type Touched = { agents: ReadonlySet<number>; sessions: ReadonlySet<SessionRow> };

type Step = { agent: number; atMs: number; before: StatusImage | null; after: StatusImage };

/** Where an agent stands: the status as stored, its event as it was when that was written, and its spell, if known. */
type Standing = { status: StatusImage; event: StatusEvent; spell: Spell | null };

/** Kept for long: with nothing of the frame that it was made in. */
const standingAt = (status: StatusImage, current: StatusEvent, spell: Spell | null): Standing => {
  const { id, eventId, session, startMs, presence, state, reason, direction, allocation, capacity } = current;
  return {
    status,
    event: {
      id,
      eventId: ownId(eventId),
      session,
      startMs,
      presence,
      state,
      reason,
      direction,
      allocation,
      capacity,
    },
    spell: spell && { first: ownPosition(spell.first), after: spell.after && ownPosition(spell.after) },
  };
};

const ownPosition = ({ startMs, eventId }: Position): Position => ({ startMs, eventId: ownId(eventId) });

const MAX_CACHED = 50_000;
const NO_ID = Buffer.alloc(0);

/** The current status of every agent, and a row of the change log for each step it takes. */
export const createStatuses = (
  database: Database,
  parts: { events: Events; sessions: Sessions; reasons: Reasons; changeLog: ChangeLog },
) => {
  const { events, sessions, reasons, changeLog } = parts;
  const table = createStatusTable(database);
  const findSpell = createSpells(database, reasons.same);
  const standings = new Map<number, Standing>();

  const standingOf = (agent: number, news: readonly TouchedEvent[]): Standing | null => {
    const held = standings.get(agent);
    if (held) return held;
    const status = table.find(agent);
    if (!status) return null;
    // The table holds this frame's version already: steps must not depend on what was in memory.
    const revised = news.find(({ row }) => row.id === status.event)?.before;
    const event = revised ?? table.eventById(status.event);
    return event ? { status, event, spell: null } : null;
  };

  /** The last event by order of the newest session, or a later one without a session. */
  const currentEvent = (
    agent: number,
    newest: SessionRow | null,
    known: StatusEvent | null,
  ): StatusEvent | null => {
    const lastId = newest?.lastEvent ?? null;
    const last = lastId === null ? null : lastId === known?.id ? known : table.eventById(lastId);
    if (!events.sessionlessSeen()) return last;
    return (
      table.sessionlessAfter(agent, last ?? { startMs: Number.MIN_SAFE_INTEGER, eventId: NO_ID }) ?? last
    );
  };

  /** Whether `event` takes over from the one that stands. */
  const takesOver = (event: StatusEvent, current: StatusEvent): boolean => {
    if (event.session === current.session || event.session === null || current.session === null) {
      return compareEvents(event, current) > 0;
    }
    const a = sessions.rowOf(event.session);
    const b = sessions.rowOf(current.session);
    return (
      compareEvents(
        { startMs: a.beganMs, eventId: a.sessionId },
        { startMs: b.beganMs, eventId: b.sessionId },
      ) > 0
    );
  };

  const stepsOf = (agent: number, news: readonly TouchedEvent[]): Step[] => {
    const stood = standingOf(agent, news);
    const newest = sessions.newestOf(agent);
    /** Otherwise the newest session is the one that it was, and others cannot speak. */
    const reordered = sessions.reordered().has(agent);
    const steps: Step[] = [];
    let status = stood?.status ?? null;
    let event = stood?.event ?? null;
    let spell = stood?.spell ?? null;
    /** The spell must be searched from its end: an event inside it, or the session it is of, is another than it was. */
    let torn = status?.inferred === true || reordered;
    /** The spell may begin earlier than was known. */
    let longer = false;

    const step = (after: StatusImage, atMs: number) => {
      if (status && sameStatus(status, after)) return;
      steps.push({ agent, atMs: Math.max(atMs, steps.at(-1)?.atMs ?? atMs), before: status, after });
      status = after;
    };

    for (const { before, row } of news) {
      if (!reordered && !before && row.session !== null && row.session !== newest?.id) continue;
      if (before) {
        torn = true;
        if (row.id === event?.id) event = row;
      } else if (event === null || status === null || takesOver(row, event)) {
        const oneLine =
          event !== null && (row.session === null || event.session === null || row.session === event.session);
        const runsOn = oneLine && event !== null && sameSpell(event, row, reasons.same);
        if (!runsOn) spell = { first: row, after: oneLine ? event : null };
        step(statusOf(row, runsOn && status ? status.sinceMs : row.startMs), row.startMs);
        event = row;
      } else if (row.startMs >= status.sinceMs) {
        torn = true;
      } else if (!spell?.after || compareEvents(row, spell.after) > 0) {
        longer = true;
      }
    }

    const current = currentEvent(agent, newest, event);
    if (!current) return steps;
    let sinceMs = status?.sinceMs ?? current.startMs;
    if (torn || longer || current.id !== event?.id) {
      const known = torn || current.id !== event?.id ? current : (spell?.first ?? current);
      spell = findSpell(agent, newest?.id ?? null, current, known);
      sinceMs = spell.first.startMs;
    }
    const live = statusOf(current, sinceMs);
    const ended = newest?.endMs ?? null;
    if (newest === null || ended === null || (current.session !== newest.id && current.startMs >= ended)) {
      step(live, current.startMs);
    } else {
      step(afterSession(live, { endMs: ended, endSource: newest.endSource }), ended);
    }
    if (status) standings.set(agent, standingAt(status, current, spell));
    return steps;
  };

  /** The statuses that stood before this frame and beside which something is told otherwise now, by agent. */
  const besideTouched = (
    touched: Touched,
    firstSteps: ReadonlyMap<number, Step>,
  ): [number, StatusImage][] => {
    const found = new Map<number, StatusImage>();
    for (const agent of touched.agents) {
      const first = firstSteps.get(agent);
      const status = first ? first.before : table.find(agent);
      if (status) found.set(agent, status);
    }
    for (const { id, agent } of touched.sessions) {
      // Most sessions end with a step of the status, which tells of both.
      if (firstSteps.has(agent) || found.has(agent)) continue;
      const status = table.find(agent);
      if (status?.session === id) found.set(agent, status);
    }
    return [...found].sort(([a], [b]) => a - b);
  };

  return {
    /**
     * `news`: by agent, in order, the events whose content is new. `others`: agents whose sessions changed. Tables hold
     * events, sessions and their ends as they are now. A change from a status to itself says that its agent or session
     * is told otherwise: whoever filters by their names or logins would hear of it in no other way. An agent's own
     * comes before the steps, for those may be what the filter then sees leave.
     */
    apply(
      news: ReadonlyMap<number, readonly TouchedEvent[]>,
      others: Iterable<number>,
      touched: Touched,
      observedMs: number,
    ) {
      const steps: Step[] = [];
      const firstSteps = new Map<number, Step>();
      for (const agent of new Set([...news.keys(), ...others])) {
        const taken = stepsOf(agent, news.get(agent) ?? []);
        const last = taken.at(-1);
        if (!last) continue;
        firstSteps.set(agent, taken[0]!);
        table.put(agent, last.after);
        steps.push(...taken);
      }
      for (const [agent, status] of besideTouched(touched, firstSteps)) {
        const image = encodeStatusImage(status);
        changeLog.status({ agent, observedMs, before: image, after: image });
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
      if (standings.size > MAX_CACHED) standings.clear();
    },
    forget: () => standings.clear(),
  };
};
export type Statuses = ReturnType<typeof createStatuses>;
