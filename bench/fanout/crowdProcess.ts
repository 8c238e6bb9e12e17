/**
 * Many clients in one process, reading cheaply: sockets without a WebSocket library, no JSON, of each frame only the
 * cursor that stands at its beginning.
 */
import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { machineMs } from './machine.ts';
import type { Captured, CrowdOrder, CrowdReply } from './messages.ts';
import { clientFrame, createFrameReader, textFrame } from './wire.ts';

const say = (reply: CrowdReply) => process.send?.(reply);

let clients: Socket[] = [];
let closing = false;
let lost = 0;
let capture = 0;

const MAX_DELIVERIES = 4_000_000;
const whose = new Uint32Array(MAX_DELIVERIES);
const which = new Uint32Array(MAX_DELIVERIES);
const when = new Float64Array(MAX_DELIVERIES);
let deliveries = 0;
let bytes = 0;
let cursorTexts: string[] = [];
let cursorNumbers = new Map<string, number>();
let captured: Captured[] = [];

const reset = () => {
  deliveries = 0;
  bytes = 0;
  cursorTexts = [];
  cursorNumbers = new Map();
  captured = [];
};

const MARK = '"cursor":"';
const LOOK = 256;

const take = (client: number, start: Buffer, length: number) => {
  const text = start.toString('latin1', 0, Math.min(LOOK, start.length));
  const from = text.indexOf(MARK);
  if (from < 0) throw new Error(`a message without a cursor at its beginning: ${text}`);
  const cursor = text.slice(from + MARK.length, text.indexOf('"', from + MARK.length));
  let number = cursorNumbers.get(cursor);
  if (number === undefined) {
    number = cursorTexts.push(cursor) - 1;
    cursorNumbers.set(cursor, number);
  }
  if (deliveries === MAX_DELIVERIES) throw new Error('more deliveries than this bench holds');
  whose[deliveries] = client;
  which[deliveries] = number;
  when[deliveries] = machineMs();
  deliveries += 1;
  bytes += length;
  if (client < capture) captured.push({ client, text: Uint8Array.from(start) });
};

const ACK = '{"type":"connection_ack"';

const open = (
  number: number,
  port: number,
  operation: { query: string; variables: object } | null,
  stalls: boolean,
): Promise<void> =>
  new Promise((resolve, reject) => {
    let upgraded = false;
    let stalled = false;
    let greeting = '';
    const look = number < capture ? Number.POSITIVE_INFINITY : LOOK;
    const read = createFrameReader(look, (opcode, start, length) => {
      if (opcode === 9) socket.write(clientFrame(10, Buffer.from(start)));
      if (opcode !== 1) return;
      if (start.toString('latin1', 0, ACK.length) !== ACK) return take(number, start, length);
      socket.write(
        textFrame({
          id: randomUUID(),
          type: 'subscribe',
          payload: { query: operation?.query, variables: operation?.variables },
        }),
      );
      stalled = stalls;
      resolve();
    });
    const socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        // One for all: it is read out before the next socket is.
        buffer: shared,
        callback: (size, buffer) => {
          const chunk = Buffer.from(buffer.buffer, buffer.byteOffset, size);
          if (upgraded) read(chunk);
          else {
            greeting += chunk.toString('latin1');
            const end = greeting.indexOf('\r\n\r\n');
            if (end >= 0) {
              if (!greeting.startsWith('HTTP/1.1 101')) reject(new Error(greeting.slice(0, end)));
              upgraded = true;
              if (operation) socket.write(textFrame({ type: 'connection_init' }));
              else resolve();
              if (greeting.length > end + 4) read(Buffer.from(greeting.slice(end + 4), 'latin1'));
            }
          }
          return !stalled;
        },
      },
    });
    clients[number] = socket;
    socket.on('error', reject);
    socket.on('close', () => {
      if (!closing) lost += 1;
    });
    socket.write(
      `GET /graphql?client=${number} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16, number).toString('base64')}\r\n` +
        `${operation ? 'Sec-WebSocket-Protocol: graphql-transport-ws\r\n' : ''}\r\n`,
    );
  });
const shared = Buffer.alloc(256 * 1024);

/** So many are under way at a time. */
const TOGETHER = 100;

const obey = async (order: CrowdOrder): Promise<void> => {
  switch (order.kind) {
    case 'OPEN': {
      const { operation, port } = order;
      closing = false;
      lost = 0;
      clients = [];
      capture = order.capture;
      reset();
      for (let from = 0; from < order.clients; from += TOGETHER) {
        const some = Array.from({ length: Math.min(TOGETHER, order.clients - from) }, (_, i) => from + i);
        await Promise.all(
          some.map((number) =>
            open(
              number,
              port,
              operation && {
                query: operation.query,
                variables: operation.variables[number % operation.variables.length] ?? {},
              },
              order.stalled ?? false,
            ),
          ),
        );
      }
      say({ kind: 'OPENED' });
      return;
    }
    case 'RESET':
      return reset();
    case 'COUNT':
      say({ kind: 'COUNT', deliveries, lost, newest: cursorTexts.at(-1) ?? '' });
      return;
    case 'REPORT':
      say({
        kind: 'REPORT',
        report: {
          clients: whose.slice(0, deliveries),
          cursors: which.slice(0, deliveries),
          atMs: when.slice(0, deliveries),
          cursorTexts,
          bytes,
          lost,
          captured,
        },
      });
      return;
    case 'CLOSE':
      closing = true;
      for (const socket of clients) socket.destroy();
      clients = [];
      say({ kind: 'CLOSED' });
      return;
    default:
      order satisfies never;
  }
};
process.on('message', (order: CrowdOrder) => {
  obey(order).catch((error: unknown) => {
    console.error('crowd:', error);
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit());
