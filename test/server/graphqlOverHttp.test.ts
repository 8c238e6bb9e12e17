import { serverAudits } from 'graphql-http';
import { describe, expect, it } from 'vitest';
import { startServer } from './support/startServer.ts';

describe('GraphQL over HTTP', () => {
  it('passes all 61 audits of graphql-http', async () => {
    const { url } = await startServer();
    const audits = serverAudits({ url: `${url}/graphql`, fetchFn: fetch });
    const failed: string[] = [];
    for (const audit of audits) {
      const result = await audit.fn();
      if (result.status !== 'ok') failed.push(`${audit.id} ${audit.name}: ${result.status} ${result.reason}`);
    }
    expect(failed).toEqual([]);
    expect(audits).toHaveLength(61);
  });
});
