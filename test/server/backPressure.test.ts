import { describe, expect, it } from 'vitest';
import { openSocket, type SocketClient, sendTogether } from './support/socketClient.ts';
import { startServer } from './support/startServer.ts';
import { createSteppedSchema } from './support/steppedSchema.ts';
import { createTextSchema } from './support/textSchema.ts';

/** Resolves with what `read` tells once it has told the same for half a second. */
const settled = async (read: () => number): Promise<number> => {
  let before = Number.NaN;
  await expect
    .poll(
      () => {
        const now = read();
        const still = now === before;
        before = now;
        return still;
      },
      { interval: 500, timeout: 20_000 },
    )
    .toBe(true);
  return before;
};

const MB = 1_000_000;

describe('a socket that asks and does not read', () => {
  const floodWithPings = (client: SocketClient, count: number) => {
    client.socket.pause();
    const payload = { text: 'x'.repeat(0.1 * MB) };
    for (let n = 0; n < count; n += 1) client.send({ type: 'ping', payload });
  };

  it('is not read any more: its pings, also before init, stay with it', async () => {
    const { url } = await startServer({ settings: { initTimeoutMs: 30_000 } });
    const client = await openSocket(url);
    floodWithPings(client, 500);
    // The kernel holds some megabytes for both directions.
    expect(await settled(() => client.socket.bufferedAmount)).toBeGreaterThan(25 * MB);
    client.socket.resume();
    await expect.poll(() => client.messages.length, { timeout: 20_000 }).toBe(500);
    await client.init();
  });

  it('has its queries run as it takes the answers, also those that came in one burst', async () => {
    let asked = 0;
    const schema = createTextSchema(() => {
      asked += 1;
    });
    const { url } = await startServer({ schema });
    const client = await openSocket(url);
    await client.init();
    client.socket.pause();
    sendTogether(client, () => {
      for (let n = 0; n < 200; n += 1) client.subscribe(String(n), `{ text(bytes: ${MB}) }`);
    });
    expect(await settled(() => asked)).toBeLessThan(50);
    client.socket.resume();
    const answers = () => client.messages.filter(({ type }) => type === 'complete').map(({ id }) => id);
    await expect.poll(() => answers().length, { timeout: 20_000 }).toBe(200);
    expect(answers()).toEqual(Array.from({ length: 200 }, (_, n) => String(n)));
  });

  it('is given up when it never reads', async () => {
    const server = await startServer({
      settings: { keepAliveMs: 50, slowConsumerMs: 200, initTimeoutMs: 30_000 },
    });
    const client = await openSocket(server.url);
    floodWithPings(client, 500);
    const sockets = async () => /rta_active_sockets (\d+)/.exec(await server.registry.metrics())?.[1];
    const closed = async () =>
      /rta_sockets_closed_total\{.*\} (\d+)/.exec(await server.registry.metrics())?.[1];
    await expect.poll(sockets).toBe('1');
    // Told first, and cut ten seconds later.
    await expect.poll(closed, { timeout: 30_000 }).toBe('1');
    await expect.poll(sockets).toBe('0');
  });
});

describe('streams of one socket that queue more than it may hold', () => {
  it('end with CONSUMER_TOO_SLOW at once, however patient the server is', async () => {
    const { schema, log } = createSteppedSchema();
    const server = await startServer({
      schema,
      settings: { bufferLimitBytes: 0.5 * MB, keepAliveMs: 600_000, slowConsumerMs: 600_000 },
    });
    const client = await openSocket(server.url);
    await client.init();
    const ids = Array.from({ length: 10 }, (_, n) => String(n));
    for (const id of ids) client.subscribe(id, 'subscription { texts { text } }');
    const active = async () => /rta_active_streams\{.*\} (\d+)/.exec(await server.registry.metrics())?.[1];
    await expect.poll(active).toBe('10');
    client.socket.pause();
    // More than the kernel takes: each may put one result too many, and together they are over the limit.
    log.push('x'.repeat(MB));
    server.ring();
    await expect.poll(active, { timeout: 20_000 }).toBe('0');
    client.socket.resume();
    expect((await client.closed).code).toBe(1013);
    for (const id of ids) {
      const [heard, ...more] = client.resultsOf(id);
      expect(heard?.data).toBeTruthy();
      expect(more).toEqual([
        { errors: [expect.objectContaining({ extensions: { code: 'CONSUMER_TOO_SLOW', cursor: 'c1' } })] },
      ]);
    }
  });
});
