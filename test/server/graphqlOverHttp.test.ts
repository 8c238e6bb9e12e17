import { createHash } from 'node:crypto';
import { serverAudits } from 'graphql-http';
import { describe, expect, it } from 'vitest';
import { startServer } from './support/startServer.ts';

const failedAudits = async (url: string, headers: Record<string, string>): Promise<string[]> => {
  const fetchFn: typeof fetch = (input, init) => {
    const all = new Headers(init?.headers);
    for (const [name, value] of Object.entries(headers)) all.set(name, value);
    return fetch(input, { ...init, headers: all });
  };
  const audits = serverAudits({ url: `${url}/graphql`, fetchFn });
  expect(audits).toHaveLength(61);
  const failed: string[] = [];
  for (const audit of audits) {
    const result = await audit.fn();
    if (result.status !== 'ok') failed.push(`${audit.id} ${audit.name}: ${result.status} ${result.reason}`);
  }
  return failed;
};

describe('GraphQL over HTTP', () => {
  it('passes all 61 audits of graphql-http while open', async () => {
    const { url } = await startServer();
    expect(await failedAudits(url, {})).toEqual([]);
  });

  it('passes them behind an API key, for an allowed origin', async () => {
    const sha256hex = createHash('sha256').update('key').digest('hex');
    const { url } = await startServer({
      settings: {
        auth: { apiKeys: [{ name: 'audit', sha256hex, tenantId: null }], jwt: null },
        allowedOrigins: ['https://board.example'],
      },
    });
    expect(await failedAudits(url, { 'x-api-key': 'key', origin: 'https://board.example' })).toEqual([]);
  });
});
