import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { type FloorOptions, followFloor, type Interruption } from '../../src/client/index.ts';
import { createManualTiming } from './support/manualTiming.ts';
import { batch, failure, startRawServer } from './support/rawServer.ts';

const follow = (options: FloorOptions) => {
  const floor = followFloor({ retry: { minMs: 5, maxMs: 10 }, ...options });
  onTestFinished(async () => void (await floor.return()));
  const next = async () => {
    const { value } = await floor.next();
    if (!value) throw new Error('the floor ended');
    return { ...value, agents: [...value.statuses.keys()] };
  };
  return { floor, next };
};

test('a close with 1000 in mid-stream is resumed from the last cursor, not from the first', async () => {
  const { url, streams } = await startRawServer({
    onStream(stream, nth) {
      if (nth > 1) return stream.next(batch('LIVE', 'c2', 'bob'));
      stream.next(batch('SNAPSHOT_END', 'c1', 'ann'));
      stream.close(1000);
    },
  });
  const { next } = follow({ url });
  let agents: string[] = [];
  while (agents.length < 2) ({ agents } = await next());
  expect(agents).toEqual(['ann', 'bob']);
  expect(streams.map(({ variables }) => variables.after)).toEqual([null, 'c1']);
});

test('a stream that goes on after an error is not listened to beside its successor', async () => {
  const { url, streams } = await startRawServer({
    onStream(stream, nth) {
      if (nth > 1) return stream.next(batch('LIVE', 'c2', 'bob'));
      stream.next(batch('SNAPSHOT_END', 'c1', 'ann'));
      stream.next(failure('INTERNAL_SERVER_ERROR'));
      stream.next(batch('LIVE', 'old', 'ghost'));
    },
  });
  const { next } = follow({ url });
  let view = await next();
  while (view.cursor !== 'c2') view = await next();
  expect(view.agents).toEqual(['ann', 'bob']);
  expect(streams[1]?.variables.after).toBe('c1');
});

test('data with errors beside it has holes, and is asked for again', async () => {
  const { url, streams } = await startRawServer({
    onStream(stream, nth) {
      stream.next({
        ...batch('SNAPSHOT_END', `c${nth}`, 'ann'),
        ...(nth === 1 ? { errors: failure('INTERNAL_SERVER_ERROR').errors } : {}),
      });
    },
  });
  expect((await follow({ url }).next()).cursor).toBe('c2');
  expect(streams[1]?.variables).toMatchObject({ after: null, snapshot: true });
});

test.each([
  [4401, '', 'UNAUTHENTICATED'],
  [4401, 'TOKEN_EXPIRED: The token is past its time.', 'TOKEN_EXPIRED'],
  [4403, 'Token expired', 'TOKEN_EXPIRED'],
  [4403, 'FORBIDDEN: These credentials open another tenant.', 'FORBIDDEN'],
  [4403, 'BAD_USER_INPUT: Several tenants are served here.', 'BAD_USER_INPUT'],
  [4400, '', 'BAD_REQUEST'],
  [1009, '', 'MESSAGE_TOO_BIG'],
])('a close with %i "%s" is a refusal, %s, and not tried again', async (closeCode, reason, code) => {
  const server = await startRawServer({ onInit: (socket) => socket.close(closeCode, reason) });
  const { floor } = follow({ url: server.url });
  await expect(floor.next()).rejects.toMatchObject({ name: 'StreamRefusedError', code });
  expect(await floor.next()).toEqual({ done: true, value: undefined });
  expect(server.connections()).toBe(1);
});

test.each([1001, 1011, 1012, 1013, 4408, 4500])('a close with %i is tried again', async (code) => {
  const server = await startRawServer({
    onStream(stream, nth) {
      if (nth > 1) stream.next(batch('SNAPSHOT_END', 'c1', 'ann'));
      else stream.close(code);
    },
  });
  expect((await follow({ url: server.url }).next()).cursor).toBe('c1');
});

test('a token that ran out is asked for anew, and a token that is then refused ends the loop', async () => {
  const tokens = ['first', 'second', 'third'];
  const { url, streams } = await startRawServer({
    onStream(stream, nth) {
      if (nth < 3) stream.next(batch(nth === 1 ? 'SNAPSHOT_END' : 'LIVE', `c${nth}`, `agent${nth}`));
      stream.next(failure('TOKEN_EXPIRED'));
    },
  });
  const { next } = follow({
    url,
    connectionParams: async () => ({ authorization: tokens.shift() ?? 'none' }),
  });
  await expect(
    (async () => {
      for (;;) await next();
    })(),
  ).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' });
  expect(streams.map(({ credentials, variables }) => [credentials, variables.after])).toEqual([
    [{ authorization: 'first' }, null],
    [{ authorization: 'second' }, 'c1'],
    [{ authorization: 'third' }, 'c2'],
  ]);
});

test('a token that cannot be renewed ends the loop when it runs out, after what was heard until then', async () => {
  const { url, streams } = await startRawServer({
    onStream(stream) {
      stream.next(batch('SNAPSHOT_END', 'c1', 'ann'));
      stream.next(failure('TOKEN_EXPIRED'));
    },
  });
  const { floor, next } = follow({ url, connectionParams: { authorization: 'only' } });
  expect((await next()).agents).toEqual(['ann']);
  const rest = async () => {
    for (;;) if ((await floor.next()).done) return;
  };
  await expect(rest()).rejects.toMatchObject({ name: 'StreamRefusedError', code: 'TOKEN_EXPIRED' });
  expect(streams.length).toBe(1);
});

test('who leaves the loop is not told of a refusal that came meanwhile', async () => {
  const { url } = await startRawServer({
    onStream(stream) {
      stream.next(batch('SNAPSHOT_END', 'c1', 'ann'));
      stream.next(failure('FORBIDDEN'));
    },
  });
  const interruptions: unknown[] = [];
  for await (const { connected } of followFloor({ url })) {
    interruptions.push(connected);
    if (!connected) break;
  }
  expect(interruptions.at(-1)).toBe(false);
});

test('waits twice as long with each attempt that came to nothing, half of it by chance, up to the limit', async () => {
  const timing = createManualTiming();
  const { url, connections } = await startRawServer({
    onInit: (socket) => socket.close(1013, 'NOT_READY: later'),
  });
  const heard: Interruption[] = [];
  const { floor } = follow({
    url,
    timing,
    retry: { minMs: 100, maxMs: 1_000 },
    onInterrupted: (one) => heard.push(one),
  });
  floor.next().catch(() => {});
  for (const waitMs of [50, 100, 200, 400, 500, 500]) {
    await expect.poll(() => timing.waiting()).toContain(waitMs);
    timing.elapse(waitMs);
  }
  expect(connections()).toBeGreaterThanOrEqual(6);
  expect(heard.slice(0, 2)).toEqual([
    { code: 'CLOSED_1013', message: 'NOT_READY: later', failures: 1, waitMs: 50 },
    { code: 'CLOSED_1013', message: 'NOT_READY: later', failures: 2, waitMs: 100 },
  ]);
});

test('snapshots that are never whole are no progress: the waits grow', async () => {
  const failures: number[] = [];
  const { url } = await startRawServer({
    onStream(stream) {
      stream.next(batch('SNAPSHOT', 's', 'ann'));
      stream.complete();
    },
  });
  follow({ url, onInterrupted: (one) => failures.push(one.failures) })
    .floor.next()
    .catch(() => {});
  await expect.poll(() => failures.length).toBeGreaterThan(2);
  expect(failures.slice(0, 3)).toEqual([1, 2, 3]);
});

test('after progress the waits begin anew', async () => {
  const failures: number[] = [];
  const { url } = await startRawServer({
    onStream(stream, nth) {
      stream.next(batch(nth === 1 ? 'SNAPSHOT_END' : 'HEARTBEAT', `c${nth}`));
      stream.complete();
    },
  });
  follow({ url, onInterrupted: (one) => failures.push(one.failures) })
    .floor.next()
    .catch(() => {});
  await expect.poll(() => failures.length).toBeGreaterThan(2);
  expect(failures.slice(0, 3)).toEqual([1, 1, 1]);
});

test('an abort ends the wait for the next attempt', async () => {
  const timing = createManualTiming();
  const stop = new AbortController();
  const { url } = await startRawServer({ onInit: (socket) => socket.close(1013) });
  const { floor } = follow({
    url,
    timing,
    retry: { minMs: 3_600_000, maxMs: 3_600_000 },
    signal: stop.signal,
  });
  const ended = floor.next();
  await expect.poll(() => timing.waiting()).toContain(1_800_000);
  stop.abort();
  expect(await ended).toEqual({ done: true, value: undefined });
  expect(timing.waiting()).toEqual([]);
});

test.each([
  ['the platform', undefined],
  ['ws', WebSocket],
])('an abort ends an attempt that a host never answers, over the socket of %s', async (_, webSocketImpl) => {
  const unheard: unknown[] = [];
  const hear = (error: unknown) => unheard.push(error);
  process.on('uncaughtExceptionMonitor', hear);
  onTestFinished(() => void process.off('uncaughtExceptionMonitor', hear));
  const host = createServer(() => {}).listen(0, '127.0.0.1');
  await expect.poll(() => host.listening).toBe(true);
  onTestFinished(() => void host.close());
  const sockets: Socket[] = [];
  host.on('connection', (socket) => {
    sockets.push(socket.on('error', () => {}).resume());
    onTestFinished(() => void socket.destroy());
  });
  const address = host.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  const stop = new AbortController();
  const { floor } = follow({
    url: `ws://127.0.0.1:${address.port}/graphql`,
    signal: stop.signal,
    ...(webSocketImpl && { webSocketImpl }),
  });
  const ended = floor.next();
  await expect.poll(() => sockets.length).toBe(1);
  stop.abort();
  expect(await ended).toEqual({ done: true, value: undefined });
  await expect.poll(() => sockets[0]?.readableEnded || sockets[0]?.destroyed).toBe(true);
  expect(unheard).toEqual([]);
});

test('an abort before the start connects to nobody', async () => {
  const server = await startRawServer({});
  const { floor } = follow({ url: server.url, signal: AbortSignal.abort() });
  expect(await floor.next()).toEqual({ done: true, value: undefined });
  expect(server.connections()).toBe(0);
});

test('a board whose freshThrough stands still is stale, by its own movement and not by the clock', async () => {
  const timing = createManualTiming();
  const { url, streams } = await startRawServer({});
  const { next } = follow({ url, timing, staleMs: 60_000 });
  const tell = (cursor: string, freshThrough: string, health = 'OK') => {
    const { stateChanges } = batch(cursor === 'c1' ? 'SNAPSHOT_END' : 'HEARTBEAT', cursor).data;
    streams[0]?.next({ data: { stateChanges: { ...stateChanges, freshThrough, health } } });
  };
  const first = next();
  await expect.poll(() => streams.length).toBe(1);
  tell('c1', '2001-01-01T00:00:00.000Z');
  expect(await first).toMatchObject({ stale: false });
  timing.elapse(60_000);
  expect(await next()).toMatchObject({ stale: true, phase: 'HEARTBEAT', cursor: 'c1' });
  tell('c2', '2001-01-01T00:00:00.000Z');
  expect(await next()).toMatchObject({ stale: true, cursor: 'c2' });
  tell('c3', '2001-01-01T00:00:05.000Z');
  expect(await next()).toMatchObject({ stale: false, cursor: 'c3' });
  tell('c4', '2001-01-01T00:00:10.000Z', 'UNREACHABLE');
  expect(await next()).toMatchObject({ stale: true, health: 'UNREACHABLE' });
});

test('a board that is cut off says so, keeps what it shows, and says when it is connected again', async () => {
  const timing = createManualTiming();
  const { url, streams } = await startRawServer({
    onStream(stream, nth) {
      if (nth === 1) stream.next(batch('SNAPSHOT_END', 'c1', 'ann'));
    },
  });
  const { next } = follow({ url, timing, retry: { minMs: 100, maxMs: 100 } });
  expect(await next()).toMatchObject({ connected: true, phase: 'SNAPSHOT_END' });
  streams[0]?.close(1001);
  expect(await next()).toMatchObject({ connected: false, phase: 'HEARTBEAT', agents: ['ann'] });
  timing.elapse(50);
  expect(await next()).toMatchObject({ connected: true, phase: 'HEARTBEAT', agents: ['ann'] });
});

test('an address that cannot be one is refused at once; http is taken for ws', async () => {
  expect(() => followFloor({ url: '/graphql' })).toThrow(TypeError);
  expect(() => followFloor({ url: 'ftp://127.0.0.1/graphql' })).toThrow('no address of a WebSocket');
  const { url } = await startRawServer({ onStream: (stream) => stream.next(batch('SNAPSHOT_END', 'c1')) });
  expect((await follow({ url: new URL(`${url.replace('ws:', 'http:')}#top`) }).next()).cursor).toBe('c1');
});
