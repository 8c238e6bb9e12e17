import { type Client, type ClientOptions, createClient } from 'graphql-ws';
import { readEnding } from './refusal.ts';

/** What every status of the board has; `fields` adds to it. */
type StatusBase = { agent: { agentId: string } };

export type FloorOptions = {
  /** WebSocket address of the gateway, e.g. `ws://127.0.0.1:4000/graphql`. */
  url: string;
  /** An `AgentStatusFilter`; the board holds the agents that match it. */
  filter?: unknown;
  /** Selection on `AgentStatus` beside `agent { agentId }`. Default: name, presence, state, reason and since. */
  fields?: string;
  /** Sent with connection_init: `{ authorization: 'Bearer …' }`. A function is asked anew at each connection. */
  connectionParams?: ClientOptions['connectionParams'];
  /** For hosts without a global WebSocket. */
  webSocketImpl?: unknown;
  /** Waits between attempts: doubled from `minMs` to `maxMs`, with full jitter. Default 250 ms to 30 s. */
  retry?: { minMs: number; maxMs: number };
  signal?: AbortSignal;
};

export type FloorView<Status> = {
  /** Every agent that matches the filter, by agentId. The same map each time: copy it to keep it. */
  statuses: ReadonlyMap<string, Status>;
  /** What this batch changed; empty after a snapshot and for heartbeats. */
  changes: readonly {
    kind: 'ENTERED' | 'CHANGED' | 'REVISED' | 'LEFT';
    agentId: string;
    after: Status | null;
  }[];
  phase: 'SNAPSHOT_END' | 'LIVE' | 'HEARTBEAT';
  cursor: string;
  /** Instants as RFC 3339 text; null before the first coverage. */
  freshThrough: string | null;
  completeThrough: string | null;
  health: string;
};

export type Floor<Status> = AsyncIterableIterator<FloorView<Status>>;

type Change<Status> = {
  kind: 'ENTERED' | 'CHANGED' | 'REVISED' | 'LEFT';
  agent: { agentId: string };
  after: Status | null;
};
type Batch<Status> = {
  phase: 'SNAPSHOT' | 'SNAPSHOT_END' | 'LIVE' | 'HEARTBEAT';
  cursor: string;
  freshThrough: string | null;
  completeThrough: string | null;
  health: string;
  changes: Change<Status>[];
};

const DEFAULT_FIELDS = 'presence state stateRaw since inferred reason { name }';

const documentFor = (fields: string) => /* GraphQL */ `
  subscription FollowFloor($filter: AgentStatusFilter, $after: Cursor, $snapshot: Boolean!) {
    stateChanges(filter: $filter, after: $after, snapshot: $snapshot) {
      phase
      cursor
      freshThrough
      completeThrough
      health
      changes { kind agent { agentId } after { agent { agentId name } ${fields} } }
    }
  }`;

const wait = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });

/** One subscription, from wherever it starts to wherever it ends. Ends by throwing what graphql-ws reports. */
async function* subscribe<Status>(
  client: Client,
  document: string,
  variables: Record<string, unknown>,
): AsyncGenerator<Batch<Status>> {
  const results = client.iterate<{ stateChanges: Batch<Status> }>({ query: document, variables });
  for await (const result of results) {
    if (result.errors) throw result.errors;
    if (result.data) yield result.data.stateChanges;
  }
}

/**
 * Follows the floor until `signal` aborts or the loop is left. Throws `StreamRefusedError` when trying again cannot help.
 *
 * @example
 * for await (const { statuses, freshThrough } of followFloor({ url: 'ws://127.0.0.1:4000/graphql' })) draw(statuses);
 */
export async function* followFloor<Status extends StatusBase = StatusBase & Record<string, unknown>>(
  options: FloorOptions,
): Floor<Status> {
  const { minMs, maxMs } = options.retry ?? { minMs: 250, maxMs: 30_000 };
  const ended = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, ended.signal]) : ended.signal;
  // graphql-ws would subscribe again with the first variables, that is from the old cursor: the retry is ours.
  const client = createClient({
    url: options.url,
    retryAttempts: 0,
    ...(options.connectionParams === undefined ? {} : { connectionParams: options.connectionParams }),
    ...(options.webSocketImpl === undefined ? {} : { webSocketImpl: options.webSocketImpl }),
  });
  signal.addEventListener('abort', () => void client.dispose(), { once: true });
  const document = documentFor(options.fields ?? DEFAULT_FIELDS);

  let statuses = new Map<string, Status>();
  let cursor: string | null = null;
  let failures = 0;
  try {
    while (!signal.aborted) {
      let incoming = new Map<string, Status>();
      try {
        const variables: Record<string, unknown> = {
          filter: options.filter ?? null,
          after: cursor,
          snapshot: cursor === null,
        };
        for await (const batch of subscribe<Status>(client, document, variables)) {
          failures = 0;
          const snapshotting = batch.phase === 'SNAPSHOT' || batch.phase === 'SNAPSHOT_END';
          const board = snapshotting ? incoming : statuses;
          for (const { agent, kind, after } of batch.changes) {
            if (kind === 'LEFT' || after === null) board.delete(agent.agentId);
            else board.set(agent.agentId, after);
          }
          // A snapshot counts only once it is whole; cut in the middle, it is asked for again.
          if (batch.phase === 'SNAPSHOT') continue;
          if (batch.phase === 'SNAPSHOT_END') {
            statuses = incoming;
            incoming = new Map();
          }
          cursor = batch.cursor;
          yield {
            statuses,
            changes: snapshotting
              ? []
              : batch.changes.map(({ agent, kind, after }) => ({ kind, agentId: agent.agentId, after })),
            phase: batch.phase,
            cursor: batch.cursor,
            freshThrough: batch.freshThrough,
            completeThrough: batch.completeThrough,
            health: batch.health,
          };
        }
        await wait(Math.random() * minMs, signal);
      } catch (reason) {
        if (signal.aborted) return;
        const ending = readEnding(reason);
        if (ending.kind === 'REFUSED') throw ending.error;
        if (ending.kind === 'SNAPSHOT') cursor = null;
        failures += 1;
        const ceilingMs = Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 16));
        const soon = ending.kind === 'SNAPSHOT' || ending.atOnce;
        await wait(Math.random() * (soon && failures === 1 ? minMs : ceilingMs), signal);
      }
    }
  } finally {
    ended.abort();
  }
}
