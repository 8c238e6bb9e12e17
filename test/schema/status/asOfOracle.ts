import { presenceCodes, sessionEndSourceCodes, stateCodes } from '../../../src/mirror/index.ts';
import type { MirrorFile } from '../../mirror/support/mirrorFile.ts';

export type EventFact = {
  event: number;
  eventId: Buffer;
  agent: number;
  session: number | null;
  startMs: number;
  presence: number | null;
  state: number | null;
  reason: number | null;
  direction: number | null;
};
type SessionFact = {
  session: number;
  sessionId: Buffer;
  agent: number;
  beganMs: number;
  endMs: number | null;
  endSource: number;
};

export type Stood = Pick<EventFact, 'event' | 'presence' | 'state' | 'reason' | 'direction'> & {
  sinceMs: number;
  sinceEventMs: number;
  inferred: boolean;
};

/** All that the mirror holds, for the plainest replay of it: nothing indexed, nothing kept. */
export const readHistory = (mirror: Pick<MirrorFile, 'rows'>) => ({
  events: mirror.rows<EventFact>(
    `select id as event, event_id as eventId, agent, session, start_ms as startMs, presence, state, reason, direction
     from event`,
  ),
  sessions: mirror.rows<SessionFact>(
    `select id as session, session_id as sessionId, agent, began_ms as beganMs, end_ms as endMs,
       end_source as endSource from session`,
  ),
});

const inOrder = (a: EventFact, b: EventFact) => a.startMs - b.startMs || Buffer.compare(a.eventId, b.eventId);
const sameSpell = (a: EventFact, b: EventFact) =>
  a.presence === b.presence && a.state === b.state && a.reason === b.reason && a.direction === b.direction;

/**
 * What stood at an instant, played again from the beginning: of the newest session that had begun and spoken, the last
 * event that had begun; events without a session count with it; after the session's end the agent is offline.
 */
export const replay = (
  { events, sessions }: ReturnType<typeof readHistory>,
  agent: number,
  atMs: number,
): Stood | null => {
  const begun = events.filter((one) => one.agent === agent && one.startMs <= atMs).sort(inOrder);
  const newest = sessions
    .filter((one) => one.agent === agent && one.beganMs <= atMs)
    .filter((one) => begun.some(({ session }) => session === one.session))
    .sort((a, b) => a.beganMs - b.beganMs || Buffer.compare(a.sessionId, b.sessionId))
    .at(-1);
  const line = begun.filter(({ session }) => session === null || session === newest?.session);
  const last = line.at(-1);
  if (!last) return null;
  const before = line.findLastIndex((one) => !sameSpell(one, last));
  const { event, presence, state, reason, direction } = last;
  const live: Stood = {
    event,
    presence,
    state,
    reason,
    direction,
    sinceMs: line[before + 1]!.startMs,
    sinceEventMs: last.startMs,
    inferred: false,
  };
  if (!newest || newest.endMs === null || newest.endMs > atMs) return live;
  if (last.session === null && last.startMs >= newest.endMs) return live;
  const offline = { presence: presenceCodes.offline, state: stateCodes.offline, inferred: true };
  return newest.endSource === sessionEndSourceCodes.OFFLINE_EVENT
    ? { ...live, ...offline }
    : { ...live, ...offline, reason: null, direction: null, sinceMs: newest.endMs };
};

/** Whether a session of the agent had begun though nothing stood yet. */
export const silent = (
  { events, sessions }: ReturnType<typeof readHistory>,
  agent: number,
  atMs: number,
): boolean =>
  replay({ events, sessions }, agent, atMs) === null &&
  sessions.some(
    (one) =>
      one.agent === agent && one.beganMs <= atMs && events.some(({ session }) => session === one.session),
  );
