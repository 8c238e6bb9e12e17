import { createSourceEventStream, execute, parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSchema, type GatewayContext } from '../../src/schema/index.ts';
import { type Gateway, openGateway } from '../fixtures/gateway.ts';

let gateway: Gateway;
beforeAll(() => {
  gateway = openGateway();
});
afterAll(() => gateway.dispose());

const schema = createSchema();
/** A context as code that forgot to ask would make it. */
const nobody = (): Partial<GatewayContext> => {
  const { viewer: _viewer, ...rest } = gateway.context();
  return rest;
};

test('no field of Query answers nobody', async () => {
  const fields = Object.values(schema.getQueryType()!.getFields()).filter((field) =>
    field.args.every((arg) => !String(arg.type).endsWith('!')),
  );
  expect(fields.length).toBeGreaterThan(5);
  for (const field of fields) {
    const document = parse(`{ ${field.name} { __typename } }`);
    const { errors } = await execute({ schema, document, contextValue: nobody() });
    expect(errors?.map((error) => error.extensions['code'])).toEqual(['UNAUTHENTICATED']);
  }
});

test('no stream starts for nobody', async () => {
  const document = parse('subscription { stateChanges { cursor } }');
  const result = await createSourceEventStream({ schema, document, contextValue: nobody() });
  expect(result).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

test('nodes takes as many ids as a page holds', async () => {
  const id = Buffer.from('Event:00000000-0000-1000-8000-000000000000').toString('base64');
  const error = await gateway.refuse('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    ids: Array.from({ length: 1001 }, () => id),
  });
  expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'ids' });
});
