import {
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import type { GatewayContext } from '../../../src/schema/context.ts';
import { clientError } from '../../../src/schema/errors.ts';

const page = { first: { type: GraphQLInt }, last: { type: GraphQLInt } };

const item: GraphQLObjectType = new GraphQLObjectType({
  name: 'Item',
  fields: () => ({
    name: { type: GraphQLString },
    child: { type: item, resolve: () => ({ name: 'child' }) },
    items: { type: connection, args: page, resolve: () => ({ nodes: [] }) },
  }),
});

const connection: GraphQLObjectType = new GraphQLObjectType({
  name: 'ItemConnection',
  fields: () => ({
    nodes: { type: new GraphQLList(item) },
    totalCount: { type: GraphQLInt, resolve: () => 0 },
  }),
});

/** What the sources below yield: shaped like a stream's batch. */
export type Tick = { cursor: string; n: number; text: string };

const tick = new GraphQLObjectType<Tick, GatewayContext>({
  name: 'Tick',
  fields: {
    cursor: { type: GraphQLString },
    n: { type: GraphQLInt },
    text: { type: GraphQLString },
    context: { type: GraphQLInt, resolve: (_tick, _args, context) => numberOf(context) },
  },
});

const numbers = new WeakMap<object, number>();
let nextNumber = 0;
/** A number that is the same for the same object. */
const numberOf = (object: object): number => {
  const known = numbers.get(object);
  if (known !== undefined) return known;
  nextNumber += 1;
  numbers.set(object, nextNumber);
  return nextNumber;
};

/** How many sources are open; a stream that ended must not leave one behind. */
export const openSources = { count: 0 };

async function* ticks(count: number, sizeBytes: number, context: GatewayContext): AsyncGenerator<Tick> {
  openSources.count += 1;
  try {
    for (let n = 1; n <= count; n += 1) yield { cursor: `c${n}`, n, text: 'x'.repeat(sizeBytes) };
    if (count > 0) return;
    const signals = [context.tenant.draining, ...(context.signal ? [context.signal] : [])];
    await context.tenant.doorbell.wait(60_000, AbortSignal.any(signals));
    if (context.tenant.draining.aborted) throw clientError('SERVER_DRAINING', 'Stopping.', { cursor: 'c0' });
  } finally {
    openSources.count -= 1;
  }
}

/** A small schema with everything that the server has to refuse, mask or stream. */
export const testSchema = new GraphQLSchema({
  query: new GraphQLObjectType<unknown, GatewayContext>({
    name: 'Query',
    fields: {
      hello: { type: GraphQLString, resolve: () => 'world' },
      item: { type: item, resolve: () => ({ name: 'one' }) },
      items: {
        type: new GraphQLNonNull(connection),
        args: page,
        resolve: () => ({ nodes: [{ name: 'one' }] }),
      },
      nodes: {
        type: new GraphQLList(item),
        args: { ids: { type: new GraphQLNonNull(new GraphQLList(GraphQLString)) } },
        resolve: () => [],
      },
      viewer: { type: GraphQLString, resolve: (_root, _args, { viewer }) => JSON.stringify(viewer) },
      tenant: { type: GraphQLString, resolve: (_root, _args, { tenant }) => tenant.tenantId },
      boom: {
        type: GraphQLString,
        resolve: () => {
          throw new Error('the secret path of the database');
        },
      },
      refused: {
        type: GraphQLString,
        resolve: () => {
          throw clientError('RANGE_TOO_LARGE', 'Too long.', { argument: 'from' });
        },
      },
      slow: { type: GraphQLString, resolve: async () => 'slow' },
    },
  }),
  mutation: new GraphQLObjectType({
    name: 'Mutation',
    fields: { touch: { type: GraphQLString, resolve: () => 'touched' } },
  }),
  subscription: new GraphQLObjectType<unknown, GatewayContext>({
    name: 'Subscription',
    fields: {
      ticks: {
        type: tick,
        args: {
          count: { type: new GraphQLNonNull(GraphQLInt) },
          sizeBytes: { type: GraphQLInt, defaultValue: 1 },
        },
        subscribe: (_root, { count, sizeBytes }, context) => ticks(count, sizeBytes, context),
        resolve: (payload) => payload,
      },
      failing: {
        type: tick,
        subscribe: async function* () {
          yield { cursor: 'c1', n: 1, text: '' };
          throw new Error('the secret path of the database');
        },
        resolve: (payload) => payload,
      },
      expiredCursor: {
        type: tick,
        subscribe: () => {
          throw clientError('STREAM_CURSOR_EXPIRED', 'Take a snapshot.');
        },
      },
      items: {
        type: connection,
        args: page,
        subscribe: async function* () {},
        resolve: () => ({ nodes: [] }),
      },
    },
  }),
});
