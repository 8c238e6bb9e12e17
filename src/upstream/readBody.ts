import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** TOO_LARGE: past the cap. UNREADABLE: damaged, cut, or in an encoding that was not asked for. */
export class BodyError extends Error {
  readonly code: 'TOO_LARGE' | 'UNREADABLE';
  constructor(code: 'TOO_LARGE' | 'UNREADABLE', message: string) {
    super(message);
    this.code = code;
  }
}

/** Fewer, larger pieces: a body of 10 MB in the default 16 KiB costs 650 turns of the event loop. */
const GUNZIP_CHUNK_BYTES = 256 * 1024;

/**
 * A body as text. The cap counts what comes out of the decompression, so that a bomb of kilobytes is cut off at the cap.
 * Decompresses with our own gunzip, which demands the trailer: `fetch` takes a gzip body that was cut in half for whole.
 * @throws BodyError, or what the connection failed with
 */
export const readBody = async (body: Readable, encoding: string, maxBytes: number): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const collect = async (source: AsyncIterable<Uint8Array>) => {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new BodyError('TOO_LARGE', `the body is larger than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  };
  // pipeline destroys the body whatever fails: the connection of an answer that was given up must not linger.
  switch (encoding) {
    case '':
    case 'identity':
      await pipeline(body, collect);
      break;
    case 'gzip':
    case 'x-gzip':
      await pipeline(body, createGunzip({ chunkSize: GUNZIP_CHUNK_BYTES }), collect).catch(asDamage);
      break;
    default:
      body.on('error', () => undefined).destroy();
      throw new BodyError('UNREADABLE', 'the body has an encoding that was not asked for');
  }
  // TextDecoder drops a byte-order mark, which JSON.parse would refuse.
  return new TextDecoder().decode(Buffer.concat(chunks, bytes));
};

const asDamage = (error: unknown): never => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('Z_')) throw new BodyError('UNREADABLE', `the gzip body is damaged or cut (${code})`);
  throw error;
};
