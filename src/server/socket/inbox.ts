import type { WebSocket } from 'ws';
import type { Outbox } from './outbox.ts';

/**
 * Hands the messages of one peer on, in order, one a turn of the event loop, while there is room for what they are
 * answered with. What a query or a ping asks for is made before its turn ends, so a peer that asks and does not read has
 * the answer to one message queued, not to all: what follows waits here, and the socket is not read meanwhile, which
 * leaves the rest with the peer. At most what the kernel gave in one read, 64 KiB, waits here.
 */
export const readInTurn = (
  socket: WebSocket,
  outbox: Pick<Outbox, 'hasRoom' | 'whenRoom'>,
  handle: (text: string) => void,
): void => {
  const waiting: string[] = [];
  let working = false;

  const handleNext = (): void => {
    const text = waiting.shift();
    if (text === undefined || socket.readyState !== socket.OPEN) {
      waiting.length = 0;
      working = false;
      // Also when it closes: the peer's own close frame is still to be read.
      if (socket.isPaused) socket.resume();
      return;
    }
    handle(text);
    setImmediate(goOn);
  };
  // After a wait one is handled, room or not: streams, which wait for the same room, may have taken it again.
  const goOn = (): void => (outbox.hasRoom() ? handleNext() : outbox.whenRoom(handleNext));

  socket.on('message', (data) => {
    if (socket.readyState !== socket.OPEN) return;
    waiting.push(String(data));
    if (working) return socket.pause();
    working = true;
    goOn();
  });
};
