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

/** One request as it truly was: instants of the server's clock that no poller can know. */
export type TrueRead = {
  ask: Span;
  /** When the server made the answer. */
  answeredMs: number;
  /** null: the read failed. */
  records: readonly AgentStateRecord[] | null;
  failure: ReadFailure['code'] | null;
  /** Until when the server wants to be left alone. */
  quietUntilMs: number | null;
};

export type FeedUpstreamOptions = {
  feed: Feed;
  clock: Clock;
  random: Random;
  /** The server's clock at this moment. */
  serverNowMs: () => number;
  /** How far back this server answers; the feed itself always answers for three days. */
  reachMs: number;
  tenantId: string;
  onRead: (read: TrueRead) => void;
};

/** The feed behind the contract of the upstream client, with latency, and with every fault as the client reports it. */
export const createFeedUpstream = (options: FeedUpstreamOptions): Upstream => {
  const { feed, clock, random, serverNowMs } = options;
  return {
    async readWindow(ask, signal): Promise<ReadOutcome> {
      const sentMonotonicMs = clock.monotonicMs();
      await clock.sleep(5 + random() ** 4 * 1_500, signal);
      const answeredMs = serverNowMs();
      const tooOld = ask.fromMs < answeredMs - options.reachMs;
      const answer = feed.answer(
        { startMs: ask.fromMs, endMs: ask.toMs, limit: null, offset: 0 },
        answeredMs,
      );
      await clock.sleep(
        answer.wire === 'STALL' || answer.wire === 'SLOW_BODY' ? 20_000 : 5 + random() * 200,
        signal,
      );
      const dateText = answer.headers['age'] === undefined ? answer.headers['date'] : undefined;
      const dateSample = dateText
        ? { dateMs: Date.parse(dateText), sentMonotonicMs, receivedMonotonicMs: clock.monotonicMs() }
        : null;
      const fail = (code: ReadFailure['code'], retryAfterMs: number | null = null): ReadFailure => {
        const quietUntilMs = retryAfterMs === null ? null : serverNowMs() + retryAfterMs;
        options.onRead({ ask, answeredMs, records: null, failure: code, quietUntilMs });
        return { kind: 'FAILED', code, message: code, status: answer.status, retryAfterMs, dateSample };
      };
      const failed = failureOf(answer, options.tenantId);
      if (failed) return fail(failed, retryAfterOf(answer));
      if (tooOld) return fail('BAD_REQUEST');
      // failureOf has let nothing but an envelope through.
      const { results } = answer.body as Envelope;
      const parsed = results.map(parseRecord);
      const records = parsed.map(({ record }) => record).filter((record) => record !== null);
      const quarantined = parsed.flatMap((row) => row.quarantined);
      options.onRead({ ask, answeredMs, records, failure: null, quietUntilMs: null });
      return { kind: 'READ', records, quarantined, requests: 1, dateSample, sentMonotonicMs };
    },
  };
};

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
  const { results, total } = answer.body;
  return answer.body.tenantId !== tenantId || total !== results.length ? 'UNREADABLE' : null;
};
