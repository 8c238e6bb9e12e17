import { presenceCodes, sessionEndSourceCodes, stateCodes } from '../codes.ts';

/** After the reported end of a session's last event, this much settled time without a word ends the session. */
export const SESSION_QUIET_MS = 60_000;

export type SessionWitnesses = {
  /** The last event by order; null when the session has none. */
  last: {
    startMs: number;
    reportedEndMs: number | null;
    /** 1: it names a successor. */
    hasNextEventId: number;
    state: number | null;
    presence: number | null;
  } | null;
  /** When the agent's first newer session began that did not begin before the last event. */
  supersededMs: number | null;
  /** End of the youngest settled coverage. */
  freshThroughMs: number | null;
};

export type SessionEnd = {
  endMs: number | null;
  /** sessionEndSourceCodes */
  endSource: number;
  /** A reported end that counts once coverage has settled past it. */
  endCheckMs: number | null;
};

/**
 * No event says "logged out": an explicit offline is the best witness, then a last event that ended without naming a
 * successor, then the agent's next login. All of it is taken back when the session speaks again.
 */
export const sessionEnd = ({ last, supersededMs, freshThroughMs }: SessionWitnesses): SessionEnd => {
  if (!last) return { endMs: null, endSource: sessionEndSourceCodes.OPEN, endCheckMs: null };
  if (last.state === stateCodes.offline || last.presence === presenceCodes.offline) {
    return { endMs: last.startMs, endSource: sessionEndSourceCodes.OFFLINE_EVENT, endCheckMs: null };
  }
  const quietMs =
    last.hasNextEventId === 1 || last.reportedEndMs === null
      ? null
      : Math.max(last.startMs, last.reportedEndMs);
  if (quietMs !== null && freshThroughMs !== null && freshThroughMs >= quietMs + SESSION_QUIET_MS) {
    return { endMs: quietMs, endSource: sessionEndSourceCodes.LAST_EVENT_ENDED, endCheckMs: null };
  }
  if (supersededMs !== null) {
    return { endMs: supersededMs, endSource: sessionEndSourceCodes.SUPERSEDED, endCheckMs: quietMs };
  }
  return { endMs: null, endSource: sessionEndSourceCodes.OPEN, endCheckMs: quietMs };
};
