import { createServer } from 'node:net';

/**
 * A free port below those that the kernel hands out by itself: hundreds of clients that knock at a dead server's port
 * would now and then get that very port as their own, talk to themselves, and keep the server from coming back.
 */
export const fixedPort = async (random: () => number): Promise<number> => {
  for (;;) {
    const port = 20_000 + Math.floor(random() * 10_000);
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
};
