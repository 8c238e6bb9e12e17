/** The server refused the stream for a reason that trying again cannot mend: credentials, a wrong filter, a limit. */
export class StreamRefusedError extends Error {
    code;
    constructor(code, message) {
        super(message);
        this.name = 'StreamRefusedError';
        this.code = code;
    }
}
const SOON = new Set(['SERVER_DRAINING', 'CONSUMER_TOO_SLOW']);
const LATER = new Set(['INTERNAL_SERVER_ERROR', 'NOT_READY', 'RATE_LIMITED', 'TOO_MANY_SUBSCRIPTIONS']);
const NEW_SNAPSHOT = new Set([
    'STREAM_CURSOR_EXPIRED',
    'STREAM_CURSOR_FUTURE',
    'CURSOR_MALFORMED',
    'CURSOR_MISMATCH',
]);
/** Close codes of graphql-transport-ws after which the same connection attempt can only fail again. */
const FATAL_CLOSE = new Map([
    [4400, 'BAD_REQUEST'],
    [4401, 'UNAUTHENTICATED'],
    [4403, 'FORBIDDEN'],
    [4406, 'SUBPROTOCOL_NOT_ACCEPTABLE'],
]);
const isCodedError = (value) => typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
const isCloseEvent = (value) => typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'number';
/** Reads what a subscription ended with: GraphQL errors, a close event, or a failure to connect. */
export const readEnding = (reason) => {
    if (isCloseEvent(reason)) {
        const code = FATAL_CLOSE.get(reason.code);
        if (code)
            return refused(code, reason.reason || code);
        return { kind: 'RESUME', atOnce: reason.code === 1001 || reason.code === 1012 };
    }
    const error = Array.isArray(reason) ? reason.find(isCodedError) : undefined;
    if (!error)
        return { kind: 'RESUME', atOnce: false };
    const code = String(error.extensions?.code ?? 'GRAPHQL_ERROR');
    if (NEW_SNAPSHOT.has(code))
        return { kind: 'SNAPSHOT' };
    if (SOON.has(code))
        return { kind: 'RESUME', atOnce: true };
    if (LATER.has(code))
        return { kind: 'RESUME', atOnce: false };
    return refused(code, error.message);
};
const BY_TOKEN = new Set(['UNAUTHENTICATED', 'TOKEN_EXPIRED']);
const refused = (code, message) => ({
    kind: 'REFUSED',
    error: new StreamRefusedError(code, message),
    byToken: BY_TOKEN.has(code),
});
