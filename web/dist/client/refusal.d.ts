/** The server refused the stream for a reason that trying again cannot mend: credentials, a wrong filter, a limit. */
export declare class StreamRefusedError extends Error {
    readonly code: string;
    constructor(code: string, message: string);
}
/** What an ended subscription asks of us. */
export type Ending = {
    code: string;
    message: string;
} & ({
    kind: 'RESUME';
} | {
    kind: 'SNAPSHOT';
} | {
    kind: 'REFUSED';
    byToken: boolean;
});
/** Reads what a subscription ended with: GraphQL errors, a close event, a failure to connect; null: just its end. */
export declare const readEnding: (reason: unknown) => Ending;
