/**
 * UUIDs as stored: 16 bytes whose byte order is the order of time.
 *
 * A version-1 id is rearranged to (version+time_high, time_mid, time_low, clock, node), so that comparing bytes compares
 * the embedded time first and the id itself next: with `start_ms` before it, one row value is the order that events
 * have everywhere, (start, embedded time, eventId). Ids that ascend with time also keep the unique index append-mostly.
 * Ids of other versions are stored as 0x00 followed by their 16 bytes: 17 bytes, sorting before every version-1 id
 * (whose first nibble is 1), so that the mapping stays reversible.
 */
export const packId = (uuid: string): Buffer => {
  if (uuid.charCodeAt(14) !== 0x31) {
    return Buffer.concat([OTHER_VERSION, Buffer.from(uuid.replaceAll('-', ''), 'hex')]);
  }
  const hex = uuid.slice(14, 18) + uuid.slice(9, 13) + uuid.slice(0, 8) + uuid.slice(19, 23) + uuid.slice(24);
  return Buffer.from(hex, 'hex');
};

const OTHER_VERSION = Buffer.from([0]);

/**
 * A copy that holds no other memory. `packId` takes its bytes from Node's pool of 64 KiB: whoever keeps one of them
 * beyond its frame keeps the whole pool.
 */
export const ownId = (packed: Buffer): Buffer => {
  const own = Buffer.allocUnsafeSlow(packed.length);
  packed.copy(own);
  return own;
};

/** The reverse of `packId`; lower-case with dashes. */
export const unpackId = (packed: Buffer): string => {
  const hex = packed.toString('hex');
  if (packed.length === 17) {
    return `${hex.slice(2, 10)}-${hex.slice(10, 14)}-${hex.slice(14, 18)}-${hex.slice(18, 22)}-${hex.slice(22)}`;
  }
  return `${hex.slice(8, 16)}-${hex.slice(4, 8)}-${hex.slice(0, 4)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};
