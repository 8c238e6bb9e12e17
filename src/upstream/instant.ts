const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})|:(\d{3}))?(?:Z|([+-])(\d\d):?(\d\d))$/i;

/**
 * An instant with an explicit offset as milliseconds UTC, digits past the millisecond cut off; null for anything else.
 *
 * `Date.parse` is not used: it takes text without a zone as local time and invents rules for text it does not know.
 * The vendor's page shows a colon before the milliseconds (`20:45:00:999Z`), so that is an instant too. Instants before
 * 1970 are how some systems write "none", and are none here.
 */
export const parseInstantMs = (text: string): number | null => {
  const match = TIMESTAMP.exec(text);
  if (!match) return null;
  const year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  const hour = Number(match[4]);
  const minute = Number(match[5]);
  const second = Number(match[6]);
  if (year < 1969 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const fraction = match[7] ?? match[8];
  const millisecond = fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));
  const offsetMs = match[9] === undefined ? 0 : zoneOffsetMs(match[9], Number(match[10]), Number(match[11]));
  if (offsetMs === null) return null;
  const instantMs = Date.UTC(year, month - 1, day, hour, minute, second, millisecond) - offsetMs;
  return instantMs >= 0 ? instantMs : null;
};

const zoneOffsetMs = (sign: string, hours: number, minutes: number): number | null => {
  if (hours > 23 || minutes > 59) return null;
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
};

const daysIn = (year: number, month: number): number => {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
};

/** As upstream takes it: `2017-10-06T17:50:59.690Z`. */
export const formatInstant = (ms: number): string => new Date(ms).toISOString();
