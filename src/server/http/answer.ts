import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { RefusalStage } from '../pipeline/operation.ts';
import type { ResultFormat } from './negotiate.ts';

const statusByCode: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  TOKEN_EXPIRED: 401,
  FORBIDDEN: 403,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  TOO_MANY_SUBSCRIPTIONS: 429,
  INTERNAL_SERVER_ERROR: 500,
  NOT_READY: 503,
  SERVER_DRAINING: 503,
};

/** The status that a code has whatever the format of the answer; null: it depends. */
export const fixedStatusOf = (error: GraphQLError | undefined): number | null =>
  statusByCode[String(error?.extensions['code'])] ?? null;

/** Answers to plain requests, before or besides GraphQL. */
export const statusOfError = (error: GraphQLError): number => fixedStatusOf(error) ?? 400;

/**
 * The status of a refused operation. `application/json` clients expect 200 for everything that is a well-formed
 * GraphQL answer; the newer media type tells a refused document by 400.
 */
export const statusOfRefusal = (stage: RefusalStage, error: GraphQLError, format: ResultFormat): number => {
  const fixed = fixedStatusOf(error);
  if (fixed) return fixed;
  return stage !== 'REQUEST' && format === 'application/json' ? 200 : 400;
};

export const statusOfResult = (result: ExecutionResult, format: ResultFormat): number => {
  if ('data' in result || !result.errors?.[0]) return 200;
  const [error] = result.errors;
  return statusOfRefusal('DOCUMENT', error, format);
};

export const send = (
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: string | Buffer,
): void => {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
};

export const sendErrors = (
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  errors: readonly GraphQLError[],
): void =>
  send(
    response,
    status,
    { 'content-type': 'application/json; charset=utf-8', ...headers },
    JSON.stringify({ errors }),
  );
