import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, createGzip, gzip } from 'node:zlib';
import type { Clock } from '../clock/clock.ts';
import type { FeedAnswer, WireFault } from './answer.ts';

const gzipAsync = promisify(gzip);
const GZIP_TRAILER_BYTES = 8;
const SLOW_BYTE_MS = 200;
const BOMB_CHUNK = Buffer.alloc(1_000_000, 0x61);

export type WireContext = { clock: Clock; bombBytes: number; stopping: AbortSignal };

/** Sends an answer, or does to the connection what its wire fault says. Resolves when there is no more to do. */
export const sendAnswer = async (
  request: IncomingMessage,
  response: ServerResponse,
  answer: FeedAnswer,
  context: WireContext,
): Promise<void> => {
  // The Date header is the simulated server's: with a clock offset it is not this machine's.
  response.sendDate = false;
  if (answer.wire === 'RESET') {
    request.socket.resetAndDestroy();
    return;
  }
  const packs = acceptsGzip(request);
  if (answer.wire === 'BOMB') {
    await sendBomb(response, answer, packs, context);
    return;
  }
  const plain = Buffer.from(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  const asGzip = packs && answer.wire !== 'TRUNCATE';
  const packed = asGzip ? await gzipAsync(plain, { level: constants.Z_BEST_SPEED }) : plain;
  const bytes = damaged(packed, asGzip, answer.wire);
  // A connection that is to go quiet, or slow, still announces the whole body.
  const announced = answer.wire === 'STALL' ? packed.length : bytes.length;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(asGzip ? { 'content-encoding': 'gzip' } : {}),
    'content-length': announced,
  });
  if (answer.wire === 'STALL') {
    response.write(bytes);
  } else if (answer.wire === 'SLOW_BODY') {
    await sendSlowly(response, bytes, context);
  } else {
    response.end(bytes);
  }
};

const damaged = (body: Buffer, isGzip: boolean, wire: WireFault | null): Buffer => {
  switch (wire) {
    case 'TRUNCATE':
    case 'STALL':
      return body.subarray(0, Math.floor(body.length / 2));
    case 'GZIP_TRUNCATE':
      return body.subarray(0, Math.floor(body.length / 2));
    case 'GZIP_NO_TRAILER':
      return isGzip ? body.subarray(0, body.length - GZIP_TRAILER_BYTES) : body;
    default:
      return body;
  }
};

const sendSlowly = async (response: ServerResponse, bytes: Buffer, { clock, stopping }: WireContext) => {
  for (let i = 0; i < bytes.length; i++) {
    if (response.destroyed || stopping.aborted) return;
    response.write(bytes.subarray(i, i + 1));
    await clock.sleep(SLOW_BYTE_MS, stopping);
  }
  response.end();
};

/** Well-formed JSON, and far too much of it. */
const sendBomb = async (
  response: ServerResponse,
  answer: FeedAnswer,
  packs: boolean,
  { bombBytes, stopping }: WireContext,
) => {
  response.writeHead(answer.status, { ...answer.headers, ...(packs ? { 'content-encoding': 'gzip' } : {}) });
  const sink = packs ? createGzip({ level: constants.Z_BEST_SPEED }) : response;
  if (sink !== response) sink.pipe(response);
  const hungUp = once(response, 'close');
  sink.write('{"results":["');
  for (let sent = 0; sent < bombBytes; sent += BOMB_CHUNK.length) {
    if (response.destroyed || stopping.aborted) {
      sink.destroy();
      return;
    }
    if (!sink.write(BOMB_CHUNK)) {
      // A client that hangs up mid-bomb never drains the sink.
      await Promise.race([once(sink, 'drain'), hungUp]);
    }
  }
  sink.end('"]}');
};

const acceptsGzip = (request: IncomingMessage): boolean => {
  const accepted = request.headers['accept-encoding'];
  const encodings = Array.isArray(accepted) ? accepted.join(',') : (accepted ?? '');
  return encodings.split(',').some((encoding) => {
    const [name, ...parameters] = encoding.split(';').map((part) => part.trim().toLowerCase());
    return name === 'gzip' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
};
