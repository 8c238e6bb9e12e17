/** The server refused the stream for a reason that trying again cannot mend: credentials, a wrong filter, a limit. */
export declare class StreamRefusedError extends Error {
    readonly code: string;
    constructor(code: string, message: string);
}
/** What an ended subscription asks of us. */
export type Ending = {
    kind: 'RESUME';
    atOnce: boolean;
} | {
    kind: 'SNAPSHOT';
} | {
    kind: 'REFUSED';
    error: StreamRefusedError;
    byToken: boolean;
};
/** Reads what a subscription ended with: GraphQL errors, a close event, or a failure to connect. */
export declare const readEnding: (reason: unknown) => Ending;
