import { GraphQLError, Kind } from 'graphql';

const parseCursor = (value: unknown): string => {
  if (typeof value === 'string' && value !== '') return value;
  throw new GraphQLError('Cursor must be a string that the gateway gave before.', {
    extensions: { code: 'CURSOR_MALFORMED' },
  });
};

/** Text inside and outside: the stream that takes it decodes it, and says what is wrong with it. */
export const cursorScalar = {
  description:
    'A position in the change log, opaque. Every connection, batch and `mirror` gives one; `after` takes it, and continues with the very next change.',
  serialize(value: unknown): string {
    if (typeof value === 'string') return value;
    throw new TypeError('not a cursor');
  },
  parseValue: parseCursor,
  parseLiteral: (node: { kind: string; value?: unknown }): string =>
    parseCursor(node.kind === Kind.STRING ? node.value : undefined),
};
