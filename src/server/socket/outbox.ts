import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { type SharedText, writeFrame } from './sharedText.ts';

export type Outbox = {
  /** Resolves when the text has left for the kernel, the socket is gone, or the outbox is released. */
  send(text: string): Promise<void>;
  /** Sends `head`, in ASCII, and the shared text as one message; whether there is room for another. */
  push(head: string, shared: SharedText): boolean;
  hasRoom(): boolean;
  /** Calls back once there is room again, or nobody waits any more; never, when the socket goes before. */
  whenRoom(go: () => void): void;
  isOverfull(): boolean;
  /** From now on nobody waits: what was and is sent stays queued in its order, for a socket about to close. */
  release(): void;
};

/**
 * Messages of one socket, in order. A sender is as fast as its peer reads: there is room while the kernel, and the
 * stream's own buffer of 64 KiB, take what is sent.
 */
export const createOutbox = (socket: WebSocket, stream: Duplex, limitBytes: number): Outbox => {
  const waiting = new Set<() => void>();
  let released = false;
  const goOn = () => {
    const those = [...waiting];
    waiting.clear();
    for (const go of those) go();
  };
  stream.on('drain', goOn);
  return {
    send: (text) =>
      new Promise((resolve) => {
        if (socket.readyState !== socket.OPEN) return resolve();
        const finish = () => {
          waiting.delete(finish);
          resolve();
        };
        if (released) resolve();
        else waiting.add(finish);
        // A failed send is a closing socket; its close event tells the rest.
        socket.send(text, finish);
      }),
    push(head, shared) {
      if (socket.readyState !== socket.OPEN) return false;
      // ws itself writes each frame whole and in one go, so one written beside it stands between two of its own.
      writeFrame(stream, head, shared);
      return !stream.writableNeedDrain;
    },
    hasRoom: () => released || !stream.writableNeedDrain,
    whenRoom(go) {
      if (released) go();
      else waiting.add(go);
    },
    isOverfull: () => socket.bufferedAmount > limitBytes,
    release() {
      released = true;
      goOn();
    },
  };
};
