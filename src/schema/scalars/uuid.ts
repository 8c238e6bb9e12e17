import { GraphQLError, Kind } from 'graphql';
import { unpackId } from '../../mirror/index.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const parseUuid = (value: unknown): string => {
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  if (UUID.test(text)) return text;
  throw new GraphQLError(
    'UUID must be a string of 36 characters, like "0a62f710-04cd-11ea-b2ef-8f1a0e1b5a7c".',
    { extensions: { code: 'BAD_USER_INPUT' } },
  );
};

/** A lower-case string inside, or the mirror's packed bytes, which are unpacked only when they are asked for. */
export const uuidScalar = {
  description: 'A UUID: out in lower case with dashes; in any case, with dashes.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc9562',
  serialize(value: unknown): string {
    if (Buffer.isBuffer(value)) return unpackId(value);
    if (typeof value === 'string') return value;
    throw new TypeError('not a UUID');
  },
  parseValue: parseUuid,
  parseLiteral: (node: { kind: string; value?: unknown }): string =>
    parseUuid(node.kind === Kind.STRING ? node.value : undefined),
};
