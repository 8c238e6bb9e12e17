import type { WebSocket } from 'ws';
import type { Pulse } from '../pulse.ts';

/**
 * Pings at every beat. A peer that has left `unansweredLimit` of them without an answer is given up: if bytes wait for
 * it, it does not read, and is told that it is too slow; if it has taken everything, it is dead, and nobody can be told.
 */
export const keepAlive = (
  socket: WebSocket,
  pulse: Pulse,
  unansweredLimit: number,
  onTooSlow: () => void,
): (() => void) => {
  let unansweredPings = 0;
  socket.on('pong', () => {
    unansweredPings = 0;
  });
  return pulse.join(() => {
    if (socket.readyState !== socket.OPEN) return;
    if (unansweredPings >= unansweredLimit) {
      if (socket.bufferedAmount > 0) onTooSlow();
      else socket.terminate();
      return;
    }
    unansweredPings += 1;
    socket.ping();
  });
};
