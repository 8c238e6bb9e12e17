import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';

export type { Doorbell, GatewayContext, Tenant, Viewer } from './context.ts';
export { clientError, type ErrorCode } from './errors.ts';

let schema: GraphQLSchema | null = null;

/**
 * The whole GraphQL schema. It holds no state: what an operation reads comes with its context (GatewayContext).
 * Types register themselves on the builder when they are imported above, so there is one schema a process.
 */
export const createSchema = (): GraphQLSchema => {
  schema ??= builder.toSchema({ sortSchema: true });
  return schema;
};
