import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { ask, readMirror } from './support/graphqlClient.ts';
import { type RunningGateway, startGateway, temporaryFolder } from './support/program.ts';
import { until } from './support/until.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/```graphql\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

const isSubscription = (source: string): boolean =>
  parse(source).definitions.some(
    (definition) => definition.kind === 'OperationDefinition' && definition.operation === 'subscription',
  );

const firstResult = (url: string, query: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const client = createClient({ url: `${url.replace(/^http/, 'ws')}/graphql`, webSocketImpl: WebSocket });
    onTestFinished(() => void client.dispose());
    client.subscribe({ query }, { next: resolve, error: reject, complete: () => {} });
  });

/** As a newcomer starts it: nothing is set but where it may write and listen. */
const newcomersGateway = async (): Promise<RunningGateway> => {
  const gateway = await startGateway({ RTA_DATABASE: join(temporaryFolder(), 'mirror.sqlite') });
  await until(
    'the simulated floor is there',
    async () => (await readMirror(gateway.url)).freshThrough !== null,
  );
  return gateway;
};

describe('a gateway that nobody configured', () => {
  it('is ready within seconds, says that the simulator stands in, and answers the README as pasted', async () => {
    const gateway = await newcomersGateway();
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
    expect(gateway.out()).toContain('simulated floor');
    for (const path of ['/', '/graphql', '/readyz']) expect(gateway.out()).toContain(`${gateway.url}${path}`);

    const queries = examples.filter((source) => !isSubscription(source));
    const subscriptions = examples.filter(isSubscription);
    expect([queries.length, subscriptions.length]).toEqual([2, 1]);
    for (const query of queries) {
      const data = await ask<Record<string, { nodes?: unknown[] }>>(gateway.url, query);
      expect(Object.values(data)[0]?.nodes?.length).toBeGreaterThan(0);
    }
    for (const query of subscriptions) {
      const first = await firstResult(gateway.url, query);
      expect(first).toMatchObject({ data: { stateChanges: { phase: 'SNAPSHOT' } } });
    }
  }, 60_000);

  it('shows its page and GraphiQL to a browser', async () => {
    const { url } = await newcomersGateway();
    for (const path of ['/', '/graphql']) {
      const response = await fetch(`${url}${path}`, { headers: { accept: 'text/html' } });
      expect([response.status, response.headers.get('content-type')]).toEqual([
        200,
        'text/html; charset=utf-8',
      ]);
    }
  }, 60_000);
});
