import { serverAudits } from 'graphql-http';
import { describe, expect, it } from 'vitest';
import { createSchema } from '../../src/schema/index.ts';
import { readExamples } from '../../src/server/http/pages.ts';
import { post } from './support/httpClient.ts';
import { startServer } from './support/startServer.ts';

const schema = createSchema();
const hasFields = Object.keys(schema.getQueryType()?.getFields() ?? {}).length > 0;
const examples = readExamples('schema/operations');

describe.skipIf(!hasFields)("the gateway's own schema behind the server", () => {
  it('passes all 61 audits of graphql-http', async () => {
    const { url } = await startServer({ schema });
    const failed: string[] = [];
    for (const audit of serverAudits({ url: `${url}/graphql`, fetchFn: fetch })) {
      const result = await audit.fn();
      if (result.status !== 'ok') failed.push(`${audit.id} ${audit.name}: ${result.reason}`);
    }
    expect(failed).toEqual([]);
  });

  it.skipIf(examples.length === 0).each(examples)(
    'admits its example $name within the default limits',
    async (example) => {
      const { url } = await startServer({ schema });
      const variables = example.variables === null ? {} : JSON.parse(example.variables);
      const { body } = await post(url, { query: example.text, variables });
      // There is no mirror behind this server: that an operation fails in it shows that it was admitted.
      const code = body.errors?.[0]?.extensions?.['code'] ?? 'INTERNAL_SERVER_ERROR';
      expect(['INTERNAL_SERVER_ERROR', 'NOT_ACCEPTABLE']).toContain(code);
    },
  );
});
