import SchemaBuilder from '@pothos/core';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import ValidationPlugin from '@pothos/plugin-validation';
import { z } from 'zod';
import type { GatewayContext } from './context.ts';
import { clientError } from './errors.ts';
import { decodeGlobalId, encodeGlobalId } from './node/globalId.ts';
import { cursorScalar } from './scalars/cursor.ts';
import { dateTimeScalar } from './scalars/dateTime.ts';
import { durationScalar } from './scalars/duration.ts';
import { jsonScalar } from './scalars/json.ts';
import { uuidScalar } from './scalars/uuid.ts';

/**
 * How a type is written. Each lives in a folder of its name: `type.ts` (its ref is in refs.ts, so that types may
 * point at each other), `filter.ts`, `ordering.ts`, `queries.ts`; the file registers itself on `builder` when it is
 * imported, and index.ts imports them all. Rows are the mirror's rows as they are (codes, row ids, packed ids,
 * milliseconds): `DateTime` takes milliseconds, `UUID` packed ids, enums their GraphQL names.
 *
 * Resolvers are synchronous. A list's rows are made siblings (`siblings(rows)`, batch.ts) before they are returned; a
 * relation is resolved by `batched(row, key, load)`, which loads it for all siblings in one statement. Arguments
 * that a client got wrong are `clientError('BAD_USER_INPUT', …, { argument })`. Every type, field, argument and
 * enum value has a description with its unit and why it may be null; a test demands it.
 */
export type SchemaTypes = {
  Context: GatewayContext;
  Scalars: {
    /** Milliseconds UTC. */
    DateTime: { Input: number; Output: number };
    /** Lower-case text in; text or the mirror's packed bytes out. */
    UUID: { Input: string; Output: string | Buffer };
    Cursor: { Input: string; Output: string };
    /** Milliseconds. */
    Duration: { Input: number; Output: number };
    JSON: { Input: unknown; Output: unknown };
    ID: { Input: string; Output: string };
  };
  AuthScopes: { viewer: boolean };
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
};

/** As many as a page holds. */
const MAX_NODES = 1000;

const globalId = z
  .string()
  .refine(
    (id) => decodeGlobalId(id) !== null,
    "no `id` that the gateway gave. Upstream's own ids are for `agent`, `session`, `event` and `interaction`.",
  );

/** `ids[1]`, `filter.start`. */
const pathOf = (path: readonly unknown[]): string =>
  path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${part}`)).join('');

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ScopeAuthPlugin, RelayPlugin, DataloaderPlugin, ValidationPlugin],
  scopeAuth: {
    // The pipeline refuses whoever is nobody before it executes; whoever executes the schema without it is refused here.
    authScopes: (context) => ({ viewer: Boolean(context.viewer) }),
    unauthorizedError: () => clientError('UNAUTHENTICATED', 'Say who you are: with an API key or a token.'),
    authorizeOnSubscribe: true,
  },
  validation: {
    validationError: ({ issues }) => {
      const issue = issues[0];
      const argument = pathOf(issue?.path ?? []);
      return clientError('BAD_USER_INPUT', `\`${argument}\`: ${issue?.message ?? 'not valid'}`, { argument });
    },
  },
  relay: {
    cursorType: 'String',
    edgesFieldOptions: { nullable: false, description: 'The page, each row with its cursor.' },
    nodeFieldOptions: { nullable: false, description: 'The row.' },
    nodesOnConnection: { description: 'The page without cursors.' },
    cursorFieldOptions: {
      description: 'Position of the row in this ordering and filter: for `after` and `before`.',
    },
    pageInfoFieldOptions: { nullable: false, description: 'Whether more lies on either side of the page.' },
    pageInfoTypeOptions: { description: 'Where a page lies in the whole list.' },
    hasNextPageFieldOptions: { description: 'Whether rows follow the last one of the page, exactly, now.' },
    hasPreviousPageFieldOptions: {
      description: 'Whether rows precede the first one of the page, exactly, now.',
    },
    startCursorFieldOptions: { description: 'Cursor of the first row; null when the page is empty.' },
    endCursorFieldOptions: { description: 'Cursor of the last row; null when the page is empty.' },
    nodeTypeOptions: { description: 'Whatever has an id that `node` finds again.' },
    idFieldOptions: { description: 'Opaque id, unique over all types, for `node` and for caches.' },
    nodeQueryOptions: {
      description: 'The object with this id; null when the mirror holds no such object.',
      args: { id: { description: '`id` of an object.', validate: globalId } },
    },
    nodesQueryOptions: {
      description:
        'The objects with these ids, in their order; null for those that the mirror does not hold.',
      args: {
        ids: {
          description: `\`id\`s of objects, ${MAX_NODES} at most.`,
          validate: z.array(globalId).max(MAX_NODES, `${MAX_NODES} ids at most`),
        },
      },
    },
    encodeGlobalID: (typename, id) => encodeGlobalId(typename, String(id)),
    decodeGlobalID: (id) => {
      const decoded = decodeGlobalId(id);
      // Validation, which comes first, has refused what is no id.
      if (!decoded) throw new Error('an id that was not validated');
      return decoded;
    },
  },
});

/** The types of `builder`, for refs that are handed around. */
export type BuilderTypes =
  typeof builder extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never;

builder.scalarType('DateTime', dateTimeScalar);
builder.scalarType('UUID', uuidScalar);
builder.scalarType('Cursor', cursorScalar);
builder.scalarType('Duration', durationScalar);
builder.scalarType('JSON', jsonScalar);

builder.queryType({
  description:
    'What the mirror knows. One operation sees one commit of the mirror, but for `stateDurations`, which is added up elsewhere.',
  authScopes: { viewer: true },
});
builder.subscriptionType({
  description: 'What changes in the mirror, pushed; every batch carries the cursor to resume from.',
  authScopes: { viewer: true },
});
