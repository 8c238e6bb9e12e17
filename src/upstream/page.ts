import { z } from 'zod';
import { type ExchangeSettings, exchange } from './exchange.ts';
import { formatInstant } from './instant.ts';
import { isJsonObject } from './rawJson.ts';
import type { DateSample, ReadFailure } from './upstream.ts';

/** Upstream's window, in milliseconds of server time. */
export type Window = { fromMs: number; toMs: number };

export type Page = {
  kind: 'PAGE';
  rows: unknown[];
  /** How many rows upstream says the window has; null when it does not say. */
  total: number | null;
  /** Length of the body as text. */
  length: number;
  dateSample: DateSample | null;
  sentMonotonicMs: number;
};

/** Reads one answer of a window: all of it when `range` is null. */
export type ReadPage = (
  window: Window,
  range: { limit: number; offset: number } | null,
  maxBodyBytes: number,
  signal: AbortSignal,
) => Promise<Page | ReadFailure>;

export const unreadable = (
  host: string,
  message: string,
  dateSample: DateSample | null,
  code: 'UNREADABLE' | 'UNSTABLE' = 'UNREADABLE',
): ReadFailure => ({
  kind: 'FAILED',
  code,
  message: `${host}: ${message}`,
  status: 200,
  retryAfterMs: null,
  dateSample,
});

const count = z.union([
  z.int().nonnegative(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);
const envelope = z.object({
  // Not z.array: that would copy a list whose rows are parsed one by one anyway.
  results: z.custom<unknown[]>(Array.isArray),
  total: count.nullish(),
  tenantId: z.string().nullish(),
});

/** `address`: the tenant's page, without a query. */
export const createReadPage = (address: string, tenantId: string, settings: ExchangeSettings): ReadPage => {
  const isForeign = (theirs: unknown): boolean =>
    typeof theirs === 'string' && theirs.toLowerCase() !== tenantId.toLowerCase();

  return async (window, range, maxBodyBytes, signal) => {
    const url = new URL(address);
    url.searchParams.set('start', formatInstant(Math.floor(window.fromMs)));
    url.searchParams.set('end', formatInstant(Math.ceil(window.toMs)));
    if (range) {
      url.searchParams.set('limit', String(range.limit));
      url.searchParams.set('offset', String(range.offset));
    }
    const answer = await exchange(url, settings, maxBodyBytes, signal);
    if (answer.kind === 'FAILED') return answer;
    const { json, length, dateSample, sentMonotonicMs } = answer;
    const parsed = envelope.safeParse(json);
    if (!parsed.success) {
      return unreadable(url.host, 'the answer is JSON, but not the envelope with `results`', dateSample);
    }
    const { results: rows, total = null, tenantId: theirs } = parsed.data;
    // A row of another tenant proves as much as the envelope: none of this answer may enter the mirror.
    if (isForeign(theirs) || rows.some((row) => isJsonObject(row) && isForeign(row['tenantId']))) {
      return unreadable(url.host, 'the answer belongs to another tenant', dateSample);
    }
    return { kind: 'PAGE', rows, total, length, dateSample, sentMonotonicMs };
  };
};
