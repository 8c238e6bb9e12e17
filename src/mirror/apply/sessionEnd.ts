import { presenceCodes, sessionEndSourceCodes, stateCodes } from '../codes.ts';

/** This much settled time without a word, right after the reported end of a session's last event, ends the session. */
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
  /**
   * Whether the time right after the last event's reported end was read and settled for as long as the rule asks.
   * Settled time further on says nothing: in an unread gap between, the session may have spoken.
   */
  quiet(sinceMs: number): boolean;
};

export type SessionEnd = {
  endMs: number | null;
  /** sessionEndSourceCodes */
  endSource: number;
  /** A reported end that counts once the time after it has settled. */
  endCheckMs: number | null;
};

/**
 * No event says "logged out": an explicit offline is the best witness, then a last event that ended without naming a
 * successor, then the agent's next login. All of it is taken back when the session speaks again.
 */
export const sessionEnd = ({ last, supersededMs, quiet }: SessionWitnesses): SessionEnd => {
  if (!last) return { endMs: null, endSource: sessionEndSourceCodes.OPEN, endCheckMs: null };
  if (last.state === stateCodes.offline || last.presence === presenceCodes.offline) {
    return { endMs: last.startMs, endSource: sessionEndSourceCodes.OFFLINE_EVENT, endCheckMs: null };
  }
  const quietMs =
    last.hasNextEventId === 1 || last.reportedEndMs === null
      ? null
      : Math.max(last.startMs, last.reportedEndMs);
  if (quietMs !== null && quiet(quietMs)) {
    return { endMs: quietMs, endSource: sessionEndSourceCodes.LAST_EVENT_ENDED, endCheckMs: null };
  }
  if (supersededMs !== null) {
    return { endMs: supersededMs, endSource: sessionEndSourceCodes.SUPERSEDED, endCheckMs: quietMs };
  }
  return { endMs: null, endSource: sessionEndSourceCodes.OPEN, endCheckMs: quietMs };
};
