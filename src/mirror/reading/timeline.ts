/** What a spell is made of: one event of one agent, as the mirror holds it. Codes as in `event`. */
export type TimelineEvent = {
  /** event.id */
  event: number;
  /** session.id; null when upstream did not say. */
  session: number | null;
  startMs: number;
  /** Effective end; null while open. */
  endMs: number | null;
  presence: number | null;
  state: number | null;
  /** reason.id */
  reason: number | null;
  direction: number | null;
};

/** A stretch in which (presence, state, reason, direction) did not change. */
export type Spell = {
  fromMs: number;
  toMs: number;
  presence: number | null;
  state: number | null;
  reason: number | null;
  direction: number | null;
  session: number | null;
  /** event.id of the events that make it up, in order. */
  events: number[];
  /** The last event has no end: the spell runs as far as the mirror has read. */
  open: boolean;
};

/** A session of the agent, and when it began. */
export type TimelineSession = { session: number; beganMs: number };

/**
 * One agent's condensed timeline: spells that never overlap.
 *
 * An event lasts until its end, until the next event of its session, or until a newer session of the agent begins,
 * whichever is first: where sessions overlap the newer one speaks. Events without a session are cut by any next event.
 *
 * `events`: in the order (start, eventId), with at least, of each session, the last one begun at or before `fromMs`.
 * `sessions`: in the order (began, sessionId), all that began before `toMs`.
 */
export const condenseTimeline = (
  events: readonly TimelineEvent[],
  sessions: readonly TimelineSession[],
  range: { fromMs: number; toMs: number; openUntilMs: number },
): Spell[] => {
  const rank = new Map(sessions.map((one, i) => [one.session, i]));
  const silencedAt = new Map(
    sessions.map((one, i) => [one.session, sessions[i + 1]?.beganMs ?? Number.POSITIVE_INFINITY]),
  );
  const nextStart = startsOfNext(events);

  const spells: Spell[] = [];
  const pieces = events
    .map((event, i) => {
      const until = Math.min(
        event.endMs ?? range.openUntilMs,
        nextStart[i]!,
        event.session === null
          ? Number.POSITIVE_INFINITY
          : (silencedAt.get(event.session) ?? Number.POSITIVE_INFINITY),
      );
      return {
        event,
        fromMs: Math.max(event.startMs, range.fromMs),
        toMs: Math.min(until, range.toMs),
        open: event.endMs === null && until === range.openUntilMs,
      };
    })
    .filter((piece) => piece.toMs > piece.fromMs)
    .sort(
      (a, b) =>
        a.fromMs - b.fromMs ||
        (rank.get(a.event.session ?? -1) ?? -1) - (rank.get(b.event.session ?? -1) ?? -1),
    );
  for (const { event, fromMs, toMs, open } of pieces) {
    const last = spells.at(-1);
    const beginMs = last ? Math.max(fromMs, last.toMs) : fromMs;
    if (beginMs >= toMs) continue;
    const same =
      last &&
      last.toMs === beginMs &&
      last.presence === event.presence &&
      last.state === event.state &&
      last.reason === event.reason &&
      last.direction === event.direction &&
      last.session === event.session;
    if (same) {
      last.toMs = toMs;
      last.open = open;
      last.events.push(event.event);
    } else {
      const { presence, state, reason, direction, session } = event;
      spells.push({
        fromMs: beginMs,
        toMs,
        presence,
        state,
        reason,
        direction,
        session,
        events: [event.event],
        open,
      });
    }
  }
  return spells;
};

/** For each event, the start of the next one of its session (of any, for events without a session). */
const startsOfNext = (events: readonly TimelineEvent[]): number[] => {
  const starts = new Array<number>(events.length).fill(Number.POSITIVE_INFINITY);
  const nextBySession = new Map<number, number>();
  let nextOfAny = Number.POSITIVE_INFINITY;
  for (let i = events.length - 1; i >= 0; i--) {
    const { session, startMs } = events[i]!;
    starts[i] = session === null ? nextOfAny : (nextBySession.get(session) ?? Number.POSITIVE_INFINITY);
    if (session !== null) nextBySession.set(session, startMs);
    nextOfAny = startMs;
  }
  return starts;
};
