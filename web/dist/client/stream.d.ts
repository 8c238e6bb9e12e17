import { type ClientOptions } from 'graphql-ws/client';
import { type Timing } from './timing.ts';
export type StreamRequest = {
    url: string;
    query: string;
    variables: Record<string, unknown>;
    connectionParams: ClientOptions['connectionParams'];
    webSocketImpl: unknown;
    /** Without a word for so long, the connection counts as dead: a network that is gone closes no socket by itself. */
    silenceMs: number;
};
export type StreamEvents<Data> = {
    /** The server has taken our credentials. */
    onConnected(): void;
    onData(data: Data): void;
};
/**
 * One subscription on a connection of its own. Resolves when it is over, with what it ended with: GraphQL errors, a close
 * event, whatever failed before; null when the server completed it or `signal` aborted. Nothing comes after that.
 *
 * graphql-ws never tries again by itself here: it would subscribe with the first variables, from a cursor long behind.
 */
export declare const runStream: <Data>({ url, query, variables, connectionParams, webSocketImpl, silenceMs }: StreamRequest, { onConnected, onData }: StreamEvents<Data>, timing: Timing, signal: AbortSignal) => Promise<unknown>;
