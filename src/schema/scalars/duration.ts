import { textInput } from './text.ts';

const ISO_8601 = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,3}))?S)?)?$/;

/** Milliseconds; null when it is no duration of weeks, days (24 hours), hours, minutes and seconds. */
export const parseDuration = (text: string): number | null => {
  const parts = ISO_8601.exec(text);
  if (!parts || text === 'P' || text.endsWith('T')) return null;
  const [, weeks = '0', days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = parts;
  const wholeSeconds =
    (((Number(weeks) * 7 + Number(days)) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  const ms = wholeSeconds * 1000 + Number(fraction.padEnd(3, '0'));
  return Number.isSafeInteger(ms) ? ms : null;
};

/** `P3D`, `PT1H30M`, `PT0.250S`; zero is `PT0S`. */
export const formatDuration = (ms: number): string => {
  const days = Math.floor(ms / 86_400_000);
  const hours = Math.floor(ms / 3_600_000) % 24;
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = (ms % 60_000) / 1000;
  const secondsText = Number.isInteger(seconds) ? `${seconds}S` : `${seconds.toFixed(3)}S`;
  const time = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${seconds ? secondsText : ''}`;
  const date = days ? `${days}D` : '';
  return date || time ? `P${date}${time ? `T${time}` : ''}` : 'PT0S';
};

/** Milliseconds inside, text outside. */
export const durationScalar = {
  description: 'A length of time, ISO 8601 without years and months: `PT15M`, `P3D`. A day is 24 hours.',
  serialize(value: unknown): string {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return formatDuration(value);
    throw new TypeError(`not a duration: ${String(value)}`);
  },
  ...textInput(
    parseDuration,
    () => 'Duration must be an ISO 8601 string without years and months, like "PT15M" or "P3D".',
  ),
};
