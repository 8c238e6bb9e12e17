/**
 * Lets everybody else have a turn of the event loop. A synchronous source and a consumer with room would otherwise never
 * leave the microtasks: one client that catches up would stop the world for all.
 */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
