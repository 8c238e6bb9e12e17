/** The yardstick: `ws` alone, sending texts that were made before to everybody. */
import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Piece, ServerOrder, ServerReply } from './messages.ts';
import { readMemory } from './readMemory.ts';

const say = (reply: ServerReply) => process.send?.(reply);

const http = createServer();
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const everybody: WebSocket[] = [];
http.on('upgrade', (request, stream, head) =>
  sockets.handleUpgrade(request, stream, head, (socket) => {
    const client = Number(new URL(request.url ?? '', 'http://local').searchParams.get('client'));
    everybody[client] = socket;
    socket.on('error', () => {});
    socket.on('close', () => delete everybody[client]);
  }),
);

let groups = 1;
let script: (Omit<Piece, 'text'> & { text: Buffer })[][] = [];
const send = (commit: number) => {
  for (const { group, text } of script[commit % script.length] ?? []) {
    for (let client = group; client < everybody.length; client += groups) {
      everybody[client]?.send(text, { binary: false });
    }
  }
};

process.on('message', (order: ServerOrder) => {
  if (order.kind === 'SEND') send(order.commit);
  if (order.kind === 'MEMORY') say({ kind: 'MEMORY', memory: readMemory() });
  if (order.kind === 'SCRIPT') {
    groups = order.groups;
    script = order.commits.map((pieces) =>
      pieces.map(({ group, text }) => ({ group, text: Buffer.from(text) })),
    );
  }
});
process.on('disconnect', () => process.exit());
http.listen(0, '127.0.0.1', 4_096, () => {
  const address = http.address();
  if (typeof address === 'object' && address) say({ kind: 'LISTENING', port: address.port });
});
