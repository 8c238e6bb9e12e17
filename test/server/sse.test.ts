import { createServer } from 'node:http';
import { type AddressInfo, createConnection } from 'node:net';
import { GraphQLError } from 'graphql';
import { expect, it, onTestFinished } from 'vitest';
import { createManualClock } from '../../src/clock/manualClock.ts';
import { sendEvents } from '../../src/server/http/sse.ts';
import type { ResultSink, ResultStream } from '../../src/server/pipeline/index.ts';
import { createPulse } from '../../src/server/pulse.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** More than the kernel takes for somebody who does not read. */
const text = 'x'.repeat(20_000_000);

/** An answer of `results` to somebody who reads its head and nothing more. */
const answerStalled = async (results: Parameters<typeof sendEvents>[2]) => {
  const clock = createManualClock(0);
  const pulse = createPulse(clock, 1_200, silent);
  let over = false;
  const server = createServer(async (_request, response) => {
    await sendEvents(response, {}, results, { pulse, stalledBeatLimit: 3 });
    over = true;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // It listens on TCP.
  const socket = createConnection((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
  return {
    clock,
    socket,
    isOver: () => over,
    connections: () =>
      new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count))),
  };
};

it('an answer that is not taken is cut after some beats, and not before', async () => {
  const { clock, isOver, connections } = await answerStalled({ data: { text } });
  await clock.advance(2_400);
  expect([isOver(), await connections()]).toEqual([false, 1]);
  await clock.advance(1_200);
  await expect.poll(connections).toBe(0);
  expect(isOver()).toBe(true);
});

it('so is a stream that has ended behind what is not taken', async () => {
  let followed: ResultSink | null = null;
  const stream: ResultStream = {
    follow(sink) {
      followed = sink;
      sink.take({ data: { text } });
    },
    interrupt(error) {
      followed?.take({ errors: [error] });
      followed?.ended();
    },
    stop() {},
  };
  const { clock, isOver, connections } = await answerStalled(stream);
  stream.interrupt(new GraphQLError('too slow'));
  await clock.advance(3_600);
  await expect.poll(connections).toBe(0);
  expect(isOver()).toBe(true);
});

it('who takes it, slowly, gets all of it', async () => {
  const { clock, socket, isOver } = await answerStalled({ data: { text } });
  let bytes = 0;
  let end = '';
  socket.on('data', (chunk) => {
    bytes += chunk.length;
    end = String(chunk).slice(-40);
  });
  await clock.advance(2_400);
  socket.resume();
  await expect.poll(isOver).toBe(true);
  await clock.advance(12_000);
  await expect.poll(() => end).toContain('event: complete');
  expect(bytes).toBeGreaterThan(text.length - 100_000);
});
