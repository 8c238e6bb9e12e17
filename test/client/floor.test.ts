import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { type FloorOptions, followFloor, StreamRefusedError } from '../../src/client/index.ts';
import { startServer, type TestOptions } from '../server/support/startServer.ts';
import { createScriptedFloor } from './support/scriptedFloor.ts';

const begin = async (options: Partial<FloorOptions> = {}, server: TestOptions = {}) => {
  const script = createScriptedFloor();
  const { url, drain } = await startServer({ schema: script.schema, ...server });
  const sockets: WebSocket[] = [];
  const received: string[] = [];
  class KnownSocket extends WebSocket {
    constructor(...parts: ConstructorParameters<typeof WebSocket>) {
      super(...parts);
      sockets.push(this);
      this.on('message', (data) => received.push(String(data)));
    }
  }
  const stop = new AbortController();
  const floor = followFloor({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: KnownSocket,
    retry: { minMs: 10, maxMs: 50 },
    signal: stop.signal,
    ...options,
  });
  onTestFinished(async () => {
    stop.abort();
    await floor.return();
  });
  const asked = (count: number) => expect.poll(() => script.asked.length).toBe(count);
  let cursor: string | null = null;
  /** The next view of something new from the server, as who is in which state. */
  const next = async () => {
    for (;;) {
      const { value: view } = await floor.next();
      if (!view) throw new Error('the floor ended');
      if (view.cursor === cursor) continue;
      cursor = view.cursor;
      const states = Object.fromEntries([...view.statuses].map(([id, { state }]) => [id, state]));
      return { ...view, states };
    }
  };
  return { script, floor, stop, sockets, received, asked, next, drain };
};

const entered = (agentId: string, state: string) => ({ kind: 'ENTERED', agentId, state });

/** A floor with Ann idle and Bob busy on the board. */
const beginWithBoard = async (options: Partial<FloorOptions> = {}) => {
  const parts = await begin(options);
  const first = parts.next();
  await parts.asked(1);
  parts.script.push(
    { phase: 'SNAPSHOT', cursor: 's1', changes: [entered('ann', 'IDLE')] },
    { phase: 'SNAPSHOT_END', cursor: 'c1', changes: [entered('bob', 'BUSY')] },
  );
  expect(await first).toMatchObject({ phase: 'SNAPSHOT_END', states: { ann: 'IDLE', bob: 'BUSY' } });
  return parts;
};

test('a snapshot is shown once it is whole, then every change; who leaves is gone', async () => {
  const { script, next } = await beginWithBoard({ filter: { inferred: false } });
  expect(script.asked).toEqual([{ after: null, snapshot: true, filter: { inferred: false } }]);
  script.push({
    phase: 'LIVE',
    cursor: 'c2',
    changes: [
      { kind: 'LEFT', agentId: 'ann' },
      { kind: 'CHANGED', agentId: 'bob', state: 'AWAY' },
    ],
  });
  const view = await next();
  expect(view).toMatchObject({ phase: 'LIVE', cursor: 'c2', states: { bob: 'AWAY' } });
  expect(view.changes.map(({ kind, agentId }) => `${kind} ${agentId}`)).toEqual(['LEFT ann', 'CHANGED bob']);
  script.push({ phase: 'HEARTBEAT', cursor: 'c3' });
  expect(await next()).toMatchObject({ phase: 'HEARTBEAT', cursor: 'c3', changes: [] });
});

test('a connection that breaks is made again, from the last cursor', async () => {
  const { script, sockets, asked, next } = await beginWithBoard();
  script.push({ phase: 'LIVE', cursor: 'c2', changes: [{ kind: 'LEFT', agentId: 'ann' }] });
  await next();
  const after = next();
  sockets.at(-1)!.terminate();
  await asked(2);
  expect(script.asked.at(-1)).toMatchObject({ after: 'c2', snapshot: false });
  script.push({ phase: 'LIVE', cursor: 'c3', changes: [entered('cid', 'IDLE')] });
  expect((await after).states).toEqual({ bob: 'BUSY', cid: 'IDLE' });
});

test('a snapshot that is cut in the middle is asked for again, and what came of it is not shown', async () => {
  const { script, sockets, received, asked, next } = await begin();
  const view = next();
  await asked(1);
  script.push({ phase: 'SNAPSHOT', cursor: 's1', changes: [entered('ghost', 'IDLE')] });
  await expect.poll(() => received.at(-1)).toContain('ghost');
  sockets.at(-1)!.terminate();
  await asked(2);
  expect(script.asked.at(-1)).toMatchObject({ after: null, snapshot: true });
  script.push({ phase: 'SNAPSHOT_END', cursor: 'c1', changes: [entered('ann', 'IDLE')] });
  expect((await view).states).toEqual({ ann: 'IDLE' });
});

test('a cursor that expired leads to a new snapshot, which replaces the board as a whole', async () => {
  const { script, asked, next } = await beginWithBoard();
  const view = next();
  script.end('STREAM_CURSOR_EXPIRED');
  await asked(2);
  expect(script.asked.at(-1)).toMatchObject({ after: null, snapshot: true });
  script.push({ phase: 'SNAPSHOT_END', cursor: 'c9', changes: [entered('cid', 'AWAY')] });
  expect(await view).toMatchObject({ phase: 'SNAPSHOT_END', changes: [], states: { cid: 'AWAY' } });
});

test.each(['SERVER_DRAINING', 'CONSUMER_TOO_SLOW', 'INTERNAL_SERVER_ERROR', 'NOT_READY'])(
  'a stream that ends with %s is resumed',
  async (code) => {
    const { script, asked, next } = await beginWithBoard();
    const view = next();
    script.end(code);
    await asked(2);
    expect(script.asked.at(-1)).toMatchObject({ after: 'c1', snapshot: false });
    script.push({ phase: 'LIVE', cursor: 'c2', changes: [{ kind: 'LEFT', agentId: 'ann' }] });
    expect((await view).states).toEqual({ bob: 'BUSY' });
  },
);

test('a filter that is refused ends the loop with its code', async () => {
  const { script, floor, asked } = await begin();
  const ending = floor.next();
  const refusal = expect(ending).rejects.toSatisfy(
    (error) => error instanceof StreamRefusedError && error.code === 'BAD_USER_INPUT',
  );
  await asked(1);
  script.end('BAD_USER_INPUT');
  await refusal;
  expect(script.asked.length).toBe(1);
});

test('a selection that the schema does not have is refused, not tried for ever', async () => {
  const { floor } = await begin({ fields: 'shoeSize' });
  await expect(floor.next()).rejects.toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
});

test('who reads slowly gets one view with all that has changed since', async () => {
  const { script, received, next } = await beginWithBoard();
  for (let n = 2; n < 200; n++) {
    script.push({
      phase: 'LIVE',
      cursor: `c${n}`,
      changes: [
        { kind: 'CHANGED', agentId: 'bob', state: n % 2 ? 'AWAY' : 'BUSY' },
        entered(`guest${n}`, 'IDLE'),
        { kind: 'LEFT', agentId: `guest${n}` },
      ],
    });
  }
  script.push({ phase: 'LIVE', cursor: 'last', changes: [{ kind: 'LEFT', agentId: 'ann' }] });
  await expect.poll(() => received.at(-1)).toContain('"last"');
  const view = await next();
  expect(view).toMatchObject({ cursor: 'last', phase: 'LIVE', states: { bob: 'AWAY' } });
  expect(view.changes.map(({ kind, agentId }) => `${kind} ${agentId}`)).toEqual(['CHANGED bob', 'LEFT ann']);
});

test('a view that was handed out never changes', async () => {
  const { script, next } = await beginWithBoard();
  script.push({ phase: 'LIVE', cursor: 'c2', changes: [entered('cid', 'IDLE')] });
  const { statuses } = await next();
  script.push({ phase: 'LIVE', cursor: 'c3', changes: [{ kind: 'LEFT', agentId: 'cid' }] });
  await next();
  expect([...statuses.keys()]).toEqual(['ann', 'bob', 'cid']);
});

test('a connection on which nothing is said any more is given up', async () => {
  const { script, asked } = await beginWithBoard({ silenceMs: 200 });
  await asked(2);
  expect(script.asked.at(-1)).toMatchObject({ after: 'c1' });
});

test('an abort ends the loop and closes the socket', async () => {
  const { floor, stop, sockets } = await beginWithBoard();
  const ending = floor.next();
  stop.abort();
  expect(await ending).toEqual({ done: true, value: undefined });
  await expect.poll(() => sockets.at(-1)!.readyState).toBe(WebSocket.CLOSED);
});

test('leaving the loop closes the socket', async () => {
  const { floor, sockets } = await beginWithBoard();
  await floor.return();
  await expect.poll(() => sockets.at(-1)!.readyState).toBe(WebSocket.CLOSED);
});

test('leaving the loop while a view is waited for ends both', async () => {
  const { floor } = await beginWithBoard();
  const waited = floor.next();
  await floor.return();
  expect(await waited).toEqual({ done: true, value: undefined });
});

test('a server that drains is left, and looked for until it is back', async () => {
  const { drain, floor, sockets } = await beginWithBoard();
  const cut = floor.next();
  await drain();
  expect((await cut).value).toMatchObject({ connected: false, cursor: 'c1' });
  await expect.poll(() => sockets.length).toBeGreaterThan(3);
});
