import { PothosError } from '@pothos/core';
import { ForbiddenError } from '@pothos/plugin-scope-auth';
import { GraphQLError } from 'graphql';
import { WalkTooLongError } from '../../mirror/index.ts';
import { clientError, tooExpensive } from '../../schema/errors.ts';
import type { Logger } from '../logger.ts';
import { blaming } from './blame.ts';

/** The error that was thrown first, under graphql-js's wrappers. */
const rootOf = (error: unknown): unknown => {
  let root = error;
  while (root instanceof GraphQLError && root.originalError) root = root.originalError;
  return root;
};

const withCode = (error: GraphQLError, code: string): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions: { ...error.extensions, code },
  });

/** `shown` where `error` was. */
const inPlaceOf = (error: GraphQLError | null, shown: GraphQLError): GraphQLError =>
  error
    ? new GraphQLError(shown.message, {
        path: error.path ?? null,
        nodes: error.nodes ?? null,
        extensions: shown.extensions,
      })
    : shown;

/**
 * What may leave the house. An error made for the client (a GraphQLError with a code) goes as it is; what the
 * client's input caused becomes BAD_USER_INPUT; everything else is INTERNAL_SERVER_ERROR with the request's id, and
 * is logged whole under that id.
 */
export const maskError = (thrown: unknown, requestId: string, log: Logger): GraphQLError => {
  const error = thrown instanceof GraphQLError ? thrown : null;
  const root = rootOf(thrown);
  if (error && root instanceof GraphQLError) {
    if (typeof error.extensions['code'] === 'string') return error;
    if (root instanceof ForbiddenError) return withCode(error, 'FORBIDDEN');
    // graphql-js points to the argument it could not coerce; an error without nodes is a resolver's or a scalar's bug.
    if (root instanceof PothosError || root.nodes?.length) return withCode(blaming(error), 'BAD_USER_INPUT');
  }
  if (root instanceof WalkTooLongError) return inPlaceOf(error, tooExpensive(root));
  log.error({ err: root, requestId, path: error?.path }, 'unexpected error in an operation');
  const masked = clientError(
    'INTERNAL_SERVER_ERROR',
    `Unexpected error. Tell the operator: request ${requestId}.`,
    {
      requestId,
    },
  );
  return inPlaceOf(error, masked);
};

/** Gives codes to what graphql-js says about a document. */
export const codeErrors = (errors: readonly GraphQLError[], code: string): GraphQLError[] =>
  errors.map((error) =>
    typeof error.extensions['code'] === 'string' && error.extensions['code'] !== ''
      ? error
      : withCode(error, code),
  );
