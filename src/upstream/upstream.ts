import type { AgentStateRecord, QuarantinedRow } from './record.ts';

/** The one door to upstream. The poller is handed this; tests hand it a simulator over real HTTP or in memory. */
export type Upstream = {
  /**
   * Reads every record of a window of server time. Page by page only where a page limit is set, or where a window of
   * seconds is TOO_LARGE for one answer: a longer one is better read in shorter ones.
   * `fromMs`/`toMs`: at most 600,000 apart; sent as `start` and `end`, floored and ceiled to whole milliseconds.
   */
  readWindow(window: { fromMs: number; toMs: number }, signal: AbortSignal): Promise<ReadOutcome>;
};

/** One response's witness of the server's clock: all readings of the local monotonic clock, plus the Date header. */
export type DateSample = {
  /** Date header as milliseconds UTC (whole seconds; the true instant is in [dateMs, dateMs + 1000)). */
  dateMs: number;
  sentMonotonicMs: number;
  receivedMonotonicMs: number;
};

export type WindowRead = {
  kind: 'READ';
  records: AgentStateRecord[];
  quarantined: QuarantinedRow[];
  /** HTTP requests that it took. */
  requests: number;
  /** null when upstream sent no usable Date header (none, or served from a cache: `Age` > 0). */
  dateSample: DateSample | null;
  /** Monotonic instant at which the first request was sent: the read saw upstream as it was then or later. */
  sentMonotonicMs: number;
};

/** Why a window is still unread. Every failure is a value; nothing is thrown but programming errors. */
export type ReadFailure = {
  kind: 'FAILED';
  code:
    | 'UNAUTHORIZED' // 401, 403
    | 'RATE_LIMITED' // 429
    | 'BAD_REQUEST' // 400: out of retention, or a window upstream does not accept
    | 'NOT_FOUND' // 404: wrong base URL or tenant
    | 'SERVER_ERROR' // 5xx
    | 'UNREACHABLE' // refused, reset, DNS, TLS
    | 'TIMED_OUT'
    | 'UNREADABLE' // truncated, not JSON, wrong envelope, rows missing against `total`
    | 'TOO_LARGE' // past the byte cap: read a smaller window
    | 'UNSTABLE' // `total` or pages kept moving while paging
    | 'ABORTED';
  /** What happened, to what; no credentials, no body. */
  message: string;
  /** HTTP status, when there was one. */
  status: number | null;
  /** From Retry-After, when given. */
  retryAfterMs: number | null;
  dateSample: DateSample | null;
};

export type ReadOutcome = WindowRead | ReadFailure;
