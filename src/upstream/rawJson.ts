/**
 * `JSON.parse` takes any depth; `JSON.stringify` overflows the stack at some thousand levels (always before V8 13.8, and
 * whenever a replacer keeps it from its fast path), SQLite refuses more than 1,000: one such value in a row would break
 * whoever stores it or sends it on.
 */
const DEEPEST = 64;
const TOO_DEEP = '(nested too deeply to be kept)';

/** A value of `JSON.parse` as text, as upstream sent it but for white space. Never throws. */
export const rawJson = (value: unknown): string => JSON.stringify(keepable(value)) ?? 'null';

/** The value itself, or a note in its place if it could not be written out again. */
export const keepable = (value: unknown): unknown => (isDeeperThan(value, DEEPEST) ? TOO_DEEP : value);

const isDeeperThan = (value: unknown, levels: number): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
};

/** A JSON object: neither null nor a list. */
export const isJsonObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
