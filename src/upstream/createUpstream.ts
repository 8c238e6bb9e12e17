import { Agent, type Dispatcher } from 'undici';
import type { Clock } from '../clock/clock.ts';
import { checkBaseUrl } from './baseUrl.ts';
import { createReadPage, type Window } from './page.ts';
import { readPaged, readTooLarge } from './paging.ts';
import { parseRecord } from './parseRecord.ts';
import { readAtOnce } from './readAtOnce.ts';
import type { AgentStateRecord, QuarantinedRow } from './record.ts';
import type { Upstream } from './upstream.ts';

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
  /** Default: connections of its own, kept alive between polls, which keep no process alive. */
  dispatcher?: Dispatcher;
};

const DEFAULT_MAX_BODY_BYTES = 32 * 1024 * 1024;
/** How many times the largest answer the pages of one window may take together. */
const MOST_PAGES = 4;
/** What the poller asks for where it claims a second, the shortest that it claims: rounded to seconds, a second around it. */
const SHORTEST_WINDOW_MS = 4_000;
const isShortest = ({ fromMs, toMs }: Window): boolean => toMs - fromMs <= SHORTEST_WINDOW_MS;

/**
 * The vendor's page at one address, for one tenant. See `Upstream` for what it promises.
 * @throws TypeError when `baseUrl` is not one that `checkBaseUrl` accepts
 */
export const createUpstream = (options: UpstreamOptions): Upstream => {
  const { clock, tenantId, requestTimeoutMs } = options;
  const base = checkBaseUrl(options.baseUrl);
  if (!base.ok) throw new TypeError(`The upstream's base URL ${base.problem}`);
  const pageLimit = options.pageLimit ?? null;
  const maxBodyBytes = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  const { host } = new URL(base.url);
  const readPage = createReadPage(`${base.url}/tenants/${encodeURIComponent(tenantId)}/wfm/rta`, tenantId, {
    clock,
    requestTimeoutMs,
    authorization: `Basic ${Buffer.from(`${options.username}:${options.password}`).toString('base64')}`,
    dispatcher: options.dispatcher ?? new Agent({ allowH2: false, connect: { timeout: requestTimeoutMs } }),
  });

  const paging = { readPage, host, maxPageBytes: maxBodyBytes };

  return {
    async readWindow(window, signal) {
      let list = await (pageLimit === null
        ? readAtOnce({ readPage, host, maxBodyBytes }, window, signal)
        : readPaged({ ...paging, limit: pageLimit, maxBodyBytes }, window, signal));
      if (list.kind === 'FAILED' && list.code === 'TOO_LARGE' && isShortest(window)) {
        list = await readTooLarge({ ...paging, maxBodyBytes: MOST_PAGES * maxBodyBytes }, window, signal);
      }
      if (list.kind === 'FAILED') return list;
      const records: AgentStateRecord[] = [];
      const quarantined: QuarantinedRow[] = [];
      for (const row of list.rows) {
        const parsed = parseRecord(row);
        if (parsed.record) records.push(parsed.record);
        quarantined.push(...parsed.quarantined);
      }
      const { requests, dateSample, sentMonotonicMs } = list;
      return { kind: 'READ', records, quarantined, requests, dateSample, sentMonotonicMs };
    },
  };
};
