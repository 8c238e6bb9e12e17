import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { judgeOrigin, type OriginSettings } from '../http/origin.ts';
import { openSocket, type SocketParts } from './connection.ts';

export type SocketServerParts = SocketParts & {
  origins: OriginSettings;
  messageLimitBytes: number;
  socketLimit: number;
  isDraining(): boolean;
  onOpened(): void;
  onClosed(code: number): void;
};

export type SocketServer = {
  attach(server: Server): void;
  count(): number;
  /** Sends every socket a close with 1001; streams had their word before. */
  closeAll(): void;
  terminateAll(): void;
};

const closeTimeoutMs = 10_000;

const refuse = (socket: Duplex, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

/** graphql-transport-ws on /graphql, beside HTTP on the same port. */
export const createSocketServer = (parts: SocketServerParts): SocketServer => {
  // No compression: its windows cost memory a socket, and the board's messages are small. `closeTimeout` is newer than
  // the types: a peer that reads nothing reads no close frame either, and what is queued for it is freed then.
  const options: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    maxPayload: parts.messageLimitBytes,
    perMessageDeflate: false,
    closeTimeout: closeTimeoutMs,
    handleProtocols: (protocols) => handleProtocols(protocols),
  };
  const sockets = new WebSocketServer(options);

  const accept = (socket: WebSocket, request: IncomingMessage): void => {
    parts.onOpened();
    socket.on('close', (code) => parts.onClosed(code));
    openSocket(socket, request, parts);
  };

  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    const path = (request.url ?? '').split('?')[0];
    if (path !== '/graphql') return refuse(stream, '404 Not Found');
    if (parts.isDraining()) return refuse(stream, '503 Service Unavailable');
    if (!judgeOrigin(request.headers, parts.origins).allowed) return refuse(stream, '403 Forbidden');
    if (sockets.clients.size >= parts.socketLimit) return refuse(stream, '503 Service Unavailable');
    sockets.handleUpgrade(request, stream, head, (socket) => accept(socket, request));
  };

  return {
    attach: (server) => void server.on('upgrade', upgrade),
    count: () => sockets.clients.size,
    closeAll() {
      for (const socket of sockets.clients) socket.close(1001, 'Going away');
    },
    terminateAll() {
      for (const socket of sockets.clients) socket.terminate();
    },
  };
};
