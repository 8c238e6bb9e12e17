import { packId } from '../../../src/mirror/ids.ts';
import type { AgentStateRecord } from '../../../src/upstream/index.ts';
import { uuidTimeMs } from '../../../src/upstream/index.ts';
import type { EventFact, SessionFact, StatusFact } from './facts.ts';
import { DAY_MS } from './records.ts';

/**
 * The sentences of the design, said again in the plainest way: over all records at once, nothing kept, nothing clever.
 * Records are the most complete versions, one an event.
 */

const before = (aMs: number, aId: string, bMs: number, bId: string): boolean =>
  aMs < bMs || (aMs === bMs && Buffer.compare(packId(aId), packId(bId)) < 0);

const inOrder = (records: readonly AgentStateRecord[]): AgentStateRecord[] =>
  [...records].sort((a, b) => (before(a.startMs, a.eventId, b.startMs, b.eventId) ? -1 : 1));

type Login = { sessionId: string; agentId: string; loginMs: number | null; beganMs: number };

const loginsOf = (records: readonly AgentStateRecord[]): Login[] => {
  const ids = new Set(records.flatMap(({ sessionId }) => sessionId ?? []));
  const logins = [...ids].map((sessionId): Login => {
    const own = records.filter((record) => record.sessionId === sessionId);
    const known = own.flatMap(({ loginMs }) => loginMs ?? []);
    const loginMs = known.length > 0 ? Math.min(...known) : null;
    const firstMs = Math.min(...own.map(({ startMs }) => startMs));
    return {
      sessionId,
      agentId: own[0]!.agentId,
      loginMs,
      beganMs: loginMs ?? uuidTimeMs(sessionId) ?? firstMs,
    };
  });
  return logins.sort((a, b) => (before(a.beganMs, a.sessionId, b.beganMs, b.sessionId) ? -1 : 1));
};

/** When the first newer session of the agent began that did not begin before `startMs`. */
const supersededMs = (logins: readonly Login[], sessionId: string, startMs: number): number | null => {
  const at = logins.findIndex((login) => login.sessionId === sessionId);
  const newer = logins.slice(at + 1).filter(({ agentId }) => agentId === logins[at]!.agentId);
  return newer.find(({ beganMs }) => beganMs >= startMs)?.beganMs ?? null;
};

/** `ordered`: all records. */
const endOf = (
  record: AgentStateRecord,
  ordered: readonly AgentStateRecord[],
  logins: readonly Login[],
): Pick<EventFact, 'end' | 'endSource'> => {
  const relative = (ms: number) => ms - DAY_MS;
  if (record.endMs !== null)
    return { end: relative(Math.max(record.startMs, record.endMs)), endSource: 'REPORTED' };
  const nextMs = record.nextEventId === null ? null : uuidTimeMs(record.nextEventId);
  if (nextMs !== null && nextMs >= record.startMs)
    return { end: relative(nextMs), endSource: 'NEXT_EVENT_ID' };
  const successor = ordered.find(
    (other) =>
      other.agentId === record.agentId &&
      (record.sessionId === null || other.sessionId === record.sessionId) &&
      before(record.startMs, record.eventId, other.startMs, other.eventId),
  );
  if (successor) return { end: relative(successor.startMs), endSource: 'SUCCESSOR' };
  const newerMs = record.sessionId === null ? null : supersededMs(logins, record.sessionId, record.startMs);
  return newerMs === null
    ? { end: null, endSource: 'OPEN' }
    : { end: relative(newerMs), endSource: 'SUPERSEDED' };
};

/** What a change of resets the clock of a status. A reason is its id, whatever it is called; without one its name. */
const spellOf = ({ presence, state, direction, reasonId, reasonName }: AgentStateRecord): string =>
  JSON.stringify([presence, state, direction, reasonId ?? [reasonName]]);

export type Oracle = {
  events: Omit<EventFact, 'revision'>[];
  sessions: SessionFact[];
  status(agentId: string): StatusFact | null;
};

/** `isSettled`: whether all of a span of time has been read and settled. */
export const consult = (
  records: readonly AgentStateRecord[],
  isSettled: (fromMs: number, toMs: number) => boolean,
): Oracle => {
  const ordered = inOrder(records);
  const logins = loginsOf(records);

  const sessions = logins.map((login): SessionFact => {
    const last = ordered.findLast(({ sessionId }) => sessionId === login.sessionId)!;
    const fact = (end: number | null, endSource: SessionFact['endSource']): SessionFact => ({
      sessionId: login.sessionId,
      agentId: login.agentId,
      login: login.loginMs === null ? null : login.loginMs - DAY_MS,
      began: login.beganMs - DAY_MS,
      end,
      endSource,
      lastStart: last.startMs - DAY_MS,
    });
    const start = last.startMs - DAY_MS;
    if (last.state === 'offline' || last.presence === 'offline') return fact(start, 'OFFLINE_EVENT');
    if (last.endMs !== null && last.nextEventId === null) {
      const end = Math.max(start, last.endMs - DAY_MS);
      if (isSettled(DAY_MS + end, DAY_MS + end + 60_000)) return fact(end, 'LAST_EVENT_ENDED');
    }
    const newerMs = supersededMs(logins, login.sessionId, last.startMs);
    return newerMs === null ? fact(null, 'OPEN') : fact(newerMs - DAY_MS, 'SUPERSEDED');
  });

  return {
    events: ordered.map((record) => ({
      eventId: record.eventId,
      agentId: record.agentId,
      sessionId: record.sessionId,
      start: record.startMs - DAY_MS,
      ...endOf(record, ordered, logins),
      state: record.state,
    })),
    sessions,
    status(agentId) {
      const newest = sessions.findLast((session) => session.agentId === agentId) ?? null;
      const line = ordered.filter(
        (record) =>
          record.agentId === agentId && (record.sessionId === null || record.sessionId === newest?.sessionId),
      );
      const current = line.at(-1);
      if (!current) return null;
      const interruption = line.findLastIndex((record) => spellOf(record) !== spellOf(current));
      const start = current.startMs - DAY_MS;
      const live: StatusFact = {
        start,
        since: line[interruption + 1]!.startMs - DAY_MS,
        sinceEvent: start,
        presence: current.presence,
        state: current.state,
        inferred: false,
      };
      if (newest?.end == null) return live;
      if (current.sessionId === null && start >= newest.end) return live;
      const offline = { ...live, presence: 'offline', state: 'offline', inferred: true };
      return newest.endSource === 'OFFLINE_EVENT' ? offline : { ...offline, since: newest.end };
    },
  };
};
