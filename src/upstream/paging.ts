import { type Page, type ReadPage, unreadable, type Window } from './page.ts';
import { isJsonObject, rawJson } from './rawJson.ts';
import type { DateSample, ReadFailure } from './upstream.ts';

/** All rows of a window, as one list that upstream had at one time. */
export type WholeList = {
  kind: 'LIST';
  rows: unknown[];
  requests: number;
  dateSample: DateSample | null;
  sentMonotonicMs: number;
};

type PagedRead = {
  readPage: ReadPage;
  host: string;
  /** Rows a request. */
  limit: number;
  maxPageBytes: number;
  /** For all pages of a window together: they are held together. */
  maxBodyBytes: number;
};

/**
 * A window that is too large for one answer though it cannot be made shorter: page by page, with fewer rows a page until
 * pages are small enough. How many rows fit nobody knows before, as an answer that is too large is not read to its end.
 */
export const readTooLarge = async (
  parts: Omit<PagedRead, 'limit'>,
  window: Window,
  signal: AbortSignal,
): Promise<WholeList | ReadFailure> => {
  let outcome: WholeList | ReadFailure | null = null;
  for (const limit of FEWER_ROWS) {
    outcome = await readPaged({ ...parts, limit }, window, signal);
    if (outcome.kind === 'LIST' || outcome.code !== 'TOO_LARGE') return outcome;
  }
  return outcome!; // FEWER_ROWS is not empty
};

/** Rows are below a kilobyte; a page of the last size holds some of a megabyte each. */
const FEWER_ROWS = [2_000, 100, 5] as const;

/** The first reading of the pages, and three more when they moved. */
const PASSES = 4;

/**
 * Page by page. The vendor's advice, offset = total - limit, skips rows once total > 2 × limit; here the offset grows by
 * the rows that came, normally the limit.
 *
 * Rows that come or go meanwhile shift the pages, which repeats a row or hides one. So all pages must name the same
 * `total`, as many rows must come, and the first page, read again at the end, must be as it was. A row met on two
 * pages is a shift, or upstream really has it twice: then a second pass must find the very same list.
 */
export const readPaged = async (
  { readPage, host, limit, maxPageBytes, maxBodyBytes }: PagedRead,
  window: Window,
  signal: AbortSignal,
): Promise<WholeList | ReadFailure> => {
  let requests = 0;
  let firstSentMs: number | null = null;
  let dateSample: DateSample | null = null;
  const read = async (offset: number, maxBytes: number): Promise<Page | ReadFailure> => {
    const page = await readPage(window, { limit, offset }, Math.min(maxBytes, maxPageBytes), signal);
    requests += 1;
    dateSample ??= page.dateSample;
    if (page.kind === 'PAGE') firstSentMs ??= page.sentMonotonicMs;
    return page.kind === 'PAGE' ? page : { ...page, dateSample };
  };

  let before: string | null = null;
  for (let pass = 0; pass < PASSES; pass++) {
    const pages = await readPass(read, limit, maxBodyBytes);
    if (pages === 'MOVED') continue;
    if (!Array.isArray(pages)) return pages;
    const [first] = pages;
    const list: WholeList = {
      kind: 'LIST',
      rows: pages.flatMap((page) => page.rows),
      requests,
      dateSample,
      sentMonotonicMs: firstSentMs ?? first.sentMonotonicMs,
    };
    if (pages.length === 1) return list;
    const again = await read(0, maxBodyBytes);
    if (again.kind === 'FAILED') return again;
    list.requests = requests;
    const names = namesOf(list.rows);
    const isSteady = again.total === first.total && namesOf(again.rows).join() === namesOf(first.rows).join();
    if (isSteady && (!repeatsAcrossPages(pages) || names.join() === before)) return list;
    before = names.join();
  }
  return unreadable(host, `the pages moved in each of ${PASSES} readings`, dateSample, 'UNSTABLE');
};

type Pages = [Page, ...Page[]];

const readPass = async (
  read: (offset: number, maxBytes: number) => Promise<Page | ReadFailure>,
  limit: number,
  maxBodyBytes: number,
): Promise<Pages | 'MOVED' | ReadFailure> => {
  const first = await read(0, maxBodyBytes);
  if (first.kind === 'FAILED') return first;
  const pages: Pages = [first];
  let offset = first.rows.length;
  let leftBytes = maxBodyBytes - first.length;
  let last = first;
  // Without a total, a page that is not full is the last.
  while (first.total === null ? last.rows.length >= limit : offset < first.total) {
    const next = await read(offset, leftBytes);
    if (next.kind === 'FAILED') return next;
    if (next.total !== first.total) return 'MOVED';
    if (next.rows.length === 0 && first.total !== null) return 'MOVED';
    pages.push(next);
    offset += next.rows.length;
    leftBytes -= next.length;
    last = next;
  }
  return first.total === null || offset === first.total ? pages : 'MOVED';
};

/** Rows by identity: a record rewritten in place moves nothing. */
const namesOf = (rows: readonly unknown[]): string[] =>
  rows.map((row) =>
    isJsonObject(row) && typeof row['eventId'] === 'string' ? row['eventId'] : rawJson(row),
  );

const repeatsAcrossPages = (pages: Pages): boolean => {
  const earlier = new Set<string>();
  for (const page of pages) {
    const names = namesOf(page.rows);
    if (names.some((name) => earlier.has(name))) return true;
    for (const name of names) earlier.add(name);
  }
  return false;
};
