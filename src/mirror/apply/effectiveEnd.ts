import { endSourceCodes } from '../codes.ts';

export type EndWitnesses = {
  startMs: number;
  reportedEndMs: number | null;
  /** The time inside a version-1 nextEventId. */
  nextEventMs: number | null;
  /** Start of the agent's next event in the session. */
  successorMs: number | null;
  /** When the first newer session began that did not begin before this event. */
  supersededMs: number | null;
};

export type EffectiveEnd = { endMs: number | null; endSource: number };

/** An event's end by its best witness. Never before the start: a reported end that is counts as the start. */
export const effectiveEnd = (witnesses: EndWitnesses): EffectiveEnd => {
  const { startMs, reportedEndMs, nextEventMs, successorMs, supersededMs } = witnesses;
  if (reportedEndMs !== null) {
    return { endMs: Math.max(startMs, reportedEndMs), endSource: endSourceCodes.REPORTED };
  }
  if (nextEventMs !== null && nextEventMs >= startMs) {
    return { endMs: nextEventMs, endSource: endSourceCodes.NEXT_EVENT_ID };
  }
  if (successorMs !== null) return { endMs: successorMs, endSource: endSourceCodes.SUCCESSOR };
  if (supersededMs !== null) return { endMs: supersededMs, endSource: endSourceCodes.SUPERSEDED };
  return { endMs: null, endSource: endSourceCodes.OPEN };
};
