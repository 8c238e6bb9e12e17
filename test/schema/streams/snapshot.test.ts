import { afterAll, describe, expect, test } from 'vitest';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { busyFloor } from './busyFloor.ts';
import { applyTo, type Batch, floorOf, follow, pullAll, STATE_CHANGES, type Status } from './follow.ts';

const open: Gateway[] = [];
afterAll(() => {
  for (const gateway of open) gateway.dispose();
});
const openFloor = (): Gateway => {
  const gateway = openGateway();
  open.push(gateway);
  return gateway;
};

/** `exact`: all that the filter asks for stands in the images of a change, so that its kinds never depend on when it is read. */
const filters: { name: string; filter: unknown; exact: boolean }[] = [
  { name: 'everybody', filter: {}, exact: true },
  { name: 'who is away', filter: { state: { eq: 'AWAY' } }, exact: true },
  { name: 'who is not away', filter: { not: { state: { eq: 'AWAY' } } }, exact: true },
  { name: 'who is at lunch', filter: { reason: { name: { eq: 'Lunch' } } }, exact: true },
  {
    name: 'who was inferred to be gone',
    filter: { or: [{ inferred: true }, { state: { eq: 'OFFLINE' } }] },
    exact: true,
  },
  { name: 'who has a certain name', filter: { agent: { name: { startsWith: 'agent' } } }, exact: false },
  { name: 'who is logged in', filter: { session: { end: { isNull: true } }, inferred: false }, exact: false },
];

describe('a snapshot and what follows it', () => {
  for (const { name, filter, exact } of filters) {
    test.each([1, 2])(`ends at what agentStatuses says: ${name} (seed %i)`, async (seed) => {
      const gateway = openFloor();
      const frames = busyFloor(seed, 45);
      for (const frame of frames.slice(0, 20)) await gateway.mirror.append(frame);

      const stream = await follow(gateway, STATE_CHANGES, { filter, snapshot: true, batchSize: 2 });
      const board = new Map<string, Status>();
      const seen: Batch[] = [];
      // One frame is committed between any two batches, the parts of the snapshot too.
      for (const frame of frames.slice(20)) {
        const batch = await stream.next();
        seen.push(batch);
        applyTo(board, batch);
        await gateway.mirror.append(frame);
      }
      for (const batch of await stream.until('HEARTBEAT')) {
        seen.push(batch);
        applyTo(board, batch);
      }
      expect(board).toEqual(await floorOf(gateway, filter));
      const end = seen.findIndex(({ phase }) => phase === 'SNAPSHOT_END');
      expect(seen.slice(0, end).every(({ phase }) => phase === 'SNAPSHOT')).toBe(true);
      expect(seen.slice(end + 1).some(({ phase }) => phase.startsWith('SNAPSHOT'))).toBe(false);
      if (!exact) return;
      // Without a seam: the changes after the snapshot are those after its cursor, each once.
      const live = seen.slice(end + 1).flatMap(({ changes }) => changes);
      expect(live).toEqual(await pullAll(gateway, seen[end]!.cursor, { filter, first: 3 }));
    });
  }

  test('that is cut in the middle is begun anew when resumed', async () => {
    const gateway = openFloor();
    for (const frame of busyFloor(4, 30)) await gateway.mirror.append(frame);
    const first = await follow(gateway, STATE_CHANGES, { snapshot: true, batchSize: 2 });
    const { cursor, phase } = await first.next();
    expect(phase).toBe('SNAPSHOT');
    first.stop();
    const board = new Map<string, Status>();
    const again = await follow(gateway, STATE_CHANGES, { after: cursor });
    for (const batch of await again.until('SNAPSHOT_END')) applyTo(board, batch);
    expect(board).toEqual(await floorOf(gateway, {}));
    expect(board.size).toBeGreaterThan(2);
  });

  test('of a floor without anybody is only its end', async () => {
    const stream = await follow(openFloor(), STATE_CHANGES, { snapshot: true });
    expect(await stream.next()).toMatchObject({ phase: 'SNAPSHOT_END', changes: [] });
  });
});
