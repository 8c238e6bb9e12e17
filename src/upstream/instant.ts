/**
 * Upstream's timestamps: RFC 3339 in UTC or with a numeric offset, fractions of any length (cut to milliseconds), and
 * the vendor's own slip, `20:45:00:999Z`. A text without a zone is refused: it would be read as local time.
 */
const TIMESTAMP =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[.:](\d{1,9}))?(?:Z|([+-])(\d{2}):?(\d{2}))$/;

/** Milliseconds UTC, or null when the text is no timestamp. */
export const parseInstantMs = (text: string): number | null => {
  const match = TIMESTAMP.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHours, offsetMinutes] = match;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]; // six groups that the pattern demands
  if (h > 23 || mi > 59 || s > 59) return null;
  const wholeMs = Date.UTC(y, mo - 1, d, h, mi, s);
  const back = new Date(wholeMs);
  // Date.UTC turns 30 February into 2 March; such a text names no instant.
  if (back.getUTCMonth() !== mo - 1 || back.getUTCDate() !== d || back.getUTCFullYear() !== y) return null;
  const fractionMs = Number(fraction.padEnd(3, '0').slice(0, 3));
  const offsetMs = sign ? (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000 : 0;
  return wholeMs + fractionMs - (sign === '-' ? -offsetMs : offsetMs);
};

/** As upstream takes it: `2017-10-06T17:50:59.690Z`. */
export const formatInstant = (ms: number): string => new Date(ms).toISOString();
