/** A stream of numbers in [0, 1). Always seeded: nothing in the simulator draws from chance. */
export type Random = () => number;

/**
 * One well-mixed unsigned 32-bit number for up to four integers. Every decision of the world hangs on such a
 * hash of what it is about (agent, hour, step), never on a shared stream: so the order of queries changes nothing.
 */
export const hash32 = (a: number, b = 0, c = 0, d = 0): number => {
  let h = 0x2545f491;
  h = stir(h, a);
  h = stir(h, b);
  h = stir(h, c);
  h = stir(h, d);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  return h >>> 0;
};

const stir = (h: number, part: number): number => {
  const mixed = Math.imul(h ^ (part | 0), 0x9e3779b1);
  return Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35) ^ (mixed >>> 7);
};

/** The same hash as a share in [0, 1): `share(...) < rate` decides an oddity once and for ever. */
export const share = (a: number, b = 0, c = 0, d = 0): number => hash32(a, b, c, d) / 4294967296;

/** Mulberry32. */
export const createRandom = (seed: number): Random => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

export const between = (random: Random, low: number, high: number): number => low + random() * (high - low);

export const pick = <T>(random: Random, items: readonly [T, ...T[]]): T =>
  items[Math.floor(random() * items.length)] ?? items[0];

const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

export const gaussian = (random: Random, mean: number, deviation: number): number =>
  mean + deviation * normal(random);

/** Log-normal by its mean and coefficient of variation: handling times and pauses have long tails. */
export const logNormal = (random: Random, mean: number, variation: number): number => {
  const variance = Math.log(1 + variation * variation);
  return Math.exp(Math.log(mean) - variance / 2 + Math.sqrt(variance) * normal(random));
};

export const exponential = (random: Random, mean: number): number => -mean * Math.log(1 - random());
