import { hash32 } from './random.ts';

/** What an id is minted from: the instant it names, and a salt that tells ids of one instant apart. */
export type IdSource = { idMs: number; salt: number };

export type IdVersion = 1 | 4;

/** Milliseconds from 1582-10-15, where version-1 time starts, to 1970. */
const GREGORIAN_OFFSET_MS = 12_219_292_800_000;

/** The first three are the nodes of the vendor's samples: several hosts mint ids. */
const NODES: readonly (readonly [high16: number, low32: number])[] = [
  [0x0fc9, 0xcd50d3ff],
  [0x9a5a, 0xc3da6edd],
  [0x02d1, 0xc7920e75],
  [0xb08f, 0x6e56a766],
  [0x0a58, 0xa9feac02],
];

const HEX_DIGITS = Buffer.from('0123456789abcdef', 'latin1');

/** Version 1 carries `idMs` (and a salted place inside that millisecond); version 4 carries no time at all. */
export const mintId = (source: IdSource, version: IdVersion): string =>
  version === 1 ? mintVersion1(source) : mintVersion4(source);

const lasting: Record<IdVersion, WeakMap<IdSource, string>> = { 1: new WeakMap(), 4: new WeakMap() };

/** `mintId`, remembered as long as its source lives: ids of agents, sessions and reasons stand in many records. */
export const mintLastingId = (source: IdSource, version: IdVersion): string => {
  let id = lasting[version].get(source);
  if (id === undefined) {
    id = mintId(source, version);
    lasting[version].set(source, id);
  }
  return id;
};

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
  const [nodeHigh, nodeLow] = NODES[hostOf(salt)]!;
  return format(low, high & 0xffff, 0x1000 | (high >>> 16), clockSequence, nodeHigh, nodeLow);
};

const mintVersion4 = ({ idMs, salt }: IdSource): string => {
  const a = hash32(salt, 31, idMs % 4_294_967_296);
  const b = hash32(salt, 32, a);
  const c = hash32(salt, 33, b);
  const d = hash32(salt, 34, c);
  return format(a, b >>> 16, 0x4000 | (b & 0x0fff), 0x8000 | (c & 0x3fff), c >>> 16, d);
};

// Written to bytes and read back whole: strings joined from parts are ropes, on which JSON.stringify leaves its
// fast path (an answer of 12,800 records took twice as long).
const text = Buffer.alloc(36, '-', 'latin1');

const format = (a: number, b: number, c: number, d: number, e: number, f: number): string => {
  put(0, a, 8);
  put(9, b, 4);
  put(14, c, 4);
  put(19, d, 4);
  put(24, e, 4);
  put(28, f, 8);
  return text.toString('latin1');
};

const put = (at: number, value: number, digits: number): void => {
  for (let i = at + digits - 1, rest = value; i >= at; i--, rest >>>= 4) text[i] = HEX_DIGITS[rest & 15]!;
};
