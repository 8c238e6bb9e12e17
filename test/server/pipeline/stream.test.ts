import type { ExecutionResult } from 'graphql';
import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { createManualClock } from '../../../src/clock/manualClock.ts';
import { HEARTBEAT_MS, type SteppedStream, type StreamEvent } from '../../../src/schema/stepped.ts';
import { createCohorts } from '../../../src/server/pipeline/cohorts.ts';
import type { PreparedOperation } from '../../../src/server/pipeline/index.ts';
import { createStream, type StreamParts } from '../../../src/server/pipeline/stream.ts';

type Steps = Omit<SteppedStream, typeof Symbol.asyncIterator>;

/** A stream of `steps` on a clock of its own, followed by somebody who always has room. */
const follow = (steps: Steps, execute: StreamParts['execute'] = (event) => ({ data: { event } })) => {
  const clock = createManualClock(0);
  const results: ExecutionResult[] = [];
  const request = {
    viewer: { kind: 'OPEN' },
    signal: new AbortController().signal,
    tenant: {
      tenantId: 'acme',
      draining: new AbortController().signal,
      doorbell: { ring() {}, wait: clock.sleep },
    },
    transport: 'websocket',
  };
  const stream = createStream({
    // The rest of an operation is what it was prepared from, which a stream never looks at.
    operation: {
      request,
      shareKey: 'same',
      cost: { requested: 1, limit: 1 },
    } as unknown as PreparedOperation,
    // Followed by its steps alone: nothing here iterates.
    source: Object.assign((async function* () {})(), steps),
    execute,
    mask: () => new GraphQLError('masked'),
    maskForAll: () => new GraphQLError('masked for all'),
    clock,
    warden: { add() {}, remove() {} },
    cohorts: createCohorts(clock),
    onDelivered() {},
    onEnded() {},
  });
  stream.follow({
    take(result) {
      results.push(result);
      return true;
    },
    whenRoom: (go) => go(),
    ended() {},
  });
  return { clock, stream, results };
};

const quiet: Steps = {
  open: () => ({ opening: null, seq: 7 }),
  step: (seq) => ({ event: null, seq, more: false }),
  heartbeat: (seq) => ({ cursor: `c${seq}` }),
};

test('a stream that walks a long log without a match says so every 15 seconds, with how far it is', async () => {
  let walking = true;
  const { clock, stream, results } = follow({
    ...quiet,
    step: (seq) => ({ event: null, seq: seq + 1, more: walking }),
  });
  await clock.advance(HEARTBEAT_MS - 1);
  expect(results).toEqual([]);
  await clock.advance(1);
  await expect.poll(() => results.length).toBe(1);
  await clock.advance(HEARTBEAT_MS);
  await expect.poll(() => results.length).toBe(2);
  walking = false;
  stream.stop();
  // `execute` above hands the event on.
  const seqs = results.map(({ data }) => Number((data as { event: StreamEvent }).event.cursor.slice(1)));
  expect(seqs[0]).toBeGreaterThan(7);
  expect(seqs[1]).toBeGreaterThan(seqs[0] ?? 0);
});

const cursorOfEnd = (steps: Steps) => {
  const { stream, results } = follow(steps);
  stream.interrupt(new GraphQLError('over', { extensions: { code: 'TOKEN_EXPIRED' } }));
  return results.at(-1)?.errors?.[0]?.extensions;
};

test('a stream that ends before it said anything tells where it began', () => {
  expect(cursorOfEnd(quiet)).toEqual({ code: 'TOKEN_EXPIRED', cursor: 'c7' });
});

test('but for one whose snapshot was not heard, which can only begin anew', () => {
  const inSnapshot: Steps = { ...quiet, open: () => ({ opening: [{ cursor: 'inside' }], seq: 7 }) };
  const { stream, results } = follow(inSnapshot, () => new Promise(() => {}));
  stream.interrupt(new GraphQLError('over', { extensions: { code: 'TOKEN_EXPIRED' } }));
  expect(results).toHaveLength(1);
  expect(results[0]?.errors?.[0]?.extensions).toEqual({ code: 'TOKEN_EXPIRED' });
});

test('a place that cannot be told does not keep a stream from ending', () => {
  const broken: Steps = {
    ...quiet,
    heartbeat() {
      throw new Error('no mirror');
    },
  };
  expect(cursorOfEnd(broken)).toEqual({ code: 'TOKEN_EXPIRED' });
});
