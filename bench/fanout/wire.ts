import { randomBytes } from 'node:crypto';

/** A masked frame, as a client must send them; below 64 KiB. */
export const clientFrame = (opcode: number, payload: Buffer): Buffer => {
  const long = payload.length > 125;
  const header = Buffer.alloc(long ? 8 : 6);
  header[0] = 0x80 | opcode;
  header[1] = 0x80 | (long ? 126 : payload.length);
  if (long) header.writeUInt16BE(payload.length, 2);
  const mask = randomBytes(4);
  mask.copy(header, long ? 4 : 2);
  const masked = Buffer.from(payload);
  for (let i = 0; i < masked.length; i++) masked[i]! ^= mask[i % 4]!;
  return Buffer.concat([header, masked]);
};

export const textFrame = (message: object): Buffer => clientFrame(1, Buffer.from(JSON.stringify(message)));

export type FrameReader = (chunk: Buffer) => void;

/**
 * Cuts a server's bytes into frames and shows of each its first `look` bytes, without copying what it need not: the
 * bytes are the caller's only during the call.
 */
export const createFrameReader = (
  look: number,
  onFrame: (opcode: number, start: Buffer, length: number) => void,
): FrameReader => {
  let kept: Buffer | null = null;
  let skip = 0;
  return (chunk) => {
    let bytes = chunk;
    if (kept) {
      bytes = Buffer.concat([kept, chunk]);
      kept = null;
    }
    let at = 0;
    while (at < bytes.length) {
      if (skip > 0) {
        const past = Math.min(skip, bytes.length - at);
        skip -= past;
        at += past;
        continue;
      }
      const left = bytes.length - at;
      const short = left < 2 ? 0 : bytes[at + 1]! & 0x7f;
      const header = short === 127 ? 10 : short === 126 ? 4 : 2;
      if (left < header) break;
      const length =
        short === 127
          ? Number(bytes.readBigUInt64BE(at + 2))
          : short === 126
            ? bytes.readUInt16BE(at + 2)
            : short;
      const shown = Math.min(length, look);
      if (left < header + shown) break;
      onFrame(bytes[at]! & 0x0f, bytes.subarray(at + header, at + header + shown), length);
      at += header + shown;
      skip = length - shown;
    }
    if (at < bytes.length) kept = Buffer.from(bytes.subarray(at));
  };
};
