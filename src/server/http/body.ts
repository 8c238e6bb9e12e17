import type { IncomingMessage } from 'node:http';

export type Body =
  | { kind: 'TEXT'; text: string }
  | { kind: 'TOO_LARGE' }
  | { kind: 'CUT' }
  | { kind: 'NOT_UTF8' };

const decoder = new TextDecoder('utf-8', { fatal: true });

const decode = (chunks: readonly Uint8Array[]): Body => {
  try {
    return { kind: 'TEXT', text: decoder.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)) };
  } catch {
    return { kind: 'NOT_UTF8' };
  }
};

/** Reads a request's body as UTF-8, never holding more than `limitBytes` of it. */
export const readBody = (request: IncomingMessage, limitBytes: number): Promise<Body> =>
  new Promise((resolve) => {
    if (Number(request.headers['content-length'] ?? 0) > limitBytes) return resolve({ kind: 'TOO_LARGE' });
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limitBytes) {
        chunks.length = 0;
        request.pause();
        resolve({ kind: 'TOO_LARGE' });
      } else {
        chunks.push(chunk);
      }
    });
    request.on('end', () => resolve(decode(chunks)));
    request.on('error', () => resolve({ kind: 'CUT' }));
    request.on('close', () => resolve({ kind: 'CUT' }));
  });
