import { constants, createGunzip } from 'node:zlib';
import { type Dispatcher, request } from 'undici';
import type { Clock } from '../clock/clock.ts';
import type { DateSample, ReadFailure } from './upstream.ts';

export type ExchangeSettings = {
  clock: Clock;
  /** `Basic …`. */
  authorization: string;
  /** For the whole exchange, the last byte included: a body of one byte a second keeps per-byte time-outs quiet. */
  requestTimeoutMs: number;
  /** Cap on the body as it stands after decompression. */
  maxBodyBytes: number;
  dispatcher?: Dispatcher;
};

export type Answer = {
  kind: 'ANSWER';
  json: unknown;
  dateSample: DateSample | null;
  sentMonotonicMs: number;
};

type Headers = Record<string, string | string[] | undefined>;
const headerOf = (headers: Headers, name: string): string | null => {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
};

class BodyTooLarge extends Error {}
class UnreadableBody extends Error {}

/** Decompresses by our own gunzip: `fetch` takes a gzip body that was cut in half for a whole one. */
const readBody = async (body: Dispatcher.ResponseData['body'], encoding: string | null, capBytes: number) => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const take = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > capBytes) throw new BodyTooLarge();
    chunks.push(chunk);
  };
  if (encoding === null || encoding === 'identity') {
    for await (const chunk of body) take(chunk as Buffer); // undici's body without setEncoding gives buffers
  } else if (encoding === 'gzip' || encoding === 'x-gzip') {
    const gunzip = createGunzip({ finishFlush: constants.Z_FINISH });
    body.on('error', (error) => gunzip.destroy(error));
    body.pipe(gunzip);
    try {
      for await (const chunk of gunzip) take(chunk as Buffer); // gunzip without setEncoding gives buffers
    } catch (error) {
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
        throw new UnreadableBody(`the gzip body is damaged or cut (${String(error.code)})`);
      }
      throw error;
    }
  } else throw new UnreadableBody(`the body is encoded as ${encoding}, which was not asked for`);
  return Buffer.concat(chunks);
};

const retryAfterOf = (text: string | null, dateMs: number | null, nowMs: number): number | null => {
  if (text === null) return null;
  if (/^\d+$/.test(text.trim())) return Number(text) * 1_000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - (dateMs ?? nowMs));
};

const codeOfStatus = (status: number): ReadFailure['code'] => {
  if (status === 401 || status === 403) return 'UNAUTHORIZED';
  if (status === 400 || status === 422) return 'BAD_REQUEST';
  if (status === 404) return 'NOT_FOUND';
  if (status === 429) return 'RATE_LIMITED';
  if (status >= 500) return 'SERVER_ERROR';
  return 'UNREADABLE';
};

const meaning: Partial<Record<ReadFailure['code'], string>> = {
  UNAUTHORIZED:
    'upstream refuses the user name or password (RTA_USERNAME, RTA_PASSWORD) or the role lacks WFM RTA',
  NOT_FOUND: 'there is nothing at this address: check RTA_UPSTREAM_URL and RTA_TENANT_ID',
  RATE_LIMITED: 'upstream asks for fewer requests',
  BAD_REQUEST: 'upstream does not accept this window',
  SERVER_ERROR: 'upstream has a fault',
};

/** What a socket error says, without the address of anything but the host that was asked. */
const describe = (error: unknown): string => {
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  const cause = inner instanceof Error && inner.cause instanceof Error ? inner.cause : inner;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.name;
  return 'unknown error';
};

/** One GET, its body whole and parsed, or exactly why not. Follows no redirect: credentials go to one origin. */
export const exchange = async (
  url: URL,
  settings: ExchangeSettings,
  signal: AbortSignal,
): Promise<Answer | ReadFailure> => {
  const { clock } = settings;
  const host = url.host;
  let dateSample: DateSample | null = null;
  const failed = (
    code: ReadFailure['code'],
    message: string,
    more: { status?: number; retryAfterMs?: number | null } = {},
  ): ReadFailure => ({
    kind: 'FAILED',
    code,
    message: `${host}: ${message}`,
    status: more.status ?? null,
    retryAfterMs: more.retryAfterMs ?? null,
    dateSample,
  });
  if (signal.aborted) return failed('ABORTED', 'the read was stopped');

  const deadline = new AbortController();
  const finished = new AbortController();
  void clock.sleep(settings.requestTimeoutMs, finished.signal).then(() => {
    if (!finished.signal.aborted) deadline.abort();
  });
  const sentMonotonicMs = clock.monotonicMs();
  let status: number | undefined;
  try {
    const response = await request(url, {
      method: 'GET',
      headers: {
        accept: 'application/json',
        'accept-encoding': 'gzip',
        authorization: settings.authorization,
        'user-agent': 'rta-gateway',
      },
      signal: AbortSignal.any([signal, deadline.signal]),
      headersTimeout: 0,
      bodyTimeout: 0,
      ...(settings.dispatcher ? { dispatcher: settings.dispatcher } : {}),
    });
    const receivedMonotonicMs = clock.monotonicMs();
    status = response.statusCode;
    const dateMs = Date.parse(headerOf(response.headers, 'date') ?? '');
    const fromCache = Number(headerOf(response.headers, 'age') ?? 0) > 0;
    if (!Number.isNaN(dateMs) && !fromCache) dateSample = { dateMs, sentMonotonicMs, receivedMonotonicMs };

    if (status !== 200) {
      // An error's body is not needed, and may be endless.
      response.body.on('error', () => undefined).destroy();
      const code = codeOfStatus(status);
      const location = status >= 300 && status < 400 ? 'a redirect, which is not followed' : null;
      return failed(code, `HTTP ${status}: ${location ?? meaning[code] ?? 'not an answer with records'}`, {
        status,
        retryAfterMs: retryAfterOf(
          headerOf(response.headers, 'retry-after'),
          dateSample?.dateMs ?? null,
          clock.nowMs(),
        ),
      });
    }
    const type = headerOf(response.headers, 'content-type') ?? '';
    if (!/^application\/([\w.+-]+\+)?json\b/i.test(type)) {
      response.body.on('error', () => undefined).destroy();
      return failed(
        'UNREADABLE',
        `HTTP 200 with ${type === '' ? 'no content type' : `a body of ${type}`}, not JSON`,
        {
          status,
        },
      );
    }
    const declared = headerOf(response.headers, 'content-length');
    if (declared !== null && Number(declared) > settings.maxBodyBytes) {
      response.body.on('error', () => undefined).destroy();
      throw new BodyTooLarge();
    }
    const bytes = await readBody(
      response.body,
      headerOf(response.headers, 'content-encoding')?.toLowerCase() ?? null,
      settings.maxBodyBytes,
    );
    try {
      return {
        kind: 'ANSWER',
        json: JSON.parse(bytes.toString('utf8')) as unknown,
        dateSample,
        sentMonotonicMs,
      };
    } catch (error) {
      if (error instanceof SyntaxError) return failed('UNREADABLE', 'the body is not whole JSON', { status });
      throw error;
    }
  } catch (error) {
    const at = status === undefined ? {} : { status };
    if (signal.aborted) return failed('ABORTED', 'the read was stopped', at);
    if (deadline.signal.aborted) {
      return failed(
        'TIMED_OUT',
        `no whole answer within ${settings.requestTimeoutMs} ms (RTA_REQUEST_TIMEOUT)`,
        at,
      );
    }
    if (error instanceof BodyTooLarge) {
      return failed('TOO_LARGE', `the body is larger than ${settings.maxBodyBytes} bytes`, at);
    }
    if (error instanceof UnreadableBody) return failed('UNREADABLE', error.message, at);
    // A body that breaks off after 200 is an answer that cannot be trusted; before it, nobody answered.
    return status === undefined
      ? failed('UNREACHABLE', `no answer (${describe(error)})`)
      : failed('UNREADABLE', `the body broke off (${describe(error)})`, at);
  } finally {
    finished.abort();
  }
};
