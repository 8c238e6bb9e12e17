import { Agent, type Dispatcher } from 'undici';
import type { Clock } from '../clock/clock.ts';
import { checkBaseUrl } from './baseUrl.ts';
import { createReadPage, unreadable, type Window } from './page.ts';
import { readPaged, readTooLarge, type WholeList } from './paging.ts';
import { parseRecord } from './parseRecord.ts';
import type { AgentStateRecord, QuarantinedRow } from './record.ts';
import type { ReadFailure, Upstream } from './upstream.ts';

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

  /** All in one answer: right when as many rows came as it says. */
  const readAtOnce = async (window: Window, signal: AbortSignal): Promise<WholeList | ReadFailure> => {
    const page = await readPage(window, null, maxBodyBytes, signal);
    if (page.kind === 'FAILED') return page;
    const { rows, total, dateSample, sentMonotonicMs } = page;
    if (total !== null && rows.length !== total) {
      return unreadable(host, `${rows.length} rows came where \`total\` says ${total}`, dateSample);
    }
    return { kind: 'LIST', rows, requests: 1, dateSample, sentMonotonicMs };
  };

  return {
    async readWindow(window, signal) {
      let list = await (pageLimit === null
        ? readAtOnce(window, signal)
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
