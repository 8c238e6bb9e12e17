import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SteppedStream } from '../../../src/schema/stepped.ts';
import { agentIdOf } from '../../fixtures/floor.ts';
import { sourceOf } from '../../fixtures/follower.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { busyFloor } from './busyFloor.ts';
import { EVENT_CHANGES, follow, STATE_CHANGES } from './follow.ts';

let gateway: Gateway;
beforeEach(async () => {
  gateway = openGateway();
  for (const frame of busyFloor(1, 12)) await gateway.mirror.append(frame);
});
afterEach(() => gateway.dispose());

/** The event objects that a stream hands out until it has caught up, and then a heartbeat. */
async function* eventsOf(source: SteppedStream): AsyncGenerator<object> {
  const { opening, seq } = source.open();
  yield* opening ?? [];
  for (let at = seq; ; ) {
    const step = source.step(at);
    at = step.seq;
    if (step.event) yield step.event;
    else if (!step.more) yield source.heartbeat(at);
  }
}
const nextOf = async (sources: AsyncGenerator<object>[]): Promise<object[]> =>
  (await Promise.all(sources.map((source) => source.next()))).map(({ value }) => value as object); // no stream ends here

describe('equal streams', () => {
  test('are handed the same batches, so that each is executed once: snapshot, changes and heartbeats', async () => {
    const variables = { filter: { not: { state: { eq: 'AWAY' } } }, snapshot: true, batchSize: 4 };
    const sources = (await Promise.all([1, 2, 3].map(() => sourceOf(gateway, STATE_CHANGES, variables)))).map(
      eventsOf,
    );
    const phases = new Set<string>();
    for (let i = 0; i < 12; i++) {
      const [first, ...others] = await nextOf(sources);
      for (const other of others) expect(other).toBe(first);
      phases.add((first as { phase: string }).phase);
      if (i === 4) for (const frame of busyFloor(2, 6)) await gateway.mirror.append(frame);
    }
    expect([...phases].sort()).toEqual(['HEARTBEAT', 'LIVE', 'SNAPSHOT', 'SNAPSHOT_END']);
  });

  test.each([
    ['filters', { filter: { state: { eq: 'AWAY' } } }, { filter: { state: { eq: 'BUSY' } } }],
    [
      'filters that only differ in an id',
      { filter: { agentId: { eq: agentIdOf(1) } } },
      { filter: { agentId: { eq: agentIdOf(2) } } },
    ],
    ['batch sizes', { batchSize: 1 }, { batchSize: 2 }],
  ])('of other %s are not', async (_what, one, other) => {
    const sources = [
      await sourceOf(gateway, STATE_CHANGES, { ...one, snapshot: true }),
      await sourceOf(gateway, STATE_CHANGES, { ...other, snapshot: true }),
    ];
    const [a, b] = await nextOf(sources.map(eventsOf));
    expect(a).not.toBe(b);
  });
});

describe('following the head', () => {
  test('the changes of a commit are read once, however many different streams there are', async () => {
    const streams = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        sourceOf(gateway, STATE_CHANGES, { filter: { since: { gt: new Date(i).toISOString() } } }),
      ),
    );
    const heads = streams.map((stream) => stream.open().seq);
    const before = gateway.reader.statements();
    for (const frame of busyFloor(3, 12)) await gateway.mirror.append(frame);
    const steps = streams.map((stream, i) => stream.step(heads[i]!));
    expect(steps.every(({ event }) => event !== null)).toBe(true);
    // Head, retention and the coverage's version, each a look-up of one row; never the log or the coverage itself.
    expect((gateway.reader.statements() - before) / streams.length).toBeLessThan(9);
  });

  test.each([
    [
      'statuses',
      STATE_CHANGES.replace(
        'observedAt }',
        'observedAt event { agent { name } session { sessionId } } agent { name } }',
      ),
    ],
    [
      'events',
      EVENT_CHANGES.replace(
        'event { eventId',
        'event { agent { name } session { agent { name } } reason { name } eventId',
      ),
    ],
  ])('a batch of %s costs as many statements for forty changes as for ten', async (_what, document) => {
    const { mirror } = await gateway.ask<{ mirror: { streamCursor: string } }>('{ mirror { streamCursor } }');
    for (const frame of busyFloor(5, 40)) await gateway.mirror.append(frame);
    const costOf = async (batchSize: number) => {
      const stream = await follow(gateway, document, { after: mirror.streamCursor, batchSize });
      const before = gateway.reader.statements();
      expect((await stream.next()).changes).toHaveLength(batchSize);
      return gateway.reader.statements() - before;
    };
    await costOf(9);
    expect(await costOf(40)).toBe(await costOf(10));
  });
});
