import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { busyFloor } from './busyFloor.ts';
import { EVENT_CHANGES, follow, pullAll, STATE_CHANGES, TRANSFER_CHANGES } from './follow.ts';

let gateway: Gateway;
let start: string;
beforeAll(async () => {
  gateway = openGateway();
  ({
    mirror: { streamCursor: start },
  } = await gateway.ask<{ mirror: { streamCursor: string } }>('{ mirror { streamCursor } }'));
  for (const frame of busyFloor(11, 50)) await gateway.mirror.append(frame);
});
afterAll(() => gateway.dispose());

const received = async (document: string, variables: Record<string, unknown>) => {
  const { mirror } = await gateway.ask<{ mirror: { streamCursor: string } }>('{ mirror { streamCursor } }');
  const stream = await follow<unknown>(gateway, document, variables);
  const batches = [await stream.next()];
  while (batches.at(-1)!.cursor !== mirror.streamCursor) batches.push(await stream.next());
  stream.stop();
  return batches;
};

const streams: [string, string, unknown][] = [
  ['stateChanges', STATE_CHANGES, {}],
  ['stateChanges of a filter', STATE_CHANGES, { state: { eq: 'AWAY' } }],
  ['eventChanges', EVENT_CHANGES, {}],
  ['eventChanges of a filter', EVENT_CHANGES, { state: { eq: 'AWAY' } }],
  ['transferChanges', TRANSFER_CHANGES, {}],
];

describe('behind any of its cursors', () => {
  test.each(streams)('%s goes on with every change once', async (_name, document, filter) => {
    const batches = await received(document, { filter, after: start, batchSize: 4 });
    const all = batches.flatMap(({ changes }) => changes);
    expect(all.length).toBeGreaterThan(10);
    let taken = 0;
    // Behind the last one there is nothing but silence.
    for (const { cursor, changes } of batches.slice(0, -1)) {
      taken += changes.length;
      const rest = await received(document, { filter, after: cursor, batchSize: 7 });
      expect(rest.flatMap((batch) => batch.changes)).toEqual(all.slice(taken));
    }
  });

  test('the pull twin gives what the stream gives, whatever the size of its pages', async () => {
    const filter = { presence: { eq: 'READY' } };
    const batches = await received(STATE_CHANGES, { filter, after: start });
    const all = batches.flatMap(({ changes }) => changes);
    for (const first of [1, 3, 1_000]) expect(await pullAll(gateway, start, { filter, first })).toEqual(all);
    expect(all.length).toBeGreaterThan(10);
  });

  test('a change is delivered in the order of the log, with the state before it that the last one left', async () => {
    const last = new Map<string, unknown>();
    for (const { agent, before, after } of await pullAll(gateway, start)) {
      expect(before).toEqual(last.get(agent.agentId) ?? null);
      last.set(agent.agentId, after);
    }
  });
});

test('the cursor of any list and of the mirror is one to subscribe after', async () => {
  const { agentStatuses, events, mirror } = await gateway.ask<
    Record<'agentStatuses' | 'events' | 'mirror', { streamCursor: string }>
  >('{ agentStatuses { streamCursor } events { streamCursor } mirror { streamCursor } }');
  expect(agentStatuses.streamCursor).toBe(mirror.streamCursor);
  expect(events.streamCursor).toBe(mirror.streamCursor);
  expect(await pullAll(gateway, mirror.streamCursor)).toEqual([]);
});
