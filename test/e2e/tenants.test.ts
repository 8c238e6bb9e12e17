import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startGateway, temporaryFolder } from './support/program.ts';
import { until } from './support/until.ts';
import { startUpstream, TENANT_ID } from './support/upstream.ts';

const OTHER_TENANT_ID = '9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

type Answer = {
  data?: { mirror: { tenantId: string; counts: { agents: number } } };
  errors?: { extensions: { code: string } }[];
};

const askMirror = async (url: string, headers: Record<string, string>): Promise<Answer> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ mirror { tenantId counts { agents } } }' }),
  });
  return response.json();
};

describe('two tenants in one gateway', () => {
  it('have a mirror each, and a key opens its own alone', async () => {
    const one = await startUpstream({ agents: 60 });
    const other = await startUpstream({ agents: 20, seed: 8, tenantId: OTHER_TENANT_ID });
    const folder = temporaryFolder();
    const config = join(folder, 'config.json');
    const tenants = [
      one,
      { ...other, environment: { ...other.environment, RTA_TENANT_ID: OTHER_TENANT_ID } },
    ].map(({ environment }) =>
      Object.fromEntries(
        ['RTA_UPSTREAM_URL', 'RTA_TENANT_ID', 'RTA_USERNAME', 'RTA_PASSWORD'].map((name) => [
          name,
          environment[name],
        ]),
      ),
    );
    writeFileSync(config, JSON.stringify({ RTA_DATABASE: folder, RTA_BACKFILL: '1h', tenants }));
    const { url } = await startGateway({
      RTA_CONFIG: config,
      RTA_API_KEYS: `wall:${sha256('key one')}:${TENANT_ID},all:${sha256('key all')}`,
    });
    for (const id of [TENANT_ID, OTHER_TENANT_ID])
      expect(existsSync(join(folder, `${id}.sqlite`))).toBe(true);

    const wall = { 'x-api-key': 'key one' };
    const all = { 'x-api-key': 'key all', 'x-tenant-id': OTHER_TENANT_ID };
    const agents = (headers: Record<string, string>) =>
      until('agents are there', async () => (await askMirror(url, headers)).data?.mirror.counts.agents);
    expect((await askMirror(url, wall)).data?.mirror.tenantId).toBe(TENANT_ID);
    expect((await askMirror(url, all)).data?.mirror.tenantId).toBe(OTHER_TENANT_ID);
    await agents(wall);
    await agents(all);

    const codes = async (headers: Record<string, string>) =>
      (await askMirror(url, headers)).errors?.map(({ extensions }) => extensions.code);
    expect(await codes({ ...wall, 'x-tenant-id': OTHER_TENANT_ID })).toEqual(['FORBIDDEN']);
    expect(await codes({ 'x-api-key': 'key all' })).toEqual(['BAD_USER_INPUT']);
    expect(await codes({})).toEqual(['UNAUTHENTICATED']);
  }, 60_000);
});
