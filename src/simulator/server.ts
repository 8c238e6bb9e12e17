import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '../clock/clock.ts';
import { errorBody, type FeedAnswer } from './answer.ts';
import { noFaults, type SimulatorFaults } from './faults.ts';
import { createFeed } from './feed.ts';
import { parseInstant, parseQuery } from './query.ts';
import { createRandom, hash32 } from './random.ts';
import { createRequestLog, type RequestCounts } from './requestLog.ts';
import type { Preset } from './roster.ts';
import type { TruthRow } from './truth.ts';
import type { SimulatorVariants } from './variants.ts';
import { sendAnswer } from './wire.ts';
import { createWorld } from './world.ts';

export type SimulatorOptions = {
  clock: Clock;
  /** Default 127.0.0.1. */
  host?: string;
  /** 0: any free one. */
  port: number;
  seed: number;
  preset: Preset;
  /** Agents per day; wins over `preset`. */
  agents?: number;
  tenantId: string;
  username: string;
  password: string;
  /** How much of the past exists at start. Default 8 hours; the page never shows more than 3 days. */
  historyMs?: number;
  variants?: Partial<SimulatorVariants>;
  faults?: Partial<SimulatorFaults>;
  /** The server's clock is this far ahead of `clock`. */
  clockOffsetMs?: number;
  /** The server's clock is set by so much, once, when the simulator has run for `clockStepAfterMs`. */
  clockStepMs?: number;
  clockStepAfterMs?: number;
  /** So much the server's clock gains an hour on `clock`; negative: loses. */
  clockDriftMsPerHour?: number;
  /** Serves the ground truth at `/truth?start=&end=` (NDJSON, any range, same credentials). */
  truth?: boolean;
};

export type Simulator = {
  /** Ends in `/v1`. */
  baseUrl: string;
  port: number;
  tenantId: string;
  /** Server time. */
  nowMs(): number;
  /** Ground truth by start, as of now; the whole history unless a range of server time is given. */
  truth(range?: { fromMs: number; toMs: number }): TruthRow[];
  requests(): RequestCounts;
  /** Replaces all faults. Answers change at once, records from those that start from now on. */
  setFaults(faults: Partial<SimulatorFaults>): void;
  /** Closes every connection and frees the port. */
  stop(): Promise<void>;
};

const DEFAULT_HISTORY_MS = 8 * 3_600_000;

/** A real HTTP server that answers the vendor's page. A thin shell: what it says is the feed's business. */
export const startSimulator = async (options: SimulatorOptions): Promise<Simulator> => {
  const { clock, tenantId } = options;
  const host = options.host ?? '127.0.0.1';
  const serverNowMs = createServerClock(options);
  const world = createWorld({
    seed: options.seed,
    preset: options.preset,
    ...(options.agents === undefined ? {} : { agents: options.agents }),
    startMs: serverNowMs() - (options.historyMs ?? DEFAULT_HISTORY_MS),
    faults: options.faults ?? {},
  });
  const feed = createFeed(
    world,
    options.variants ?? {},
    options.faults ?? {},
    createRandom(hash32(options.seed, 91)),
    tenantId,
  );
  const log = createRequestLog();
  const stopping = new AbortController();
  const credentials = digest(`${options.username}:${options.password}`);
  let bombBytes = options.faults?.bombBytes ?? noFaults.bombBytes;

  const refuse = (status: number, message: string, headers: Record<string, string> = {}): FeedAnswer => ({
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', date: httpDate(serverNowMs()), ...headers },
    body: errorBody(status, message),
    fault: null,
    wire: null,
  });

  const page = (request: IncomingMessage, url: URL): FeedAnswer => {
    if (!isAuthorized(request, credentials)) {
      return refuse(401, 'credentials are missing or wrong', {
        'www-authenticate': 'Basic realm="CxEngage"',
      });
    }
    // The vendor's page writes its paths with doubled slashes.
    const path = url.pathname.replace(/\/{2,}/g, '/');
    const match = /^\/v1(?:\/tenants\/([^/]+))?\/wfm\/rta\/?$/.exec(path);
    if (!match) return refuse(404, `there is nothing at ${path}`);
    if (match[1] !== undefined && match[1].toLowerCase() !== tenantId.toLowerCase()) {
      return refuse(404, `there is no tenant ${match[1]}`);
    }
    if (request.method !== 'GET') return refuse(405, 'only GET is allowed', { allow: 'GET' });
    const query = parseQuery(url.searchParams);
    return 'problem' in query ? refuse(400, query.problem) : feed.answer(query, serverNowMs());
  };

  const truth = (range?: { fromMs: number; toMs: number }): TruthRow[] => {
    const nowMs = serverNowMs();
    return feed.truth(range ?? { fromMs: world.startMs, toMs: nowMs + 1 }, nowMs);
  };

  const sendTruth = (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const fromMs = parseInstant(url.searchParams.get('start') ?? '');
    const toMs = parseInstant(url.searchParams.get('end') ?? '');
    const authorized = isAuthorized(request, credentials);
    if (!authorized || fromMs === null || toMs === null) {
      response.writeHead(authorized ? 400 : 401).end();
      return;
    }
    const lines = truth({ fromMs, toMs }).map((row) => `${JSON.stringify(row)}\n`);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(lines.join(''));
  };

  const server = createServer((request, response) => {
    response.on('error', () => {});
    // Joined rather than resolved: `//wfm` would otherwise be read as a host.
    const url = URL.parse(`http://simulator${request.url ?? '/'}`);
    if (!url) {
      response.writeHead(400).end();
      return;
    }
    if (options.truth && url.pathname === '/truth') {
      sendTruth(request, response, url);
      return;
    }
    const answer = page(request, url);
    log.add({
      atMs: serverNowMs(),
      method: request.method ?? '',
      url: request.url ?? '',
      status: answer.status,
      rows: typeof answer.body === 'object' && 'results' in answer.body ? answer.body.results.length : null,
      fault: answer.fault,
    });
    sendAnswer(request, response, answer, { clock, bombBytes, stopping: stopping.signal }).catch(() => {
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, () => resolve());
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : options.port;

  return {
    baseUrl: `http://${host.includes(':') ? `[${host}]` : host}:${port}/v1`,
    port,
    tenantId,
    nowMs: serverNowMs,
    truth,
    requests: log.counts,
    setFaults(faults) {
      world.setFaults(serverNowMs(), faults);
      feed.setFaults(faults);
      bombBytes = faults.bombBytes ?? noFaults.bombBytes;
    },
    stop() {
      stopping.abort();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
};

/** `clock`, with what is wrong with the server's. */
const createServerClock = (options: SimulatorOptions): (() => number) => {
  const {
    clock,
    clockOffsetMs = 0,
    clockStepMs = 0,
    clockStepAfterMs = 0,
    clockDriftMsPerHour = 0,
  } = options;
  const startedMs = clock.monotonicMs();
  return () => {
    const ranMs = clock.monotonicMs() - startedMs;
    const steppedMs = ranMs >= clockStepAfterMs ? clockStepMs : 0;
    return Math.floor(clock.nowMs() + clockOffsetMs + steppedMs + (ranMs / 3_600_000) * clockDriftMsPerHour);
  };
};

const httpDate = (ms: number): string => new Date(ms).toUTCString();

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const isAuthorized = (request: IncomingMessage, credentials: Buffer): boolean => {
  const match = /^Basic\s+(\S+)$/i.exec(request.headers.authorization ?? '');
  if (!match?.[1]) return false;
  return timingSafeEqual(digest(Buffer.from(match[1], 'base64').toString('utf8')), credentials);
};
