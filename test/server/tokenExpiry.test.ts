import { expect, it } from 'vitest';
import { createManualClock } from '../../src/clock/manualClock.ts';
import { agentIdOf } from '../fixtures/floor.ts';
import { record, uuidAt } from '../mirror/support/records.ts';
import { startIssuer } from './support/issuer.ts';
import { startMirrorServer } from './support/mirrorServer.ts';
import { openSocket } from './support/socketClient.ts';

const STATES = `subscription ($filter: AgentStatusFilter, $after: Cursor) {
  stateChanges(filter: $filter, after: $after) { phase changes { agent { agentId } } }
}`;

it('a change that comes when the token has ended is not told, and every stream of the socket is left a cursor before it', async () => {
  const { sign, jwt } = await startIssuer();
  const nowSeconds = 1_800_000_000;
  const clock = createManualClock(nowSeconds * 1_000);
  const { url, registry, append } = await startMirrorServer({
    clock,
    settings: { auth: { apiKeys: [], jwt } },
  });
  const connect = async (expiresAtSeconds: number) => {
    const client = await openSocket(url);
    await client.init({ authorization: `Bearer ${await sign({}, expiresAtSeconds)}` });
    return client;
  };
  const first = await connect(nowSeconds + 1);
  const filters = { hears: null, quiet: { agentId: { eq: agentIdOf(2) } } };
  for (const [id, filter] of Object.entries(filters)) first.subscribe(id, STATES, { filter });
  const active = async () => /rta_active_streams\{.*\} (\d+)/.exec(await registry.metrics())?.[1];
  await expect.poll(active).toBe('2');
  // The clock that the warden sleeps by stands still: who looks first is who delivers.
  clock.jumpWallClock(1_000);
  await append([record({ eventId: uuidAt(1_000, 1), agentId: agentIdOf(1), start: 1_000, state: 'busy' })]);

  expect((await first.closed).code).toBe(4403);
  const cursors = Object.keys(filters).map((id) => {
    const results = first.resultsOf(id);
    expect(results.map(({ errors }) => errors?.[0]?.extensions?.['code'])).toEqual(['TOKEN_EXPIRED']);
    return results[0]?.errors?.[0]?.extensions?.['cursor'];
  });
  const second = await connect(nowSeconds + 3_600);
  for (const [n, after] of cursors.entries()) second.subscribe(String(n), STATES, { filter: null, after });
  for (const n of cursors.keys()) {
    expect((await second.next(({ id }) => id === String(n))).payload).toMatchObject({
      data: { stateChanges: { phase: 'LIVE', changes: [{ agent: { agentId: agentIdOf(1) } }] } },
    });
  }
  // Draining would wait for them by the clock.
  second.socket.terminate();
  await expect.poll(active).toBe('0');
});
