import { createClient } from 'graphql-ws';
import { createBoard } from "./board.js";
import { readEnding } from "./refusal.js";
import { createSilenceAlarm } from "./silence.js";
const DEFAULT_FIELDS = 'presence state stateRaw since inferred reason { name }';
const SILENCE_MS = 40_000;
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
const wait = (ms, signal) => new Promise((resolve) => {
    if (signal.aborted)
        return resolve();
    const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
});
/** One subscription, from wherever it starts to wherever it ends. Rejects with what graphql-ws reports. */
const subscribe = (client, query, variables, signal, take) => new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    client.subscribe({ query, variables }, {
        next({ data, errors }) {
            if (errors)
                reject(errors);
            else if (data)
                take(data.stateChanges);
        },
        error: reject,
        complete: resolve,
    });
});
/**
 * Follows the floor until `signal` aborts or the loop is left. Throws `StreamRefusedError` when trying again cannot help.
 * Who reads slowly gets fewer views, each with all that has changed since the one before.
 *
 * @example
 * for await (const { statuses, freshThrough } of followFloor({ url: 'ws://127.0.0.1:4000/graphql' })) draw(statuses);
 */
export const followFloor = (options) => {
    const left = new AbortController();
    const views = viewsOf(options, left);
    const floor = {
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
async function* viewsOf(options, left) {
    const signal = options.signal ? AbortSignal.any([options.signal, left.signal]) : left.signal;
    const board = createBoard();
    let wake = () => { };
    let ending = null;
    const following = keepFollowing(options, signal, {
        apply(batch) {
            board.apply(batch);
            wake();
        },
        cut: board.cut,
    }).then(() => {
        ending = { error: null };
        wake();
    }, (error) => {
        ending = { error };
        wake();
    });
    try {
        for (;;) {
            const view = signal.aborted ? null : board.takeView();
            if (view) {
                yield view;
                continue;
            }
            // Set by the callbacks above, which the compiler does not follow.
            const over = ending;
            if (over?.error)
                throw over.error;
            if (over)
                return;
            await new Promise((resolve) => {
                wake = resolve;
            });
        }
    }
    finally {
        left.abort();
        await following;
    }
}
/** Subscribes again and again, each time from where the last stream ended. Ends with the signal, or by a refusal. */
const keepFollowing = async (options, signal, board) => {
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
    let cursor = null;
    let failures = 0;
    let heard = false;
    const take = (batch) => {
        alarm.heard();
        failures = 0;
        heard = true;
        board.apply(batch);
        if (batch.phase !== 'SNAPSHOT')
            cursor = batch.cursor;
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
                    await subscribe(client, document, variables, over, take);
                }
                finally {
                    stream.abort();
                }
                board.cut();
                await wait(Math.random() * minMs, signal);
            }
            catch (reason) {
                board.cut();
                if (signal.aborted)
                    return;
                const ending = readEnding(reason);
                // A token that ran out in mid-stream may have a successor by now; one that was never taken has none.
                const renews = heard && typeof options.connectionParams === 'function';
                if (ending.kind === 'REFUSED' && !(ending.byToken && renews))
                    throw ending.error;
                if (ending.kind === 'SNAPSHOT')
                    cursor = null;
                if (ending.kind === 'REFUSED')
                    client.terminate();
                failures += 1;
                const ceilingMs = Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 16));
                const soon = ending.kind !== 'RESUME' || ending.atOnce;
                await wait(Math.random() * (soon && failures === 1 ? minMs : ceilingMs), signal);
            }
        }
    }
    finally {
        alarm.stop();
        signal.removeEventListener('abort', dispose);
        await client.dispose();
    }
};
