/** What one version of a record says of its event, in codes and row ids. */
export type EventContent = {
  /** session.id */
  session: number | null;
  startMs: number;
  /** 1: the start came from the eventId. */
  startInferred: number;
  reportedEndMs: number | null;
  reportedDurationMs: number | null;
  eventType: number | null;
  presence: number | null;
  state: number | null;
  allocation: number | null;
  direction: number | null;
  /** reason.id */
  reason: number | null;
  /** capacity_text.id */
  capacity: number | null;
  /** name_text.id */
  name: number | null;
  /** Packed. */
  nextEventId: Buffer | null;
  /** JSON object with sorted keys. */
  extra: string | null;
  completeness: number;
};

/** A row of `event`. */
export type EventRow = EventContent & {
  id: number;
  /** Packed. */
  eventId: Buffer;
  /** agent.id; never changes. */
  agent: number;
  endMs: number | null;
  /** endSourceCodes */
  endSource: number;
  revision: number;
  observedMs: number;
};

/** An event in one frame: as it stood before, and as it stands now. */
export type TouchedEvent = { before: EventRow | null; row: EventRow };

export type Position = { startMs: number; eventId: Buffer };

/** The order of events everywhere: start, then embedded time, then id; a packed id holds the last two. */
export const compareEvents = (a: Position, b: Position): number =>
  a.startMs - b.startMs || Buffer.compare(a.eventId, b.eventId);
