import type { ClientOptions } from 'graphql-ws/client';
import { type FloorView, type StatusBase } from './board.ts';
import { type Interruption } from './follow.ts';
import { type Timing } from './timing.ts';
/** What `fields` selects when it is left out. */
export type FloorStatus = {
    agent: {
        agentId: string;
        name: string | null;
    };
    presence: string | null;
    state: string | null;
    stateRaw: string | null;
    /** RFC 3339 text. */
    since: string | null;
    inferred: boolean;
    reason: {
        name: string | null;
    } | null;
};
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
    retry?: {
        minMs: number;
        maxMs: number;
    };
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
/**
 * Follows the floor until `signal` aborts or the loop is left. Throws `StreamRefusedError` when trying again cannot help.
 * Who reads slowly gets fewer views, each with all that has changed since the one before.
 *
 * @example
 * for await (const { statuses, stale } of followFloor({ url: 'ws://127.0.0.1:4000/graphql' })) draw(statuses, stale);
 */
export declare const followFloor: <Status extends StatusBase = FloorStatus>(options: FloorOptions) => Floor<Status>;
