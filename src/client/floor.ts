import { type Client, type ClientOptions, createClient } from 'graphql-ws';
import { type Batch, createBoard, type FloorView, type StatusBase } from './board.ts';
import { readEnding } from './refusal.ts';
import { createSilenceAlarm } from './silence.ts';

export type FloorOptions = {
  /** WebSocket address of the gateway, e.g. `ws://127.0.0.1:4000/graphql`. */
  url: string;
  /** An `AgentStatusFilter`; the board holds the agents that match it. */
  filter?: unknown;
  /** Selection on `AgentStatus` beside `agent { agentId name }`. Default: presence, state, reason, since, inferred. */
  fields?: string;
  /** Sent with connection_init: `{ authorization: 'Bearer …' }`. A function is asked anew at each connection. */
  connectionParams?: ClientOptions['connectionParams'];
  /** For hosts without a global WebSocket. */
  webSocketImpl?: unknown;
  /** Waits between attempts: doubled from `minMs` to `maxMs`, with full jitter. Default 250 ms to 30 s. */
  retry?: { minMs: number; maxMs: number };
  /** Without a word for so long, the connection counts as dead. Default 40 s: the server speaks every 15 s. */
  silenceMs?: number;
  signal?: AbortSignal;
};

export type Floor<Status> = AsyncIterableIterator<FloorView<Status>, void, void> & {
  /** Stops following, also while a view is waited for. */
  return(): Promise<IteratorResult<FloorView<Status>, void>>;
};

const DEFAULT_FIELDS = 'presence state stateRaw since inferred reason { name }';
const SILENCE_MS = 40_000;

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

/** One subscription, from wherever it starts to wherever it ends. Rejects with what graphql-ws reports. */
const subscribe = <Status>(
  client: Client,
  query: string,
  variables: Record<string, unknown>,
  signal: AbortSignal,
  take: (batch: Batch<Status>) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    client.subscribe<{ stateChanges: Batch<Status> }>(
      { query, variables },
      {
        next({ data, errors }) {
          if (errors) reject(errors);
          else if (data) take(data.stateChanges);
        },
        error: reject,
        complete: resolve,
      },
    );
  });

/**
 * Follows the floor until `signal` aborts or the loop is left. Throws `StreamRefusedError` when trying again cannot help.
 * Who reads slowly gets fewer views, each with all that has changed since the one before.
 *
 * @example
 * for await (const { statuses, freshThrough } of followFloor({ url: 'ws://127.0.0.1:4000/graphql' })) draw(statuses);
 */
export const followFloor = <Status extends StatusBase = StatusBase & Record<string, unknown>>(
  options: FloorOptions,
): Floor<Status> => {
  const left = new AbortController();
  const views = viewsOf<Status>(options, left);
  const floor: Floor<Status> = {
    next: () => views.next(),
    return() {
      // A generator that waits would be left only after its next view.
      left.abort();
      return views.return();
    },
    [Symbol.asyncIterator]: () => floor,
  };
  return floor;
};

async function* viewsOf<Status>(
  options: FloorOptions,
  left: AbortController,
): AsyncGenerator<FloorView<Status>, void, void> {
  const signal = options.signal ? AbortSignal.any([options.signal, left.signal]) : left.signal;
  const board = createBoard<Status>();
  let wake = () => {};
  let ending: { error: unknown } | null = null;
  const following = keepFollowing<Status>(options, signal, {
    apply(batch) {
      board.apply(batch);
      wake();
    },
    cut: board.cut,
  }).then(
    () => {
      ending = { error: null };
      wake();
    },
    (error: unknown) => {
      ending = { error };
      wake();
    },
  );
  try {
    for (;;) {
      const view = signal.aborted ? null : board.takeView();
      if (view) {
        yield view;
        continue;
      }
      // Set by the callbacks above, which the compiler does not follow.
      const over = ending as { error: unknown } | null;
      if (over?.error) throw over.error;
      if (over) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    left.abort();
    await following;
  }
}

/** Subscribes again and again, each time from where the last stream ended. Ends with the signal, or by a refusal. */
const keepFollowing = async <Status>(
  options: FloorOptions,
  signal: AbortSignal,
  board: { apply(batch: Batch<Status>): void; cut(): void },
): Promise<void> => {
  const { minMs, maxMs } = options.retry ?? { minMs: 250, maxMs: 30_000 };
  // graphql-ws would subscribe again with the first variables, that is from the old cursor: the retry is ours.
  const client = createClient({
    url: options.url,
    retryAttempts: 0,
    ...(options.connectionParams === undefined ? {} : { connectionParams: options.connectionParams }),
    ...(options.webSocketImpl === undefined ? {} : { webSocketImpl: options.webSocketImpl }),
  });
  const alarm = createSilenceAlarm(options.silenceMs ?? SILENCE_MS, () => client.terminate());
  const dispose = () => void client.dispose();
  signal.addEventListener('abort', dispose, { once: true });
  const document = documentFor(options.fields ?? DEFAULT_FIELDS);

  let cursor: string | null = null;
  let failures = 0;
  let heard = false;
  const take = (batch: Batch<Status>) => {
    alarm.heard();
    failures = 0;
    heard = true;
    board.apply(batch);
    if (batch.phase !== 'SNAPSHOT') cursor = batch.cursor;
  };
  try {
    while (!signal.aborted) {
      heard = false;
      alarm.heard();
      try {
        const variables = { filter: options.filter ?? null, after: cursor, snapshot: cursor === null };
        const stream = new AbortController();
        try {
          const over = AbortSignal.any([signal, stream.signal]);
          await subscribe<Status>(client, document, variables, over, take);
        } finally {
          stream.abort();
        }
        board.cut();
        await wait(Math.random() * minMs, signal);
      } catch (reason) {
        board.cut();
        if (signal.aborted) return;
        const ending = readEnding(reason);
        // A token that ran out in mid-stream may have a successor by now; one that was never taken has none.
        const renews = heard && typeof options.connectionParams === 'function';
        if (ending.kind === 'REFUSED' && !(ending.byToken && renews)) throw ending.error;
        if (ending.kind === 'SNAPSHOT') cursor = null;
        if (ending.kind === 'REFUSED') client.terminate();
        failures += 1;
        const ceilingMs = Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 16));
        const soon = ending.kind !== 'RESUME' || ending.atOnce;
        await wait(Math.random() * (soon && failures === 1 ? minMs : ceilingMs), signal);
      }
    }
  } finally {
    alarm.stop();
    signal.removeEventListener('abort', dispose);
    await client.dispose();
  }
};
