import type { WebSocket } from 'ws';

export type Outbox = {
  /** Resolves when the text has left for the kernel, the socket is gone, or the outbox is released. */
  send(text: string): Promise<void>;
  isOverfull(): boolean;
  /** From now on nobody waits: what was and is sent stays queued in its order, for a socket about to close. */
  release(): void;
};

/** Messages of one socket, in order, each awaited: a sender is as fast as its peer reads. */
export const createOutbox = (socket: WebSocket, limitBytes: number): Outbox => {
  const waiting = new Set<() => void>();
  let released = false;
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
    isOverfull: () => socket.bufferedAmount > limitBytes,
    release() {
      released = true;
      for (const finish of waiting) finish();
    },
  };
};
