import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import ValidationPlugin from '@pothos/plugin-validation';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { post } from './support/httpClient.ts';
import { startServer } from './support/startServer.ts';

const createValidatedSchema = () => {
  const builder = new SchemaBuilder<{ AuthScopes: { never: boolean } }>({
    plugins: [ScopeAuthPlugin, ValidationPlugin],
    scopeAuth: { authScopes: () => ({ never: false }) },
  });
  builder.queryType({
    fields: (t) => ({
      page: t.int({
        args: { first: t.arg.int({ validate: z.number().min(0) }) },
        resolve: (_root, { first }) => first ?? 0,
      }),
      closed: t.int({ authScopes: { never: true }, nullable: true, resolve: () => 1 }),
      // A column that holds what its field cannot show: our mistake, not the client's.
      broken: t.int({ resolve: () => 'not a number' as unknown as number }),
      missing: t.string({ nullable: false, resolve: () => null as unknown as string }),
    }),
  });
  return builder.toSchema();
};

const codeFor = async (query: string): Promise<unknown> => {
  const { url } = await startServer({ schema: createValidatedSchema() });
  const { body } = await post(url, { query });
  return body.errors?.[0]?.extensions?.['code'];
};

describe('errors of the schema builder and of graphql-js', () => {
  it("are BAD_USER_INPUT when the validation plugin refuses an argument, with the plugin's words", async () => {
    const { url } = await startServer({ schema: createValidatedSchema() });
    const { body } = await post(url, { query: '{ page(first: -1) }' });
    expect(body.errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
    expect(body.errors?.[0]?.message).toMatch(/first/);
  });

  it('are FORBIDDEN when a scope is missing', async () => {
    expect(await codeFor('{ closed }')).toBe('FORBIDDEN');
  });

  it('are INTERNAL_SERVER_ERROR when a value cannot be shown or is missing', async () => {
    expect(await codeFor('{ broken }')).toBe('INTERNAL_SERVER_ERROR');
    expect(await codeFor('{ missing }')).toBe('INTERNAL_SERVER_ERROR');
  });
});
