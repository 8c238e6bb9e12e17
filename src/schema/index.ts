import type { GraphQLSchema } from 'graphql';
import './agent/queries.ts';
import './agent/type.ts';
import './coverage/queries.ts';
import './coverage/type.ts';
import './durations/queries.ts';
import './event/queries.ts';
import './event/type.ts';
import './interaction/queries.ts';
import './interaction/type.ts';
import './mirror/queries.ts';
import './mirror/subscription.ts';
import './mirror/type.ts';
import './reason/queries.ts';
import './reason/type.ts';
import './session/queries.ts';
import './session/type.ts';
import './status/queries.ts';
import './status/type.ts';
import './streams/subscriptions.ts';
import './streams/types.ts';
import './timeline/queries.ts';
import './transfer/queries.ts';
import './transfer/type.ts';
import { builder } from './builder.ts';

export type { Doorbell, GatewayContext, Tenant, Viewer } from './context.ts';
export type { ErrorCode } from './errors.ts';

let schema: GraphQLSchema | null = null;

/**
 * The whole GraphQL schema. It holds no state: what an operation reads comes with its context (GatewayContext).
 * Types register themselves on the builder when they are imported above, so there is one schema a process.
 */
export const createSchema = (): GraphQLSchema => {
  schema ??= builder.toSchema({ sortSchema: true });
  return schema;
};
