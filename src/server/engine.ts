import { type GraphQLSchema, parse } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';

/**
 * Yoga as the engine: schema, plugins, and its caches of parsed and validated documents (validation alone costs more
 * than most of our queries). Its HTTP layer is not used: the WHATWG Request and Response cost eight times our whole
 * request.
 */
export const createEngine = (schema: GraphQLSchema, maxTokens: number): YogaServerInstance<object, object> =>
  createYoga<object, object>({
    schema,
    logging: false,
    graphiql: false,
    landingPage: false,
    maskedErrors: false,
    plugins: [
      {
        onParse({ setParseFn }) {
          setParseFn((source, options) => parse(source, { ...options, maxTokens }));
        },
      },
    ],
  });
