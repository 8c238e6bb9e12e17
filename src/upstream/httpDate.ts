const IMF_FIXDATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/** A Date or Retry-After header as milliseconds UTC; null for any form but the one that servers must send. */
export const parseHttpDateMs = (text: string | null): number | null => {
  // The pattern first: Date.parse alone takes text without GMT as local time.
  if (text === null || !IMF_FIXDATE.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
};

/**
 * How long Retry-After asks to wait, in milliseconds: a number of seconds, or a date, which is on the server's clock
 * (`serverNowMs`). null: absent, or neither.
 */
export const parseRetryAfterMs = (text: string | null, serverNowMs: number): number | null => {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1000;
  const atMs = parseHttpDateMs(text);
  return atMs === null ? null : Math.max(0, atMs - serverNowMs);
};
