import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock/systemClock.ts';
import type { Authenticator } from '../../src/server/auth/authenticate.ts';
import type { Pipeline } from '../../src/server/pipeline/index.ts';
import { createPulse } from '../../src/server/pulse.ts';
import { defaultServerSettings } from '../../src/server/settings.ts';
import { createSocketServer } from '../../src/server/socket/socketServer.ts';
import { openSocket } from './support/socketClient.ts';
import { startServer } from './support/startServer.ts';

/** A socket server whose authenticator fails as long as `broken.now`, and what it logged. */
const startBroken = async () => {
  const logged: { details: object; message: string }[] = [];
  const note = (details: object, message: string) => void logged.push({ details, message });
  const log = { debug: note, info: note, warn: note, error: note };
  const broken = { now: true };
  const authenticator: Authenticator = {
    async admit() {
      if (broken.now) throw new Error('the secret path of the key store');
      // Its sockets only ever say hello, so the tenant is never looked at.
      return { ok: true, viewer: { kind: 'OPEN' }, tenant: null as never };
    },
    admitOperator: () => ({ ok: true }),
  };
  const sockets = createSocketServer({
    ...defaultServerSettings,
    // Nobody gets as far as an operation.
    pipeline: null as unknown as Pipeline,
    authenticator,
    clock: systemClock,
    pulse: createPulse(systemClock, 12_000, log),
    unansweredPingLimit: 3,
    newRequestId: () => 'request',
    log,
    origins: { allowedOrigins: [], openOnLoopback: true },
    isDraining: () => false,
    onOpened() {},
    onClosed() {},
  });
  const server = createServer();
  sockets.attach(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    sockets.terminateAll();
    server.close();
  });
  // It listens on TCP.
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, broken, logged };
};

describe('a fault of the server', () => {
  it('in a socket closes it with 4500, is logged, and tells the client nothing of itself', async () => {
    const { url, broken, logged } = await startBroken();
    const client = await openSocket(url);
    client.send({ type: 'connection_init' });
    const { code, reason } = await client.closed;
    expect(code).toBe(4500);
    expect(reason).toBe('Internal server error');
    expect(client.messages).toEqual([]);
    expect(logged.map(({ details }) => String((details as { err: unknown }).err))).toContain(
      'Error: the secret path of the key store',
    );
    broken.now = false;
    await (await openSocket(url)).init();
  });

  it('in one operation ends that with INTERNAL_SERVER_ERROR; its socket and its neighbours live on', async () => {
    const { url, ring } = await startServer();
    const client = await openSocket(url);
    await client.init();
    client.subscribe('neighbour', 'subscription { ticks(count: 0) { n } }');
    client.subscribe('stream', 'subscription { failing { n cursor } }');
    client.subscribe('query', '{ boom }');
    for (const id of ['stream', 'query'])
      await client.next((message) => message.id === id && message.type === 'complete');
    for (const id of ['stream', 'query']) {
      const error = client.resultsOf(id).at(-1)?.errors?.[0];
      expect(error?.extensions?.['code']).toBe('INTERNAL_SERVER_ERROR');
      expect(JSON.stringify(error)).not.toContain('secret');
    }
    expect(client.resultsOf('stream').at(-1)?.errors?.[0]?.extensions?.['cursor']).toBe('c1');
    ring();
    await client.next((message) => message.id === 'neighbour' && message.type === 'complete');
    client.subscribe('next', '{ hello }');
    await client.next((message) => message.id === 'next' && message.type === 'next');
  });
});
