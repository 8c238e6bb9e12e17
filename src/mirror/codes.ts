/**
 * Enumerations as stored: the vendor's known values have the small codes below, for ever; a value that nobody knew
 * when this was written gets a row in `unknown_value`, whose id (from FIRST_UNKNOWN) stands in the same column.
 * NULL is "upstream did not say".
 */
export const FIRST_UNKNOWN = 1000;

export const eventTypeCodes = {
  'agent-session-start': 1,
  'agent-capacity': 2,
  'agent-ready': 3,
  'agent-not-ready': 4,
} as const;

export const stateCodes = { idle: 1, busy: 2, away: 3, offline: 4 } as const;
export const presenceCodes = { ready: 1, 'not-ready': 2, offline: 3 } as const;
export const allocationCodes = { 'not-allocated': 1, allocated: 2, 'fully-allocated': 3 } as const;
export const directionCodes = { inbound: 1, outbound: 2, 'agent-initiated': 3 } as const;

/** Attributes that have codes, as named in `unknown_value.attribute` and `mirror.schemaDrift`. */
export const codedAttributes = {
  eventType: eventTypeCodes,
  state: stateCodes,
  presence: presenceCodes,
  allocation: allocationCodes,
  direction: directionCodes,
} as const;
export type CodedAttribute = keyof typeof codedAttributes;

/** Where an event's end comes from, best last: a better source revises a worse one. */
export const endSourceCodes = {
  OPEN: 0,
  SUPERSEDED: 1,
  SUCCESSOR: 2,
  NEXT_EVENT_ID: 3,
  REPORTED: 4,
} as const;
export type EndSource = keyof typeof endSourceCodes;

/** How a session's end was inferred; no event says "logged out". */
export const sessionEndSourceCodes = {
  OPEN: 0,
  SUPERSEDED: 1,
  LAST_EVENT_ENDED: 2,
  OFFLINE_EVENT: 3,
} as const;
export type SessionEndSource = keyof typeof sessionEndSourceCodes;

export const coverageLevelCodes = { GAP: 0, PROVISIONAL: 1, SETTLED: 2, SEALED: 3 } as const;
export const gapCauseCodes = { OUTAGE: 1, EXPIRED: 2, REFUSED: 3, UNREADABLE: 4, CHAIN_BREAK: 5 } as const;

/** What a row of `change_log` speaks of. */
export const changeKindCodes = {
  EVENT_NEW: 1,
  EVENT_REVISED: 2,
  EVENT_CLOSED: 3,
  STATUS: 4,
  TRANSFER_NEW: 5,
  TRANSFER_REVISED: 6,
  TRANSFER_CLOSED: 7,
} as const;
export type ChangeKind = keyof typeof changeKindCodes;
/** `change_log.topic`: which stream a change belongs to. */
export const changeTopicCodes = { EVENT: 1, STATUS: 2, TRANSFER: 3 } as const;

/** A table of codes the other way round. */
export const namesOf = <Name extends string>(
  codes: Readonly<Record<Name, number>>,
): ReadonlyMap<number, Name> =>
  // Object.entries widens Name to string; the entries are those of the record given.
  new Map((Object.entries(codes) as [Name, number][]).map(([name, code]) => [code, name]));
