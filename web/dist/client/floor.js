import { createBoard } from "./board.js";
import { keepFollowing } from "./follow.js";
import { realTiming } from "./timing.js";
const DEFAULT_FIELDS = 'presence state stateRaw since inferred reason { name }';
const documentFor = (fields) => /* GraphQL */ `
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
const socketAddress = (url) => {
    const address = new URL(url, globalThis.location?.href);
    address.protocol = address.protocol.replace(/^http/, 'ws');
    if (!/^wss?:$/.test(address.protocol))
        throw new TypeError(`no address of a WebSocket: ${address.href}`);
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
export const followFloor = (options) => {
    const left = new AbortController();
    const views = viewsOf({ ...options, url: socketAddress(options.url) }, left);
    const floor = {
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
async function* viewsOf(options, left) {
    const { signal } = left;
    const leave = () => left.abort();
    if (options.signal?.aborted)
        leave();
    options.signal?.addEventListener('abort', leave);
    const board = createBoard();
    let news = Promise.withResolvers();
    let isOver = false;
    const following = keepFollowing({
        url: options.url,
        query: documentFor(options.fields ?? DEFAULT_FIELDS),
        filter: options.filter,
        connectionParams: options.connectionParams,
        webSocketImpl: options.webSocketImpl,
        retry: options.retry ?? { minMs: 250, maxMs: 30_000 },
        silenceMs: options.silenceMs ?? 40_000,
        staleMs: options.staleMs ?? 60_000,
        timing: options.timing ?? realTiming,
        onInterrupted: options.onInterrupted ?? (() => { }),
    }, board, () => news.resolve(), signal).finally(() => {
        isOver = true;
        news.resolve();
    });
    // Whoever leaves the loop is not told of a refusal; who stays is, below.
    following.catch(() => { });
    try {
        while (!signal.aborted) {
            const view = board.takeView();
            if (view) {
                yield view;
                continue;
            }
            if (isOver)
                break;
            await news.promise;
            news = Promise.withResolvers();
        }
    }
    finally {
        left.abort();
        options.signal?.removeEventListener('abort', leave);
    }
    await following;
}
