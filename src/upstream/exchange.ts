import { type Dispatcher, request } from 'undici';
import type { Clock } from '../clock/clock.ts';
import { parseHttpDateMs, parseRetryAfterMs } from './httpDate.ts';
import { BodyError, readBody } from './readBody.ts';
import type { DateSample, ReadFailure } from './upstream.ts';

export type ExchangeSettings = {
  clock: Clock;
  /** `Basic …`. */
  authorization: string;
  /** For the whole exchange, the last byte included: a body of one byte a second keeps per-byte time-outs quiet. */
  requestTimeoutMs: number;
  dispatcher: Dispatcher;
};

export type Answer = {
  kind: 'ANSWER';
  json: unknown;
  /** Of the body, as text. */
  length: number;
  dateSample: DateSample | null;
  sentMonotonicMs: number;
};

/**
 * One GET, its body whole and parsed, or exactly why not. Follows no redirect: the credentials go to one origin.
 * Messages are made here from codes and numbers only, never from what upstream sent: a server that echoes a request
 * could put the credentials into any header or body.
 * `maxBodyBytes`: cap on the body as it stands after decompression.
 */
export const exchange = async (
  url: URL,
  settings: ExchangeSettings,
  maxBodyBytes: number,
  signal: AbortSignal,
): Promise<Answer | ReadFailure> => {
  const { clock } = settings;
  let status: number | null = null;
  let dateSample: DateSample | null = null;
  const failed = (
    code: ReadFailure['code'],
    message: string,
    retryAfterMs: number | null = null,
  ): ReadFailure => ({
    kind: 'FAILED',
    code,
    message: `${url.host}: ${message}`,
    status,
    retryAfterMs,
    dateSample,
  });
  if (signal.aborted) return failed('ABORTED', 'the read was stopped');

  const cut = new AbortController();
  const finished = new AbortController();
  let late = false;
  const stop = () => cut.abort();
  signal.addEventListener('abort', stop, { once: true });
  void clock.sleep(settings.requestTimeoutMs, finished.signal).then(() => {
    if (finished.signal.aborted) return;
    late = true;
    cut.abort();
  });
  const sentMonotonicMs = clock.monotonicMs();
  try {
    const response = await request(url, {
      method: 'GET',
      dispatcher: settings.dispatcher,
      signal: cut.signal,
      headersTimeout: 0,
      bodyTimeout: 0,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'gzip',
        authorization: settings.authorization,
        'user-agent': 'rta-gateway',
      },
    });
    status = response.statusCode;
    const header = (name: string): string | null => {
      const value = response.headers[name];
      return (Array.isArray(value) ? value[0] : value) ?? null;
    };
    const giveUpBody = () => response.body.on('error', () => undefined).destroy();
    const dateMs = parseHttpDateMs(header('date'));
    // An answer out of a cache carries the Date of its making.
    const isCached = Number(header('age') ?? 0) !== 0;
    if (dateMs !== null && !isCached) {
      dateSample = { dateMs, sentMonotonicMs, receivedMonotonicMs: clock.monotonicMs() };
    }

    if (status !== 200) {
      // An error's body is not needed, and may be endless.
      giveUpBody();
      const { code, meaning } = refusalOf(status);
      const retryAfterMs = parseRetryAfterMs(header('retry-after'), dateMs ?? clock.nowMs());
      return failed(code, `HTTP ${status}: ${meaning}`, retryAfterMs);
    }
    const contentType = header('content-type') ?? '';
    if (!JSON_TYPE.test(contentType)) {
      giveUpBody();
      const what = /^text\/html\b/i.test(contentType) ? 'a web page' : 'something other than JSON';
      return failed('UNREADABLE', `HTTP 200 with ${what}`);
    }
    if (Number(header('content-length') ?? 0) > maxBodyBytes) {
      giveUpBody();
      return failed('TOO_LARGE', `the body is larger than ${maxBodyBytes} bytes`);
    }
    const encoding = (header('content-encoding') ?? '').trim().toLowerCase();
    const text = await readBody(response.body, encoding, maxBodyBytes);
    const json = parseJson(text);
    if (json === undefined) return failed('UNREADABLE', 'the body is not whole JSON');
    return { kind: 'ANSWER', json, length: text.length, dateSample, sentMonotonicMs };
  } catch (error) {
    if (signal.aborted) return failed('ABORTED', 'the read was stopped');
    if (late) {
      return failed(
        'TIMED_OUT',
        `no whole answer within ${settings.requestTimeoutMs} ms (RTA_REQUEST_TIMEOUT)`,
      );
    }
    if (error instanceof BodyError) return failed(error.code, error.message);
    // A body that breaks off after 200 is an answer that cannot be trusted; before it, nobody answered.
    return status === null
      ? failed('UNREACHABLE', `no answer (${codeOf(error)})`)
      : failed('UNREADABLE', `the body broke off (${codeOf(error)})`);
  } finally {
    finished.abort();
    signal.removeEventListener('abort', stop);
  }
};

const JSON_TYPE = /^(?:application|text)\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

const refusalOf = (status: number): { code: ReadFailure['code']; meaning: string } => {
  if (status === 401 || status === 403) {
    const meaning =
      'upstream refuses the user name or password (RTA_USERNAME, RTA_PASSWORD) or the role lacks WFM RTA';
    return { code: 'UNAUTHORIZED', meaning };
  }
  if (status === 404) {
    const meaning = 'there is nothing at this address: check RTA_UPSTREAM_URL and RTA_TENANT_ID';
    return { code: 'NOT_FOUND', meaning };
  }
  if (status === 429) return { code: 'RATE_LIMITED', meaning: 'upstream asks for fewer requests' };
  if (status === 400 || status === 422) {
    return { code: 'BAD_REQUEST', meaning: 'upstream does not accept this window' };
  }
  if (status >= 500) return { code: 'SERVER_ERROR', meaning: 'upstream has a fault' };
  const redirected = status >= 300 && status < 400;
  return {
    code: 'UNREADABLE',
    meaning: redirected ? 'a redirect, which is not followed' : 'not an answer with records',
  };
};

/** undefined, which no JSON text means, when it is none. V8's own message quotes the text. */
const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The code of a connection's failure (`ECONNREFUSED`): its message may name more than the reader should see. */
const codeOf = (error: unknown): string => {
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const code = inner instanceof Error && 'code' in inner ? String(inner.code) : '';
  return /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'connection failed';
};
