import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import { systemClock } from '../../src/clock/systemClock.ts';
import { createUpstream, type UpstreamOptions } from '../../src/upstream/index.ts';

export const TENANT = '6d094710-809d-11e7-8d9a-7df6d5a8b1f0';
export const USERNAME = 'rta-reader';
/** Must turn up in no message, neither like this nor in the header's encoding. */
export const CANARY = 'canary-Pässword-7f3a';
export const WINDOW = { fromMs: Date.UTC(2026, 10, 23, 10), toMs: Date.UTC(2026, 10, 23, 10, 10) };

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

export type FaultServer = { baseUrl: string; port: number; requests: IncomingMessage[] };

/** Answers real HTTP as told; closes by itself after the test. */
export const serve = async (answer: RequestListener): Promise<FaultServer> => {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { ...addressOf(server.address()), requests };
};

/** Answers each request with bytes of our own, so that they may break any rule of HTTP. */
export const serveBytes = async (
  answer: (socket: Socket) => void,
): Promise<Omit<FaultServer, 'requests'>> => {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  return addressOf(server.address());
};

const addressOf = (address: AddressInfo | string | null) => {
  // A TCP server that listens has an AddressInfo.
  const { port } = address as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, port };
};

export const upstreamAt = (baseUrl: string, options: Partial<UpstreamOptions> = {}) =>
  createUpstream({
    baseUrl,
    tenantId: TENANT,
    username: USERNAME,
    password: CANARY,
    clock: systemClock,
    requestTimeoutMs: 5_000,
    ...options,
  });

export const read = (baseUrl: string, options: Partial<UpstreamOptions> = {}) =>
  upstreamAt(baseUrl, options).readWindow(WINDOW, new AbortController().signal);

/** The n-th row of a window: the vendor's sample with an id of its own. */
export const row = (n: number, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  eventId: `${(0x0980a230 + n).toString(16).padStart(8, '0')}-aabf-11e7-8aba-0fc9cd50d3ff`,
  agentId: 'b6828f70-a38f-11e7-bbe9-0fc9cd50d3ff',
  start: '2017-10-06T17:51:53.300Z',
  ...more,
});

export const rows = (count: number, from = 0): Record<string, unknown>[] =>
  Array.from({ length: count }, (_, i) => row(from + i));

export const envelope = (results: unknown, more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    tenantId: TENANT,
    timezone: 'UTC',
    page: '0',
    total: Array.isArray(results) ? results.length : undefined,
    results,
    ...more,
  });

export const answering =
  (status: number, headers: Record<string, string>, body: string | Buffer = ''): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };

export const JSON_HEADERS = { 'content-type': 'application/json' };
