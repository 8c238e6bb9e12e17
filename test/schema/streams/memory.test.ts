import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SteppedStream } from '../../../src/schema/stepped.ts';
import { sourceOf } from '../../fixtures/follower.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { busyFloor } from './busyFloor.ts';
import { countCollected } from './collected.ts';
import { EVENT_CHANGES, STATE_CHANGES } from './follow.ts';

let gateway: Gateway;
const openingOf = (source: SteppedStream) => source.open().opening ?? [];
beforeEach(async () => {
  gateway = openGateway();
  for (const frame of busyFloor(1, 40)) await gateway.mirror.append(frame);
});
afterEach(() => gateway.dispose());

describe('while the head stands still', () => {
  test('what streams caught up with and left behind is held by nobody', async () => {
    const handedOut: WeakRef<object>[] = [];
    for (let i = 0; i < 20; i++) {
      const filter = { start: { gte: new Date(i).toISOString() } };
      const source = await sourceOf(gateway, EVENT_CHANGES, { filter, batchSize: 5 });
      for (let seq = 0, more = true; more; ) {
        const step = source.step(seq);
        if (step.event) handedOut.push(new WeakRef(step.event));
        ({ seq, more } = step);
      }
    }
    expect(handedOut.length).toBeGreaterThan(400);
    // The last ones may still stand in a register.
    expect(await countCollected(handedOut)).toBeGreaterThan(handedOut.length - 5);
  });
});

describe('a stream that waits inside its snapshot', () => {
  test('holds none of the pieces, neither those it has handed out nor those to come', async () => {
    const source = await sourceOf(gateway, STATE_CHANGES, { snapshot: true, batchSize: 1 });
    const waiting = openingOf(source)[Symbol.iterator]();
    const handedOut: WeakRef<object>[] = [];
    for (let i = 0; i < 5; i++) handedOut.push(new WeakRef(waiting.next().value ?? {}));
    expect(await countCollected(handedOut)).toBeGreaterThan(3);
    expect(waiting.next().value).toMatchObject({ phase: 'SNAPSHOT' });
  });

  test('goes on with what stood when it began, whatever was committed since', async () => {
    const source = await sourceOf(gateway, STATE_CHANGES, { snapshot: true, batchSize: 2 });
    const [waited, atOnce] = [openingOf(source), [...openingOf(source)]];
    for (const frame of busyFloor(2, 20)) await gateway.mirror.append(frame);
    expect([...waited]).toEqual(atOnce);
    expect(atOnce.length).toBeGreaterThan(3);
  });
});
