import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isStepped } from '../../../src/schema/stepped.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { busyFloor } from './busyFloor.ts';
import { countCollected } from './collected.ts';
import { EVENT_CHANGES, sourceOf } from './follow.ts';

let gateway: Gateway;
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
      if (!isStepped(source)) throw new Error('a stream of changes is stepped');
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
