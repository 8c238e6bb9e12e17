import type { ClientOptions } from 'graphql-ws/client';
import { createBoard, type FloorView, type StatusBase } from './board.ts';
import { type Interruption, keepFollowing } from './follow.ts';
import { realTiming, type Timing } from './timing.ts';

/** What `fields` selects when it is left out. */
export type FloorStatus = {
  agent: { agentId: string; name: string | null };
  presence: string | null;
  state: string | null;
  stateRaw: string | null;
  /** RFC 3339 text. */
  since: string | null;
  inferred: boolean;
  reason: { name: string | null } | null;
};

const DEFAULT_FIELDS = 'presence state stateRaw since inferred reason { name }';

export type FloorOptions = {
  /** Of the gateway's GraphQL, e.g. `wss://gateway.example/graphql`; http(s) is taken for ws(s), and in a page `/graphql` will do. */
  url: string | URL;
  /** An `AgentStatusFilter`; the board holds the agents that match it. */
  filter?: unknown;
  /** Selection on `AgentStatus` beside `agent { agentId name }`; say its type as `followFloor<Status>`. Default: as in `FloorStatus`. */
  fields?: string;
  /** Sent with connection_init: `{ authorization: 'Bearer …' }`. A function is asked anew at each connection. */
  connectionParams?: ClientOptions['connectionParams'];
  /** For hosts without a global WebSocket. */
  webSocketImpl?: unknown;
  /** Waits between attempts: doubled from `minMs` to `maxMs`, with full jitter. Default 250 ms to 30 s. */
  retry?: { minMs: number; maxMs: number };
  /** Without a word for so long, the connection counts as dead. Default 40 s: the server speaks every 15 s. */
  silenceMs?: number;
  /** When `freshThrough` has not moved for so long, the board is `stale`. Default 60 s. */
  staleMs?: number;
  /** Told of every stream that ended and will be tried again: for a log. */
  onInterrupted?: (interruption: Interruption) => void;
  /** Timers and jitter, for tests. */
  timing?: Timing;
  /** Ends the loop, without an error. */
  signal?: AbortSignal;
};

export type Floor<Status> = {
  next(): Promise<IteratorResult<FloorView<Status>, undefined>>;
  return(): Promise<IteratorResult<FloorView<Status>, undefined>>;
  [Symbol.asyncIterator](): Floor<Status>;
};

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

/** A wrong address is the caller's mistake, and must not be tried for ever. */
const socketAddress = (url: string | URL): string => {
  const address = new URL(url, globalThis.location?.href);
  address.protocol = address.protocol.replace(/^http/, 'ws');
  if (!/^wss?:$/.test(address.protocol)) throw new TypeError(`no address of a WebSocket: ${address.href}`);
  address.hash = '';
  return address.href;
};

/**
 * Follows the floor until `signal` aborts or the loop is left. Throws `StreamRefusedError` when trying again cannot help.
 * Who reads slowly gets fewer views, each with all that has changed since the one before.
 *
 * @example
 * for await (const { statuses, stale } of followFloor({ url: 'ws://127.0.0.1:4000/graphql' })) draw(statuses, stale);
 */
export const followFloor = <Status extends StatusBase = FloorStatus>(
  options: FloorOptions,
): Floor<Status> => {
  const left = new AbortController();
  const views = viewsOf<Status>({ ...options, url: socketAddress(options.url) }, left);
  const floor: Floor<Status> = {
    next: () => views.next(),
    return() {
      // A generator that waits would be left only after its next view.
      left.abort();
      return views.return(undefined);
    },
    [Symbol.asyncIterator]: () => floor,
  };
  return floor;
};

async function* viewsOf<Status>(
  options: FloorOptions & { url: string },
  left: AbortController,
): AsyncGenerator<FloorView<Status>, undefined, void> {
  const { signal } = left;
  const leave = () => left.abort();
  if (options.signal?.aborted) leave();
  options.signal?.addEventListener('abort', leave);

  const board = createBoard<Status>();
  let news = Promise.withResolvers<void>();
  let isOver = false;
  const following = keepFollowing<Status>(
    {
      url: options.url,
      query: documentFor(options.fields ?? DEFAULT_FIELDS),
      filter: options.filter,
      connectionParams: options.connectionParams,
      webSocketImpl: options.webSocketImpl,
      retry: options.retry ?? { minMs: 250, maxMs: 30_000 },
      silenceMs: options.silenceMs ?? 40_000,
      staleMs: options.staleMs ?? 60_000,
      timing: options.timing ?? realTiming,
      onInterrupted: options.onInterrupted ?? (() => {}),
    },
    board,
    () => news.resolve(),
    signal,
  ).finally(() => {
    isOver = true;
    news.resolve();
  });
  // Whoever leaves the loop is not told of a refusal; who stays is, below.
  following.catch(() => {});
  try {
    while (!signal.aborted) {
      const view = board.takeView();
      if (view) {
        yield view;
        continue;
      }
      if (isOver) break;
      await news.promise;
      news = Promise.withResolvers<void>();
    }
  } finally {
    left.abort();
    options.signal?.removeEventListener('abort', leave);
  }
  await following;
}
