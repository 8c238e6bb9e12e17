import type { WebSocket } from 'ws';

/**
 * Pings every `everyMs`. A peer that answers nothing and takes everything is dead: terminated at the next ping. A
 * peer that answers nothing while bytes wait for it does not read: after `slowMs` of that it is too slow, which is
 * told to it.
 */
export const keepAlive = (
  socket: WebSocket,
  everyMs: number,
  slowMs: number,
  onTooSlow: () => void,
): (() => void) => {
  let unansweredPings = 0;
  socket.on('pong', () => {
    unansweredPings = 0;
  });
  const timer = setInterval(() => {
    if (socket.readyState !== socket.OPEN) return;
    if (unansweredPings > 0 && socket.bufferedAmount === 0) return socket.terminate();
    if (unansweredPings * everyMs >= slowMs) return onTooSlow();
    unansweredPings += 1;
    socket.ping();
  }, everyMs);
  return () => clearInterval(timer);
};
