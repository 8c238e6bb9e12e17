/** The parameters of one request, read but not yet judged against the server's clock. */
export type PageQuery = { startMs: number; endMs: number | null; limit: number | null; offset: number };

export type QueryProblem = { problem: string };

/** The vendor's own example has a colon before the milliseconds: `20:45:00:999Z`. */
const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:[.:](\d{1,9}))?Z$/;

export const parseInstant = (text: string): number | null => {
  const match = INSTANT.exec(text);
  if (!match) return null;
  const second = match[1] ?? '';
  const ms = Date.parse(`${second}.${(match[2] ?? '').padEnd(3, '0').slice(0, 3)}Z`);
  // Date.parse takes 30 February for 2 March.
  return Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(second) ? null : ms;
};

export const parseQuery = (params: URLSearchParams): PageQuery | QueryProblem => {
  const startText = params.get('start');
  if (startText === null || startText === '') return { problem: 'start is required' };
  const startMs = parseInstant(startText);
  if (startMs === null) return { problem: `start is not a UTC date and time: ${startText}` };
  const endText = params.get('end');
  const endMs = endText === null || endText === '' ? null : parseInstant(endText);
  if (endText && endMs === null) return { problem: `end is not a UTC date and time: ${endText}` };
  const limitText = params.get('limit');
  const limit = limitText === null || limitText === '' ? null : wholeNumber(limitText);
  if (limitText && (limit === null || limit < 1))
    return { problem: `limit must be a number above 0: ${limitText}` };
  const offsetText = params.get('offset');
  const offset = offsetText === null || offsetText === '' ? 0 : wholeNumber(offsetText);
  if (offset === null) return { problem: `offset must be greater than or equal to 0: ${offsetText}` };
  return { startMs, endMs, limit, offset };
};

const wholeNumber = (text: string): number | null => (/^\d{1,15}$/.test(text) ? Number(text) : null);
