import { type ClientOptions } from 'graphql-ws';
import { type FloorView, type StatusBase } from './board.ts';
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
    retry?: {
        minMs: number;
        maxMs: number;
    };
    /** Without a word for so long, the connection counts as dead. Default 40 s: the server speaks every 15 s. */
    silenceMs?: number;
    signal?: AbortSignal;
};
export type Floor<Status> = AsyncIterableIterator<FloorView<Status>, void, void> & {
    /** Stops following, also while a view is waited for. */
    return(): Promise<IteratorResult<FloorView<Status>, void>>;
};
/**
 * Follows the floor until `signal` aborts or the loop is left. Throws `StreamRefusedError` when trying again cannot help.
 * Who reads slowly gets fewer views, each with all that has changed since the one before.
 *
 * @example
 * for await (const { statuses, freshThrough } of followFloor({ url: 'ws://127.0.0.1:4000/graphql' })) draw(statuses);
 */
export declare const followFloor: <Status extends StatusBase = StatusBase & Record<string, unknown>>(options: FloorOptions) => Floor<Status>;
