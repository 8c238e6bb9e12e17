import { request } from 'node:http';
import { createManualClock, type ManualClock } from '../../src/clock/manualClock.ts';
import {
  createFeed,
  createRandom,
  createWorld,
  type Envelope,
  type Feed,
  type FeedAnswer,
  type PageRecord,
  type Simulator,
  type SimulatorFaults,
  type SimulatorOptions,
  type SimulatorVariants,
  startSimulator,
} from '../../src/simulator/index.ts';

export const NOW = Date.UTC(2026, 10, 23, 14, 30, 0, 250);
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;
export const TENANT = '5b1a7c10-0d3e-11e8-9f5b-0fc9cd50d3ff';
export const AUTHORIZATION = `Basic ${Buffer.from('rta:s3cret:with colon').toString('base64')}`;

export const startFloor = async (
  options: Partial<SimulatorOptions> = {},
): Promise<Simulator & { clock: ManualClock }> => {
  const clock = createManualClock(NOW);
  const simulator = await startSimulator({
    clock,
    port: 0,
    seed: 7,
    preset: 'small',
    tenantId: TENANT,
    username: 'rta',
    password: 's3cret:with colon',
    historyMs: DAY,
    ...options,
  });
  return { ...simulator, clock };
};

export type Reply = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  /** The connection broke before the answer was whole. */
  broken: boolean;
};

/** One exchange with the bytes as they come: nothing is unpacked, followed or retried. */
export const exchange = (
  url: string,
  options: { method?: string; headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Reply> =>
  new Promise((resolve) => {
    const reply: Reply = { status: 0, headers: {}, body: Buffer.alloc(0), broken: false };
    const sent = request(
      url,
      {
        method: options.method ?? 'GET',
        headers: { authorization: AUTHORIZATION, ...options.headers },
        agent: false,
        ...(options.signal ? { signal: options.signal } : {}),
      },
      (response) => {
        reply.status = response.statusCode ?? 0;
        reply.headers = response.headers;
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        const finish = (broken: boolean) => resolve({ ...reply, body: Buffer.concat(chunks), broken });
        response.on('end', () => finish(!response.complete));
        response.on('error', () => finish(true));
      },
    );
    sent.on('error', () => resolve({ ...reply, broken: true }));
    sent.end();
  });

export const iso = (ms: number): string => new Date(ms).toISOString();

export const pageUrl = (simulator: Simulator, params: Record<string, string | number>): string => {
  const query = new URLSearchParams(Object.entries(params).map(([name, value]) => [name, String(value)]));
  return `${simulator.baseUrl}/tenants/${simulator.tenantId}/wfm/rta?${query}`;
};

/** A window of the page, over HTTP. */
export const readPage = async (
  simulator: Simulator,
  params: Record<string, string | number>,
): Promise<Envelope> => {
  const reply = await exchange(pageUrl(simulator, params));
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.body.toString()}`);
  // The simulator wrote it; its shape is what the tests then look at.
  return JSON.parse(reply.body.toString()) as Envelope;
};

export type Play = {
  variants?: Partial<SimulatorVariants>;
  faults?: Partial<SimulatorFaults>;
  agents?: number;
  seed?: number;
  historyMs?: number;
};

/** The same page without sockets, on whatever instant is asked. */
export const play = (options: Play = {}): Feed => {
  const world = createWorld({
    seed: options.seed ?? 7,
    agents: options.agents ?? 60,
    startMs: NOW - (options.historyMs ?? 2 * DAY),
    faults: options.faults ?? {},
  });
  return createFeed(world, options.variants ?? {}, options.faults ?? {}, createRandom(5));
};

export const envelopeOf = (answer: FeedAnswer): Envelope => {
  if (typeof answer.body === 'string' || !('results' in answer.body)) {
    throw new Error(`no page: ${JSON.stringify(answer.body)}`);
  }
  return answer.body;
};

/** The rows of a page that are records. */
export const recordsIn = (page: Envelope): PageRecord[] =>
  page.results.filter((row) => typeof row === 'object' && row !== null);

/** All records of a window, which may be longer than one request. */
export const recordsOf = (feed: Feed, fromMs: number, toMs: number, nowMs: number): PageRecord[] => {
  const records: PageRecord[] = [];
  for (let startMs = fromMs; startMs < toMs; startMs += 10 * MINUTE) {
    const endMs = Math.min(startMs + 10 * MINUTE, toMs);
    const answer = feed.answer({ startMs, endMs, limit: null, offset: 0 }, nowMs);
    records.push(...recordsIn(envelopeOf(answer)));
  }
  return records;
};

export const startMsOf = (record: PageRecord): number => Date.parse(record.start ?? '');
export const endMsOf = (record: PageRecord): number => Date.parse(record.end ?? '');
