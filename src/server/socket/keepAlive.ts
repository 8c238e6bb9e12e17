import type { WebSocket } from 'ws';

/**
 * Pings every `everyMs`. A peer that has answered nothing for `silenceMs` is given up: if bytes wait for it, it does
 * not read, and is told that it is too slow; if it has taken everything, it is dead, and nobody can be told.
 */
export const keepAlive = (
  socket: WebSocket,
  everyMs: number,
  silenceMs: number,
  onTooSlow: () => void,
): (() => void) => {
  let unansweredPings = 0;
  socket.on('pong', () => {
    unansweredPings = 0;
  });
  const timer = setInterval(() => {
    if (socket.readyState !== socket.OPEN) return;
    if (unansweredPings * everyMs >= silenceMs) {
      if (socket.bufferedAmount > 0) onTooSlow();
      else socket.terminate();
      return;
    }
    unansweredPings += 1;
    socket.ping();
  }, everyMs);
  return () => clearInterval(timer);
};
