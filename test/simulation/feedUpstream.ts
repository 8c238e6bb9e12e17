import type { Clock } from '../../src/clock/clock.ts';
import type { Span } from '../../src/poller/index.ts';
import type { Envelope, Feed, FeedAnswer, Random } from '../../src/simulator/index.ts';
import {
  type AgentStateRecord,
  parseRecord,
  type ReadFailure,
  type ReadOutcome,
  type Upstream,
} from '../../src/upstream/index.ts';
import type { Page, ReadPage } from '../../src/upstream/page.ts';
import { readPaged } from '../../src/upstream/paging.ts';
import { readAtOnce } from '../../src/upstream/readAtOnce.ts';
import type { Awareness } from './awareness.ts';
import type { ServerClock } from './serverClock.ts';

/** When the server made an answer: by its clock, truly, and how often that clock had been set by then. */
type Answered = { answeredMs: number; answeredMonotonicMs: number; steps: number };

/** One request as it truly was: instants of the server's clock that no poller can know. */
export type TrueRead = Answered & {
  ask: Span;
  /** Whether the gateway could know the server's clock all the while. */
  aware: boolean;
  /** null: the read failed. */
  records: readonly AgentStateRecord[] | null;
  failure: ReadFailure['code'] | null;
  /** Until when the server truly wants to be left alone. */
  quietUntilMonotonicMs: number | null;
};

export type FeedUpstreamOptions = {
  feed: Feed;
  clock: Clock;
  random: Random;
  serverClock: ServerClock;
  awareness: Awareness;
  /** How far back this server answers; the feed itself always answers for three days. */
  reachMs: number;
  tenantId: string;
  /** Rows a request; null: all at once. */
  pageLimit: number | null;
  /** Instants whose windows it answers with 500, as a record that it chokes on makes it do, until it is mended. */
  chokes: { atMs: number[]; untilMs: number };
  onRead: (read: TrueRead) => void;
};

/** The feed behind the contract of the upstream client, with latency, and with every fault as the client reports it. */
export const createFeedUpstream = (options: FeedUpstreamOptions): Upstream => {
  const { feed, clock, random, serverClock, awareness, pageLimit } = options;

  const answeredNow = (): Answered => ({
    answeredMs: serverClock.nowMs(),
    answeredMonotonicMs: clock.monotonicMs(),
    steps: serverClock.settings().length,
  });

  const request = async (ask: Span, limit: number | null, offset: number, signal: AbortSignal) => {
    const sentMonotonicMs = clock.monotonicMs();
    await clock.sleep(5 + random() ** 4 * 1_500, signal);
    const answered = answeredNow();
    const { answeredMs } = answered;
    const tooOld = ask.fromMs < answeredMs - options.reachMs;
    const answer = feed.answer({ startMs: ask.fromMs, endMs: ask.toMs, limit, offset }, answeredMs);
    await clock.sleep(
      answer.wire === 'STALL' || answer.wire === 'SLOW_BODY' ? 20_000 : 5 + random() * 200,
      signal,
    );
    const isFresh = answer.wire !== 'RESET' && answer.headers['age'] === undefined;
    const dateText = isFresh ? answer.headers['date'] : undefined;
    const dateSample = dateText
      ? { dateMs: Date.parse(dateText), sentMonotonicMs, receivedMonotonicMs: clock.monotonicMs() }
      : null;
    const isChoked =
      answeredMs < options.chokes.untilMs &&
      options.chokes.atMs.some((atMs) => ask.fromMs <= atMs && atMs < ask.toMs);
    const failed =
      failureOf(answer, options.tenantId) ??
      (tooOld ? 'BAD_REQUEST' : null) ??
      (isChoked ? 'SERVER_ERROR' : null);
    if (failed) {
      const failure: ReadFailure = {
        kind: 'FAILED',
        code: failed,
        message: failed,
        status: answer.status,
        retryAfterMs: retryAfterOf(answer),
        dateSample,
      };
      return { failure, answered, dateSample };
    }
    // failureOf has let nothing but an envelope through.
    const { results: rows, total } = answer.body as Envelope;
    const length = rows.length * ROW_LENGTH;
    const page: Page = { kind: 'PAGE', rows, total, length, dateSample, sentMonotonicMs };
    return { page, answered, dateSample };
  };

  return {
    async readWindow(ask, signal): Promise<ReadOutcome> {
      const askedAt = serverClock.settings().length;
      const wasAware = awareness.isAware(askedAt);
      // What pages vouch for is what the first of them could show.
      let first: Answered | null = null;
      const stepsAtDate = new Map<number, number>();
      const readPage: ReadPage = async (window, range, _maxBytes, abort) => {
        const limit = range?.limit ?? null;
        const { page, failure, answered, dateSample } = await request(
          window,
          limit,
          range?.offset ?? 0,
          abort,
        );
        first ??= answered;
        if (dateSample) stepsAtDate.set(dateSample.dateMs, answered.steps);
        return page ?? failure;
      };
      const list = await (pageLimit === null
        ? readAtOnce({ readPage, host: 'feed', maxBodyBytes: Number.MAX_SAFE_INTEGER }, ask, signal)
        : readPaged(
            {
              readPage,
              host: 'feed',
              limit: pageLimit,
              maxPageBytes: Number.MAX_SAFE_INTEGER,
              maxBodyBytes: Number.MAX_SAFE_INTEGER,
            },
            ask,
            signal,
          ));
      const answered: Answered = first ?? answeredNow();
      const { dateSample } = list;
      const stepsThen = dateSample && stepsAtDate.get(dateSample.dateMs);
      // Whoever has given up waiting never hears of the Date.
      if (dateSample && stepsThen !== null && stepsThen !== undefined && !signal.aborted) {
        awareness.told(dateSample.dateMs, stepsThen);
      }
      const trueRead = { ...answered, ask, aware: wasAware && answered.steps === askedAt };
      if (list.kind === 'FAILED') {
        const { retryAfterMs } = list;
        const quietUntilMonotonicMs = retryAfterMs === null ? null : clock.monotonicMs() + retryAfterMs;
        options.onRead({ ...trueRead, records: null, failure: list.code, quietUntilMonotonicMs });
        return list;
      }
      const { requests, sentMonotonicMs } = list;
      const parsed = list.rows.map(parseRecord);
      const records = parsed.map(({ record }) => record).filter((record) => record !== null);
      const quarantined = parsed.flatMap((row) => row.quarantined);
      options.onRead({ ...trueRead, records, failure: null, quietUntilMonotonicMs: null });
      return { kind: 'READ', records, quarantined, requests, dateSample, sentMonotonicMs };
    },
  };
};

/** About a row's text; no body here is near the limit. */
const ROW_LENGTH = 700;

const retryAfterOf = (answer: FeedAnswer): number | null => {
  const seconds = answer.headers['retry-after'];
  return seconds === undefined ? null : Number(seconds) * 1000;
};

const failureOf = (answer: FeedAnswer, tenantId: string): ReadFailure['code'] | null => {
  switch (answer.wire) {
    case 'RESET':
      return 'UNREACHABLE';
    case 'STALL':
    case 'SLOW_BODY':
      return 'TIMED_OUT';
    case 'BOMB':
      return 'TOO_LARGE';
    case 'TRUNCATE':
    case 'GZIP_TRUNCATE':
    case 'GZIP_NO_TRAILER':
      return 'UNREADABLE';
    case null:
      break;
  }
  if (answer.status === 401) return 'UNAUTHORIZED';
  if (answer.status === 429) return 'RATE_LIMITED';
  if (answer.status === 400) return 'BAD_REQUEST';
  if (answer.status >= 500) return 'SERVER_ERROR';
  if (answer.status !== 200 || typeof answer.body === 'string' || !('results' in answer.body)) {
    return 'UNREADABLE';
  }
  return answer.body.tenantId !== tenantId ? 'UNREADABLE' : null;
};
