import { GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';

/** Answers as large as they are asked for; `onAsked` is told of each. */
export const createTextSchema = (onAsked: () => void = () => {}): GraphQLSchema =>
  new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: {
        text: {
          type: GraphQLString,
          args: { bytes: { type: GraphQLInt, defaultValue: 1 } },
          resolve: (_root, { bytes }) => {
            onAsked();
            return 'x'.repeat(bytes);
          },
        },
      },
    }),
  });
