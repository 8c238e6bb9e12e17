/** How an operation's result is written. */
export type ResultFormat = 'application/json' | 'application/graphql-response+json' | 'text/event-stream';

type Range = { type: string; quality: number };

const rangesOf = (accept: string): Range[] =>
  accept.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return { type, quality: quality ? Number(quality.slice(2)) : 1 };
  });

// In the order in which equals are preferred; `*/*` and no header at all mean the first, as clients older than the
// GraphQL-over-HTTP draft expect.
const offers: readonly ResultFormat[] = [
  'application/json',
  'application/graphql-response+json',
  'text/event-stream',
];

const covers = (range: string, offer: string): boolean =>
  range === offer || range === '*/*' || (range.endsWith('/*') && offer.startsWith(range.slice(0, -1)));

/** The best format that the client accepts; null: none of ours. */
export const negotiateFormat = (accept: string | undefined): ResultFormat | null => {
  if (accept === undefined || accept === '' || accept === '*/*' || accept === 'application/json') {
    return 'application/json';
  }
  if (accept === 'application/graphql-response+json') return accept;
  let best: ResultFormat | null = null;
  let bestQuality = 0;
  const ranges = rangesOf(accept);
  for (const offer of offers) {
    const exact = ranges.find((range) => range.type === offer);
    const range = exact ?? ranges.find((one) => covers(one.type, offer));
    if (range && range.quality > bestQuality) {
      best = offer;
      bestQuality = range.quality;
    }
  }
  return best;
};

/** Whether a browser navigates here and wants a page. */
export const wantsPage = (accept: string | undefined): boolean => accept?.includes('text/html') ?? false;
