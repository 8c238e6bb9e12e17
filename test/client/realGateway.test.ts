import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type FloorOptions, followFloor } from '../../src/client/index.ts';
import { startGateway, temporaryFolder } from '../e2e/support/program.ts';
import { until } from '../e2e/support/until.ts';
import { startUpstream } from '../e2e/support/upstream.ts';
import { BUSY, busyNow, socketUrl, startRealFloor } from './support/realFloor.ts';

/** Reads every view, and remembers the last one. */
const watch = (options: FloorOptions) => {
  const stop = new AbortController();
  const phases: string[] = [];
  let board: Record<string, string> = {};
  let cursor = '';
  const watched = (async () => {
    for await (const view of followFloor({
      retry: { minMs: 20, maxMs: 200 },
      signal: stop.signal,
      ...options,
    })) {
      phases.push(view.phase);
      cursor = view.cursor;
      board = Object.fromEntries([...view.statuses].map(([id, status]) => [id, String(status['since'])]));
    }
  })();
  onTestFinished(async () => {
    stop.abort();
    await watched;
  });
  return { phases, board: () => board, cursor: () => cursor };
};

const snapshots = (phases: readonly string[]) => phases.filter((phase) => phase === 'SNAPSHOT_END').length;

/** Holds only of a board without ghosts, gaps and old rows; the floor moves, so they are compared until they agree. */
const agrees = (url: string, board: () => Record<string, string>) =>
  until('the board is what a query tells', async () => {
    const told = await busyNow(url);
    expect(board()).toEqual(told);
    return Object.keys(told).length > 10;
  });

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'goes on from its cursor when the gateway ends by %s and is back',
  async (how) => {
    const floor = await startRealFloor();
    const { phases, board, cursor } = watch({ url: socketUrl(floor.url), filter: BUSY });
    await agrees(floor.url, board);
    for (let life = 0; life < 2; life += 1) {
      await floor.stop(how);
      const before = cursor();
      await floor.start();
      await until('the cursor moves on', () => cursor() !== before);
      await agrees(floor.url, board);
    }
    expect(snapshots(phases)).toBe(1);
  },
  120_000,
);

test('takes a new snapshot when the change log was pruned behind its cursor, and shows no ghost', async () => {
  const floor = await startRealFloor();
  const { phases, board } = watch({ url: socketUrl(floor.url), filter: BUSY });
  await agrees(floor.url, board);
  await floor.stop('SIGKILL');
  const before = board();
  await floor.liveElsewhere((url) =>
    until('somebody left', async () => {
      const now = await busyNow(url);
      return Object.keys(before).some((agentId) => !(agentId in now));
    }),
  );
  floor.forgetChanges();
  expect(snapshots(phases)).toBe(1);
  await floor.start();
  await until('a new snapshot came', () => snapshots(phases) === 2);
  await agrees(floor.url, board);
}, 120_000);

test('is refused with a code when the key is wrong, and when the filter is', async () => {
  const { environment } = await startUpstream();
  const sha256hex = createHash('sha256').update('right-key').digest('hex');
  const gateway = await startGateway({
    ...environment,
    RTA_DATABASE: join(temporaryFolder(), 'mirror.sqlite'),
    RTA_API_KEYS: `wall:${sha256hex}`,
  });
  const url = socketUrl(gateway.url);
  const first = (options: Partial<FloorOptions>) => followFloor({ url, ...options }).next();
  const authorization = 'Bearer right-key';
  await expect(first({})).rejects.toMatchObject({ name: 'StreamRefusedError', code: 'UNAUTHENTICATED' });
  await expect(first({ connectionParams: { authorization: 'Bearer wrong' } })).rejects.toMatchObject({
    name: 'StreamRefusedError',
    code: 'UNAUTHENTICATED',
  });
  await expect(
    first({ connectionParams: { authorization }, filter: { shoeSize: { gt: 44 } } }),
  ).rejects.toMatchObject({ name: 'StreamRefusedError', code: 'BAD_USER_INPUT' });
  const { board } = watch({ url, connectionParams: async () => ({ authorization }) });
  await until('the right key shows the floor', () => Object.keys(board()).length > 0);
}, 60_000);
