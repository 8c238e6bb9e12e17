import { createHash } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import type { Clock } from '../clock/clock.ts';
import { exchange } from './exchange.ts';
import { formatInstant } from './instant.ts';
import { parseRecord } from './parseRecord.ts';
import type { AgentStateRecord, QuarantinedRow } from './record.ts';
import type { DateSample, ReadFailure, ReadOutcome, Upstream } from './upstream.ts';

export type UpstreamOptions = {
  /** As `checkBaseUrl` gives it. */
  baseUrl: string;
  tenantId: string;
  username: string;
  password: string;
  clock: Clock;
  /** Rows a request; null asks for all at once, which is one consistent list and so the better way. */
  pageLimit?: number | null;
  requestTimeoutMs: number;
  /** Default 32 MiB: three times the largest window of a floor of 5,000 agents. */
  maxBodyBytes?: number;
  dispatcher?: Dispatcher;
};

const DEFAULT_MAX_BODY_BYTES = 32 * 1024 * 1024;
/** How often a set of pages may move under us before the window is given back unread. */
const ATTEMPTS = 3;

const count = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);
const envelope = z.looseObject({
  results: z.array(z.unknown()),
  total: count.nullish(),
  tenantId: z.string().nullish(),
});

type Page = { rows: unknown[]; total: number | null; dateSample: DateSample | null; sentMonotonicMs: number };

const idOf = (row: unknown): unknown =>
  typeof row === 'object' && row !== null && 'eventId' in row ? row.eventId : row;

const digestOf = (rows: readonly unknown[]): string =>
  createHash('sha1').update(JSON.stringify(rows)).digest('base64');

/** The vendor's page at one address, for one tenant. See `Upstream` for what it promises. */
export const createUpstream = (options: UpstreamOptions): Upstream => {
  const { clock, tenantId } = options;
  const pageLimit = options.pageLimit ?? null;
  const settings = {
    clock,
    authorization: `Basic ${Buffer.from(`${options.username}:${options.password}`).toString('base64')}`,
    requestTimeoutMs: options.requestTimeoutMs,
    maxBodyBytes: options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    ...(options.dispatcher ? { dispatcher: options.dispatcher } : {}),
  };
  const path = `${options.baseUrl}/tenants/${encodeURIComponent(tenantId)}/wfm/rta`;

  const unreadable = (
    message: string,
    dateSample: DateSample | null,
    code: ReadFailure['code'] = 'UNREADABLE',
  ): ReadFailure => ({
    kind: 'FAILED',
    code,
    message: `${new URL(path).host}: ${message}`,
    status: 200,
    retryAfterMs: null,
    dateSample,
  });

  const readPage = async (
    window: { fromMs: number; toMs: number },
    page: { limit: number; offset: number } | null,
    signal: AbortSignal,
  ): Promise<Page | ReadFailure> => {
    const url = new URL(path);
    url.searchParams.set('start', formatInstant(Math.floor(window.fromMs)));
    url.searchParams.set('end', formatInstant(Math.ceil(window.toMs)));
    if (page) {
      url.searchParams.set('limit', String(page.limit));
      url.searchParams.set('offset', String(page.offset));
    }
    const answer = await exchange(url, settings, signal);
    if (answer.kind === 'FAILED') return answer;
    const { dateSample, sentMonotonicMs } = answer;
    const parsed = envelope.safeParse(answer.json);
    if (!parsed.success)
      return unreadable('the answer is JSON, but not the envelope with `results`', dateSample);
    const { results, total, tenantId: theirs } = parsed.data;
    if (theirs && theirs.toLowerCase() !== tenantId.toLowerCase()) {
      return unreadable('the answer belongs to another tenant', dateSample);
    }
    return { rows: results, total: total ?? null, dateSample, sentMonotonicMs };
  };

  /** All in one answer: right when as many rows came as it says. */
  const readAtOnce = async (window: { fromMs: number; toMs: number }, signal: AbortSignal) => {
    const page = await readPage(window, null, signal);
    if ('kind' in page) return page;
    if (page.total !== null && page.rows.length !== page.total) {
      return unreadable(`${page.rows.length} rows came where \`total\` says ${page.total}`, page.dateSample);
    }
    return { ...page, requests: 1 };
  };

  /**
   * Page by page. The vendor's advice, offset = total - limit, skips rows once total > 2 × limit; the offset grows by
   * the limit instead. Rows that arrive meanwhile shift the pages: all pages must agree on `total`, as many distinct
   * rows must come, and the first page, read again at the end, must be the same.
   */
  const readPaged = async (window: { fromMs: number; toMs: number }, limit: number, signal: AbortSignal) => {
    let requests = 0;
    let dateSample: DateSample | null = null;
    attempts: for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const first = await readPage(window, { limit, offset: 0 }, signal);
      if ('kind' in first) return first;
      requests += 1;
      dateSample = first.dateSample;
      if (first.total === null)
        return unreadable('pages without `total` cannot be known to be whole', dateSample);
      const { total } = first;
      const rows = [...first.rows];
      for (let offset = limit; offset < total; offset += limit) {
        const next = await readPage(window, { limit, offset }, signal);
        if ('kind' in next) return next;
        requests += 1;
        if (next.total !== total) continue attempts;
        rows.push(...next.rows);
      }
      if (rows.length !== total) continue;
      if (total > limit) {
        // A shift repeats a row of the neighbouring page; what upstream itself repeats stays repeated, so it only
        // costs attempts where pages are told to be read at all.
        if (new Set(rows.map(idOf)).size !== rows.length && attempt + 1 < ATTEMPTS) continue;
        const again = await readPage(window, { limit, offset: 0 }, signal);
        if ('kind' in again) return again;
        requests += 1;
        if (again.total !== total || digestOf(again.rows) !== digestOf(first.rows)) continue;
      }
      return { rows, total, dateSample, sentMonotonicMs: first.sentMonotonicMs, requests };
    }
    return unreadable(
      `pages kept moving while they were read (${ATTEMPTS} attempts)`,
      dateSample,
      'UNSTABLE',
    );
  };

  return {
    async readWindow(window, signal): Promise<ReadOutcome> {
      const read = await (pageLimit === null
        ? readAtOnce(window, signal)
        : readPaged(window, pageLimit, signal));
      if ('kind' in read) return read;
      const records: AgentStateRecord[] = [];
      const quarantined: QuarantinedRow[] = [];
      for (const row of read.rows) {
        const parsed = parseRecord(row);
        if (parsed.record) records.push(parsed.record);
        quarantined.push(...parsed.quarantined);
      }
      const { requests, dateSample, sentMonotonicMs } = read;
      return { kind: 'READ', records, quarantined, requests, dateSample, sentMonotonicMs };
    },
  };
};
