import { presenceCodes, sessionEndSourceCodes, stateCodes } from '../codes.ts';
import type { MirrorReader } from './reader.ts';
import { type KnownStatus, missingAfterSql, newestSessionSql } from './statuses.ts';

/** What of an event a timeline is made of. Codes as in `event`. */
export type TimelineEvent = {
  /** event.id */
  event: number;
  /** session.id; null when upstream did not say. */
  session: number | null;
  startMs: number;
  /** Packed. */
  eventId: Buffer;
  presence: number | null;
  state: number | null;
  /** reason.id */
  reason: number | null;
  direction: number | null;
} & Pick<KnownStatus, 'missingMs'>;

export type TimelineSession = {
  /** session.id */
  session: number;
  beganMs: number;
  /** Packed. */
  sessionId: Buffer;
  /** Start of its first event. */
  firstStartMs: number;
  endMs: number | null;
  /** sessionEndSourceCodes */
  endSource: number;
};

/** A stretch in which one event of an agent stood. */
export type TimelinePiece = Omit<TimelineEvent, 'eventId'> & {
  fromMs: number;
  toMs: number;
  /** The session had ended, which no record says. */
  inferred: boolean;
};

/** A stretch in which a session of the agent had begun, and nothing had been said yet: what it was, nobody knows. */
export type Silence = { event: null; fromMs: number; toMs: number };

/**
 * One agent's time as pieces, in order, which never overlap: at every instant what `readStatusesAt` says of it, and where
 * that says nothing, what `readSilentAt` says. Time before the agent's first session and event is in none.
 *
 * `events`: all that began in the range, of sessions not older than the one that stood at its beginning and of none; and
 * of each of these the last one before it. `sessions`: those that began before the range's end and have an event.
 */
export const timelineOf = (
  events: readonly TimelineEvent[],
  sessions: readonly TimelineSession[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): (TimelinePiece | Silence)[] => {
  const line = events.toSorted((a, b) => a.startMs - b.startMs || Buffer.compare(a.eventId, b.eventId));
  const logins = sessions.toSorted(
    (a, b) => a.beganMs - b.beganMs || Buffer.compare(a.sessionId, b.sessionId),
  );
  const entrances = logins
    .map((login, rank) => ({ rank, atMs: Math.max(login.beganMs, login.firstStartMs) }))
    .sort((a, b) => a.atMs - b.atMs);
  const instants = new Set([fromMs]);
  for (const { startMs } of line) instants.add(startMs);
  for (const { atMs } of entrances) instants.add(atMs);
  for (const { beganMs, endMs } of logins) {
    instants.add(beganMs);
    if (endMs !== null) instants.add(endMs);
  }
  const turns = [...instants].filter((ms) => ms >= fromMs && ms < toMs).sort((a, b) => a - b);

  /** Position in `line` of the last event that has begun, by session. */
  const lastBySession = new Map<number | null, number>();
  let began = 0;
  let entered = 0;
  let newest = -1;
  const pieces: (TimelinePiece | Silence)[] = [];
  for (const [i, atMs] of turns.entries()) {
    for (; began < line.length && line[began]!.startMs <= atMs; began++) {
      lastBySession.set(line[began]!.session, began);
    }
    for (; entered < entrances.length && entrances[entered]!.atMs <= atMs; entered++) {
      newest = Math.max(newest, entrances[entered]!.rank);
    }
    const login = newest < 0 ? null : logins[newest]!;
    const last = Math.max(
      lastBySession.get(null) ?? -1,
      login ? (lastBySession.get(login.session) ?? -1) : -1,
    );
    const event = line[last];
    const span = { fromMs: atMs, toMs: turns[i + 1] ?? toMs };
    if (event) {
      const { eventId: _, ...facts } = event;
      pieces.push({ ...facts, ...afterLogin(event, login, atMs), ...span });
    } else if (logins[0] && logins[0].beganMs <= atMs) {
      pieces.push({ event: null, ...span });
    }
  }
  return pieces;
};

/** Once its session is over the agent is offline, unless an event without one has spoken since. */
const afterLogin = (event: TimelineEvent, login: TimelineSession | null, atMs: number) => {
  const endMs = login?.endMs ?? null;
  if (!login || endMs === null || endMs > atMs || (event.session === null && event.startMs >= endMs)) {
    return { inferred: false };
  }
  const offline = { presence: presenceCodes.offline, state: stateCodes.offline, inferred: true };
  if (login.endSource === sessionEndSourceCodes.OFFLINE_EVENT) return offline;
  return { ...offline, reason: null, direction: null };
};

const BEFORE_ALL_MS = -9_000_000_000_000_000;

const eventColumns = `event.id as event, event.agent, event.session, event.start_ms as startMs,
  event.event_id as eventId, event.presence, event.state, event.reason, event.direction,
  ${missingAfterSql('event')} as missingMs`;

const newestSql = `select a.id as agent, (${newestSessionSql}) as session
  from json_each(?) as wanted cross join agent as a on a.id = wanted.value`;

/** From each agent's session that is named, or from its first: all that began before an instant and have spoken. */
const sessionsSql = `select s.id as session, s.agent, s.began_ms as beganMs, s.session_id as sessionId,
    s.end_ms as endMs, s.end_source as endSource,
    (select first.start_ms from event as first indexed by event_by_session where first.session = s.id
      order by first.start_ms, first.event_id limit 1) as firstStartMs,
    (select last.id from event as last indexed by event_by_session where last.session = s.id and last.start_ms < ?
      order by last.start_ms desc, last.event_id desc limit 1) as lastBefore
  from json_each(?) as wanted
  left join session as oldest on oldest.id = json_extract(wanted.value, '$.session')
  cross join session as s indexed by session_by_agent on s.agent = json_extract(wanted.value, '$.agent')
    and (s.began_ms, s.session_id) >= (coalesce(oldest.began_ms, ${BEFORE_ALL_MS}), coalesce(oldest.session_id, x''))
    and s.began_ms < ?
  where s.last_event is not null and spend(s.id)`;

const inRangeSql = `select ${eventColumns}
  from json_each(?) as wanted
  cross join event indexed by event_by_agent
    on event.agent = wanted.value and event.start_ms >= ? and event.start_ms < ?
  where spend(event.id)`;

const byIdSql = `select ${eventColumns} from json_each(?) as wanted cross join event on event.id = wanted.value`;

/** The last event without a session of each agent, if it began between an instant of the agent's and one of all. */
const sessionlessSql = `select ${eventColumns}
  from json_each(?) as wanted
  cross join event on event.id = (
    select last.id from event as last indexed by event_by_agent
    where last.agent = json_extract(wanted.value, '$.agent')
      and last.start_ms >= json_extract(wanted.value, '$.afterMs') and last.start_ms < ?
      and spend(last.id) and last.session is null
    order by last.start_ms desc, last.event_id desc limit 1)`;

type OfAgent = { agent: number };
type Range = { fromMs: number; toMs: number };

/**
 * The timelines of these agents (agent.id) over a range, in six statements at most. Throws WalkTooLongError where they
 * hold more sessions and events than a list may look at.
 */
export const readTimelines = (
  reader: MirrorReader,
  agents: readonly number[],
  range: Range,
): Map<number, (TimelinePiece | Silence)[]> =>
  reader.bounded(reader.maxWalkRows, () => {
    const { events, sessions } = readLines(reader, agents, range);
    const eventsOf = Map.groupBy(events, ({ agent }) => agent);
    const sessionsOf = Map.groupBy(sessions, ({ agent }) => agent);
    return new Map(
      agents.map((agent) => {
        const own = sessionsOf.get(agent) ?? [];
        const heard = new Set<number | null>([null, ...own.map(({ session }) => session)]);
        const line = (eventsOf.get(agent) ?? []).filter(({ session }) => heard.has(session));
        return [agent, timelineOf(line, own, range)];
      }),
    );
  });

const readLines = (reader: MirrorReader, agents: readonly number[], { fromMs, toMs }: Range) => {
  const wanted = JSON.stringify(agents);
  const standing = reader.all<OfAgent & { session: number | null }>(newestSql, fromMs, fromMs, wanted);
  const sessions = reader.all<OfAgent & TimelineSession & { lastBefore: number | null }>(
    sessionsSql,
    ...[fromMs, JSON.stringify(standing), toMs],
  );
  const before = sessions.flatMap(({ lastBefore }) => lastBefore ?? []);
  const earlier = reader.all<OfAgent & TimelineEvent>(byIdSql, JSON.stringify(before));
  const inRange = reader.all<OfAgent & TimelineEvent>(inRangeSql, wanted, fromMs, toMs);
  const anySessionless = reader.get(
    'select 1 from event indexed by event_by_session where session is null limit 1',
  );
  if (!anySessionless) return { sessions, events: [...earlier, ...inRange] };
  // Behind the last word of the session that stands, an older one without a session says nothing: no further walk.
  const spokeMs = new Map(earlier.map(({ session, startMs }) => [session, startMs]));
  const since = standing.map(({ agent, session }) => ({
    agent,
    afterMs: session === null ? BEFORE_ALL_MS : (spokeMs.get(session) ?? fromMs),
  }));
  const sessionless = reader.all<OfAgent & TimelineEvent>(sessionlessSql, JSON.stringify(since), fromMs);
  return { sessions, events: [...earlier, ...sessionless, ...inRange] };
};
