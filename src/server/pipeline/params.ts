import type { GraphQLError } from 'graphql';
import { clientError } from '../../schema/errors.ts';
import type { OperationParams } from './operation.ts';

export type ReadParams = { query: string; operationName: string | null; variables: Record<string, unknown> };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The parameters of an operation as they must be, or what is wrong with them. */
export const readParams = (params: OperationParams): ReadParams | GraphQLError => {
  const malformed = (what: string) => clientError('MALFORMED_REQUEST', what);
  const { query, operationName, variables, extensions } = params;
  if (typeof query !== 'string' || query === '')
    return malformed('`query` must be a string that is not empty.');
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    return malformed('`operationName` must be a string.');
  }
  if (variables !== undefined && variables !== null && !isRecord(variables)) {
    return malformed('`variables` must be an object.');
  }
  if (extensions !== undefined && extensions !== null && !isRecord(extensions)) {
    return malformed('`extensions` must be an object.');
  }
  return { query, operationName: operationName ?? null, variables: variables ?? {} };
};
