import { type ASTNode, GraphQLError } from 'graphql';
import type { WalkTooLongError } from '../mirror/index.ts';

/** Every code a client can meet; the same on HTTP, WebSocket and SSE. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'CURSOR_MALFORMED'
  | 'CURSOR_MISMATCH'
  | 'PAGE_SIZE_OVER_LIMIT'
  | 'RANGE_TOO_LARGE'
  | 'STREAM_CURSOR_EXPIRED'
  | 'STREAM_CURSOR_FUTURE'
  | 'CONSUMER_TOO_SLOW'
  | 'TOKEN_EXPIRED'
  | 'SERVER_DRAINING'
  | 'TOO_MANY_SUBSCRIPTIONS'
  | 'QUERY_TOO_EXPENSIVE'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'NOT_READY'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'MALFORMED_REQUEST'
  | 'METHOD_NOT_ALLOWED'
  | 'NOT_ACCEPTABLE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'PAYLOAD_TOO_LARGE'
  | 'INTERNAL_SERVER_ERROR';

/** An error that is meant for the client: its message says what is wrong, with which argument, and what to do. */
export const clientError = (
  code: ErrorCode,
  message: string,
  extensions: { argument?: string; cursor?: string; [more: string]: unknown } = {},
  /** What in the document is to blame, where that is known. */
  node: ASTNode | null = null,
): GraphQLError => new GraphQLError(message, { nodes: node, extensions: { code, ...extensions } });

/**
 * A filter that few rows satisfy, and no index answers, was given up on: never a wrong page. `boundsTime`: it says already
 * when rows begin or last.
 */
export const tooExpensive = (
  { maxRows }: WalkTooLongError,
  { boundsTime }: { boundsTime: boolean } = { boundsTime: false },
): GraphQLError =>
  clientError(
    'QUERY_TOO_EXPENSIVE',
    `So few rows satisfy the filter that more than ${maxRows} would have to be looked at. Narrow it: ${
      boundsTime
        ? 'to a shorter time, or to some agents'
        : 'by `startedIn` or `overlaps` of some hours, or by an agent'
    }.`,
    { argument: 'filter', maxRows },
  );
