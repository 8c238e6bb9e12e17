import { afterEach, expect, test } from 'vitest';
import { agentIdOf } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { record, uuidAt } from '../../mirror/support/records.ts';
import { codeOf, EVENT_CHANGES, follow } from './follow.ts';

let gateway: Gateway;
afterEach(() => gateway.dispose());

/** Agents in turn, ended events of a second each. */
const openFloor = async (options: { maxWalkRows: number; agents: number; events: number }) => {
  gateway = openGateway({ maxWalkRows: options.maxWalkRows });
  const { mirror } = await gateway.ask<{ mirror: { streamCursor: string } }>('{ mirror { streamCursor } }');
  const records = Array.from({ length: options.events }, (_, n) =>
    record({
      eventId: uuidAt(n * 1_000, n),
      agentId: agentIdOf(n % options.agents),
      sessionId: uuidAt(0, 0xb00 + (n % options.agents)),
      start: n * 1_000,
      end: n * 1_000 + 500,
      state: 'busy',
    }),
  );
  await gateway.mirror.append({ records });
  return mirror.streamCursor;
};

/** Nobody satisfies it, so that all that each agent did is looked at. */
const filter = { agent: { events: { some: { durationSeconds: { gt: 1_000 } } } } };

test('what a filter asks of an agent is asked once for all changes of the agent that a step looks at', async () => {
  const after = await openFloor({ maxWalkRows: 100_000, agents: 2, events: 800 });
  const stream = await follow(gateway, EVENT_CHANGES, { after, filter });
  const before = gateway.reader.statements();
  expect(await stream.next()).toMatchObject({ phase: 'HEARTBEAT', changes: [] });
  expect(gateway.reader.statements() - before).toBeLessThan(60);
});

test('a step that would look at too many related rows is refused by name, with where it stands', async () => {
  const after = await openFloor({ maxWalkRows: 1_000, agents: 4, events: 400 });
  const stream = await follow(gateway, EVENT_CHANGES, { after, filter, batchSize: 10 });
  const thrown = await stream.next().catch((error: unknown) => error);
  expect(codeOf(thrown)).toBe('QUERY_TOO_EXPENSIVE');
});

test('a step that can look at some of the changes within its budget goes as far as it can', async () => {
  // The first agent alone costs 100 rows a step, all four 400; 250 are allowed.
  const after = await openFloor({ maxWalkRows: 1_250, agents: 4, events: 400 });
  const stream = await follow(gateway, EVENT_CHANGES, { after, filter, batchSize: 1 });
  expect(await stream.next()).toMatchObject({ phase: 'HEARTBEAT', changes: [] });
});
