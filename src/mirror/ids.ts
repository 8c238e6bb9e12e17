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
  // Byte by byte, as no texts are made on the way: two ids of each record are packed.
  const packed = Buffer.allocUnsafe(16);
  for (let i = 0; i < 16; i++) {
    const at = PLACES[i]!;
    packed[i] = (hexDigit(uuid.charCodeAt(at)) << 4) | hexDigit(uuid.charCodeAt(at + 1));
  }
  return packed;
};

const OTHER_VERSION = Buffer.from([0]);
/** Where each byte of a packed version-1 id stands in its text. */
const PLACES = [14, 16, 9, 11, 0, 2, 4, 6, 19, 21, 24, 26, 28, 30, 32, 34];
/** Of either case: '0' is 0x30, 'A' 0x41, 'a' 0x61. */
const hexDigit = (code: number): number => (code & 0xf) + (code >> 6) * 9;

/**
 * A copy that holds no other memory. `packId` takes its bytes from Node's pool of 64 KiB: whoever keeps one of them
 * beyond its frame keeps the whole pool.
 */
export const ownId = (packed: Buffer): Buffer => {
  const own = Buffer.allocUnsafeSlow(packed.length);
  // Not `copy`, which first gives either of them memory outside the heap: three times as long.
  own.set(packed);
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
