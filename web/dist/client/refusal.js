/** The server refused the stream for a reason that trying again cannot mend: credentials, a wrong filter, a limit. */
export class StreamRefusedError extends Error {
    code;
    constructor(code, message) {
        super(message);
        this.name = 'StreamRefusedError';
        this.code = code;
    }
}
const PASSING = new Set([
    'SERVER_DRAINING',
    'CONSUMER_TOO_SLOW',
    'INTERNAL_SERVER_ERROR',
    'NOT_READY',
    'RATE_LIMITED',
    'TOO_MANY_SUBSCRIPTIONS',
]);
const NEW_SNAPSHOT = new Set([
    'STREAM_CURSOR_EXPIRED',
    'STREAM_CURSOR_FUTURE',
    'CURSOR_MALFORMED',
    'CURSOR_MISMATCH',
]);
const BY_TOKEN = new Set(['UNAUTHENTICATED', 'TOKEN_EXPIRED']);
/** Close codes after which the same attempt can only fail again, and what they mean where the reason has no code. */
const FATAL_CLOSE = new Map([
    [1009, 'MESSAGE_TOO_BIG'],
    [4400, 'BAD_REQUEST'],
    [4401, 'UNAUTHENTICATED'],
    [4403, 'FORBIDDEN'],
    [4406, 'SUBPROTOCOL_NOT_ACCEPTABLE'],
]);
const isCodedError = (value) => typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
const isCloseEvent = (value) => typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'number' &&
    'reason' in value &&
    typeof value.reason === 'string';
const readClose = (closeCode, reason) => {
    const message = reason || `The connection was closed with ${closeCode}.`;
    const fatal = FATAL_CLOSE.get(closeCode);
    if (!fatal)
        return { kind: 'RESUME', code: `CLOSED_${closeCode}`, message };
    const expired = reason === 'Token expired' ? 'TOKEN_EXPIRED' : null;
    const code = expired ?? /^([A-Z_]+): /.exec(reason)?.[1] ?? fatal;
    return { kind: 'REFUSED', byToken: BY_TOKEN.has(code), code, message };
};
/** Reads what a subscription ended with: GraphQL errors, a close event, a failure to connect; null: just its end. */
export const readEnding = (reason) => {
    if (isCloseEvent(reason))
        return readClose(reason.code, reason.reason);
    const error = Array.isArray(reason) ? reason.find(isCodedError) : undefined;
    if (!error) {
        const message = isCodedError(reason) && reason.message ? reason.message : 'The connection failed.';
        return reason === null
            ? { kind: 'RESUME', code: 'COMPLETED', message: 'The stream ended.' }
            : { kind: 'RESUME', code: 'CONNECTION_FAILED', message };
    }
    const { message } = error;
    const code = String(error.extensions?.code ?? 'GRAPHQL_ERROR');
    if (NEW_SNAPSHOT.has(code))
        return { kind: 'SNAPSHOT', code, message };
    if (PASSING.has(code))
        return { kind: 'RESUME', code, message };
    return { kind: 'REFUSED', byToken: BY_TOKEN.has(code), code, message };
};
