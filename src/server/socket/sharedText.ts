import type { Duplex } from 'node:stream';

/** The end of a message that many get, each behind a head of its own. */
export type SharedText = { bytes: Buffer };

/** Room for a head and the frame's header before the text. */
const HEADROOM = 256;
const MAX_HEADER = 10;
const MAX_HEAD = HEADROOM - MAX_HEADER;

export const createSharedText = (text: string): SharedText => {
  const bytes = Buffer.allocUnsafeSlow(HEADROOM + Buffer.byteLength(text));
  bytes.write(text, HEADROOM);
  return { bytes };
};

const textIn = ({ bytes }: SharedText): string => bytes.toString('utf8', HEADROOM);

const FINAL_TEXT = 0x81;

/**
 * Writes a WebSocket text frame of the head, which is ASCII, and the shared text. Nothing is copied: the
 * head is written before the text in the same memory, over the head of the client before, which the kernel has taken by
 * then.
 */
export const writeFrame = (stream: Duplex, head: string, shared: SharedText): void => {
  if (head.length > MAX_HEAD) {
    writeFrame(stream, '', createSharedText(head + textIn(shared)));
    return;
  }
  const { bytes } = shared;
  const length = head.length + bytes.length - HEADROOM;
  const headAt = HEADROOM - head.length;
  let at: number;
  if (length < 126) {
    at = headAt - 2;
    bytes[at + 1] = length;
  } else if (length < 65_536) {
    at = headAt - 4;
    bytes[at + 1] = 126;
    bytes.writeUInt16BE(length, at + 2);
  } else {
    at = headAt - MAX_HEADER;
    bytes[at + 1] = 127;
    bytes.writeUInt32BE(0, at + 2);
    bytes.writeUInt32BE(length, at + 6);
  }
  bytes[at] = FINAL_TEXT;
  bytes.write(head, headAt, 'latin1');
  stream.write(bytes.subarray(at));
  // Not all of it left at once: the memory is the stream's until it has.
  if (stream.writableLength > 0) shared.bytes = Buffer.from(bytes);
};
