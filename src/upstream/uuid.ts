const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const LOWER_CASE = new RegExp(UUID.source);

/** 100-ns ticks from the Gregorian reform (1582-10-15), where version-1 time starts, to 1970. */
const GREGORIAN_TICKS = 0x01b21dd213814000n;

export const isUuid = (text: string): boolean => UUID.test(text);

/** In lower case; null for what is no id. */
export const asUuid = (value: unknown): string | null => {
  if (typeof value !== 'string') return null;
  if (LOWER_CASE.test(value)) return value;
  return UUID.test(value) ? value.toLowerCase() : null;
};

/**
 * The instant inside a version-1 UUID, milliseconds UTC, or null for an id of another version.
 * The vendor's samples mint ids at the moment that they name (`nextEventId` = the record's end to the ms):
 * a second witness, never the only one.
 */
export const uuidTimeMs = (uuid: string): number | null => {
  if (uuid.charCodeAt(14) !== 0x31 /* '1' */) return null;
  const ticks =
    (BigInt(`0x${uuid.slice(15, 18)}${uuid.slice(9, 13)}${uuid.slice(0, 8)}`) - GREGORIAN_TICKS) / 10000n;
  return Number(ticks);
};
