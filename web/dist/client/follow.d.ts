import type { ClientOptions } from 'graphql-ws/client';
import type { Board } from './board.ts';
import { type Timing } from './timing.ts';
export type Interruption = {
    /** The server's error code; `CLOSED_<code>`, `COMPLETED` or `CONNECTION_FAILED` where it gave none. */
    code: string;
    message: string;
    /** How many attempts in a row have come to nothing. */
    failures: number;
    /** Until the next one. */
    waitMs: number;
};
export type Following = {
    url: string;
    query: string;
    filter: unknown;
    connectionParams: ClientOptions['connectionParams'];
    webSocketImpl: unknown;
    retry: {
        minMs: number;
        maxMs: number;
    };
    silenceMs: number;
    staleMs: number;
    timing: Timing;
    onInterrupted(interruption: Interruption): void;
};
/** Puts the floor on the board, each stream from where the last one ended. Ends with the signal, or by a refusal. */
export declare const keepFollowing: <Status>(following: Following, board: Board<Status>, onNews: () => void, signal: AbortSignal) => Promise<void>;
