import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';

/** One subscription, answered by hand. */
export type RawStream = {
  variables: { after: string | null; snapshot: boolean };
  /** The payload of connection_init. */
  credentials: unknown;
  next(payload: object): void;
  complete(): void;
  close(code: number, reason?: string): void;
};

export type RawServer = { url: string; streams: RawStream[]; connections(): number };

type Options = {
  /** What is done with connection_init instead of acknowledging it. */
  onInit?: (socket: WebSocket) => void;
  onStream?: (stream: RawStream, nth: number) => void;
};

/** A peer of graphql-transport-ws that does what no server should. */
export const startRawServer = async ({ onInit, onStream }: Options): Promise<RawServer> => {
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    handleProtocols: ([first]) => first ?? false,
  });
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  const streams: RawStream[] = [];
  let connections = 0;
  server.on('connection', (socket) => {
    connections += 1;
    let credentials: unknown = null;
    const send = (message: object) => socket.send(JSON.stringify(message));
    socket.on('message', (data) => {
      const { type, id, payload } = JSON.parse(String(data));
      if (type === 'connection_init') {
        credentials = payload;
        if (onInit) onInit(socket);
        else send({ type: 'connection_ack' });
      }
      if (type !== 'subscribe') return;
      const stream: RawStream = {
        variables: payload.variables,
        credentials,
        next: (result) => send({ id, type: 'next', payload: result }),
        complete: () => send({ id, type: 'complete' }),
        close: (code, reason) => socket.close(code, reason),
      };
      streams.push(stream);
      onStream?.(stream, streams.length);
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return { url: `ws://127.0.0.1:${address.port}/graphql`, streams, connections: () => connections };
};

/** A result with agents who enter, as the server sends it. */
export const batch = (phase: string, cursor: string, ...agentIds: string[]) => ({
  data: {
    stateChanges: {
      phase,
      cursor,
      freshThrough: null,
      completeThrough: null,
      health: 'OK',
      changes: agentIds.map((agentId) => ({
        kind: 'ENTERED',
        agent: { agentId },
        after: { agent: { agentId, name: agentId } },
      })),
    },
  },
});

export const failure = (code: string) => ({
  data: null,
  errors: [{ message: `ended: ${code}`, extensions: { code } }],
});
