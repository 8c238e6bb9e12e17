import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { send } from './answer.ts';

const compress = promisify(gzip);

/** Below this a body fits a few packets anyway, and a turn of zlib's thread costs more than it saves. */
const worthwhileBytes = 8 * 1024;

/** Sends a body, large ones as gzip off the main thread when the client takes it. */
export const sendCompressed = async (
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: string,
): Promise<void> => {
  const accepts = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (body.length < worthwhileBytes || !accepts) return send(response, status, headers, body);
  const vary = headers.vary ? `${String(headers.vary)}, Accept-Encoding` : 'Accept-Encoding';
  const compressed = await compress(body, { level: constants.Z_BEST_SPEED });
  send(response, status, { ...headers, vary, 'content-encoding': 'gzip' }, compressed);
};
