import { hash32 } from './random.ts';

/** What an id is minted from: the instant it names, and a salt that tells ids of one instant apart. */
export type IdSource = { idMs: number; salt: number };

export type IdVersion = 1 | 4;

/** Milliseconds from 1582-10-15, where version-1 time starts, to 1970. */
const GREGORIAN_OFFSET_MS = 12_219_292_800_000;

/** The first three are the nodes of the vendor's samples: several hosts mint ids. */
const NODES = ['0fc9cd50d3ff', '9a5ac3da6edd', '02d1c7920e75', 'b08f6e56a766', '0a58a9feac02'];

const HEX_BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const hex16 = (n: number): string => `${HEX_BYTES[(n >>> 8) & 255]}${HEX_BYTES[n & 255]}`;
const hex32 = (n: number): string => hex16(n >>> 16) + hex16(n);

/** Version 1 carries `idMs` (and a salted place inside that millisecond); version 4 carries no time at all. */
export const mintId = (source: IdSource, version: IdVersion): string =>
  version === 1 ? mintVersion1(source) : mintVersion4(source);

/** Which of the minting hosts an id comes from: a host's clock skew belongs to all its ids. */
export const hostOf = (salt: number): number => hash32(salt, 21) % NODES.length;

const mintVersion1 = ({ idMs, salt }: IdSource): string => {
  const sinceMs = idMs + GREGORIAN_OFFSET_MS;
  const tick = hash32(salt, 22) % 10_000;
  // ms * 10,000 is past 2^53, so the 60-bit tick count is built from two halves that are not.
  const upper = Math.floor(sinceMs / 65_536) * 10_000;
  const lower = (upper % 65_536) * 65_536 + (sinceMs % 65_536) * 10_000 + tick;
  const low = lower % 4_294_967_296;
  const high = Math.floor(upper / 65_536) + Math.floor(lower / 4_294_967_296);
  const clockSequence = 0x8000 | (hash32(salt, 23) & 0x3fff);
  return `${hex32(low)}-${hex16(high & 0xffff)}-${hex16(0x1000 | (high >>> 16))}-${hex16(clockSequence)}-${NODES[hostOf(salt)]}`;
};

const mintVersion4 = ({ idMs, salt }: IdSource): string => {
  const a = hash32(salt, 31, idMs % 4_294_967_296);
  const b = hash32(salt, 32, a);
  const c = hash32(salt, 33, b);
  const d = hash32(salt, 34, c);
  return `${hex32(a)}-${hex16(b >>> 16)}-${hex16(0x4000 | (b & 0x0fff))}-${hex16(0x8000 | (c & 0x3fff))}-${hex16(c >>> 16)}${hex32(d)}`;
};
