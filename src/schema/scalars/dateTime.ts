import { textInput } from './text.ts';

const DAY_MS = 86_400_000;
const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:([Zz])|([+-])(\d{2}):(\d{2}))$/;
const MIN_MS = Date.UTC(1970, 0, 1);
const MAX_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Strict RFC 3339: a full date, a full time, and an offset (a time without one means another moment on every
 * machine). Fractions finer than a millisecond are cut. Null when it is no such instant.
 */
export const parseInstant = (text: string): number | null => {
  const parts = RFC_3339.exec(text);
  if (!parts) return null;
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second,
    fraction = '',
    ,
    sign,
    offsetHour = '0',
    offsetMinute = '0',
  ] = parts;
  // Date.UTC takes years below 100 for years of the twentieth century.
  if (Number(year) < 100) return null;
  const dayMs = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // Date.UTC rolls 31 April over into May.
  if (new Date(dayMs).getUTCMonth() !== Number(month) - 1 || Number(day) < 1) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return null;
  const offsetMs = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000 * (sign === '-' ? -1 : 1);
  const atMs =
    dayMs +
    (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000 +
    Number(fraction.padEnd(3, '0').slice(0, 3)) -
    offsetMs;
  return atMs >= MIN_MS && atMs <= MAX_MS ? atMs : null;
};

let cachedDay = Number.NaN;
let cachedDate = '';
const twoDigits = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
const threeDigits = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'));

/** `2026-11-23T09:15:00.000Z`. The day's part is remembered: 20 times faster than toISOString on a page of one day. */
export const formatInstant = (atMs: number): string => {
  const day = Math.floor(atMs / DAY_MS);
  if (day !== cachedDay) {
    cachedDate = new Date(day * DAY_MS).toISOString().slice(0, 11);
    cachedDay = day;
  }
  const ms = atMs - day * DAY_MS;
  const second = Math.floor(ms / 1000);
  const minute = Math.floor(second / 60);
  return `${cachedDate}${twoDigits[Math.floor(minute / 60)]}:${twoDigits[minute % 60]}:${twoDigits[second % 60]}.${threeDigits[ms % 1000]}Z`;
};

/** Milliseconds UTC inside, text outside. */
export const dateTimeScalar = {
  description:
    'An instant, RFC 3339. Out: always UTC with milliseconds, `2026-11-23T09:15:00.000Z`. In: any offset, which must be given.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize(value: unknown): string {
    if (typeof value === 'number' && Number.isInteger(value)) return formatInstant(value);
    throw new TypeError(`not an instant: ${String(value)}`);
  },
  ...textInput(
    parseInstant,
    () =>
      'DateTime must be an RFC 3339 string with an offset, from 1970 on, like "2026-11-23T09:15:00.000Z" or "2026-11-23T10:15:00+01:00".',
  ),
};
