import { presenceCodes, sessionEndSourceCodes, stateCodes } from '../codes.ts';
import type { StatusImage } from '../images.ts';
import type { Reasons } from './reasons.ts';

/** What of an event makes a status. */
export type StatusEvent = {
  /** event.id */
  id: number;
  /** Packed. */
  eventId: Buffer;
  session: number | null;
  startMs: number;
  presence: number | null;
  state: number | null;
  reason: number | null;
  direction: number | null;
  allocation: number | null;
  capacity: number | null;
};

type Spell = Pick<StatusEvent, 'presence' | 'state' | 'reason' | 'direction'>;

/** Whether two events belong to one spell: the clock of a status runs on over the second. */
export const sameSpell = (a: Spell, b: Spell, sameReason: Reasons['same']): boolean =>
  a.presence === b.presence &&
  a.state === b.state &&
  a.direction === b.direction &&
  sameReason(a.reason, b.reason);

export const statusOf = (event: StatusEvent, sinceMs: number): StatusImage => ({
  event: event.id,
  session: event.session,
  sinceMs,
  sinceEventMs: event.startMs,
  presence: event.presence,
  state: event.state,
  reason: event.reason,
  direction: event.direction,
  allocation: event.allocation,
  capacity: event.capacity,
  inferred: false,
});

/**
 * The status after its session has ended: offline. A reported offline keeps what else its event says; otherwise nothing
 * that the last event said holds any more, and the clock runs from the session's end.
 */
export const afterSession = (
  status: StatusImage,
  session: { endMs: number; endSource: number },
): StatusImage => {
  const offline = { presence: presenceCodes.offline, state: stateCodes.offline, inferred: true };
  if (session.endSource === sessionEndSourceCodes.OFFLINE_EVENT) return { ...status, ...offline };
  return {
    ...status,
    ...offline,
    sinceMs: session.endMs,
    reason: null,
    direction: null,
    allocation: null,
    capacity: null,
  };
};

export const sameStatus = (a: StatusImage, b: StatusImage): boolean =>
  a.event === b.event &&
  a.session === b.session &&
  a.sinceMs === b.sinceMs &&
  a.sinceEventMs === b.sinceEventMs &&
  a.presence === b.presence &&
  a.state === b.state &&
  a.reason === b.reason &&
  a.direction === b.direction &&
  a.allocation === b.allocation &&
  a.capacity === b.capacity &&
  a.inferred === b.inferred;
