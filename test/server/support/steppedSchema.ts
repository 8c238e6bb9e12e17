import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import type { SteppedStream } from '../../../src/schema/stepped.ts';

/** A stream over a log in memory whose steps are counted. */
export const createSteppedSchema = () => {
  const log: string[] = [];
  const steps = { taken: 0 };
  const events = new Map<number, { cursor: string; text: string }>();
  const stream = () => {
    const stepped: Omit<SteppedStream, typeof Symbol.asyncIterator> = {
      open: () => ({ opening: null, seq: 0 }),
      step(after) {
        if (after >= log.length) return { event: null, seq: after, more: false };
        const event = events.get(after) ?? { cursor: `c${after + 1}`, text: log[after] ?? '' };
        if (!events.has(after)) steps.taken += 1;
        events.set(after, event);
        return { event, seq: after + 1, more: after + 1 < log.length };
      },
      heartbeat: (seq) => ({ cursor: `c${seq}`, text: '' }),
    };
    // Followed by its steps alone: nothing here iterates.
    return Object.assign((async function* () {})(), stepped);
  };
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { hello: { type: GraphQLString } } }),
    subscription: new GraphQLObjectType({
      name: 'Subscription',
      fields: {
        texts: {
          type: new GraphQLObjectType({
            name: 'Text',
            fields: {
              text: { type: GraphQLString },
              broken: {
                type: GraphQLString,
                resolve: () => {
                  throw new Error('the secret path of the database');
                },
              },
            },
          }),
          subscribe: stream,
          resolve: (event) => event,
        },
      },
    }),
  });
  return { schema, log, steps };
};
