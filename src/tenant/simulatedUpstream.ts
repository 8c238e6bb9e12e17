import { Worker } from 'node:worker_threads';

export type SimulatedUpstream = {
  baseUrl: string;
  tenantId: string;
  username: string;
  password: string;
  stop(): Promise<void>;
};

/** The built-in simulator as a real HTTP server in a thread of its own: the poller cannot tell it from the vendor. */
export const startSimulatedUpstream = async (flags: Record<string, string>): Promise<SimulatedUpstream> => {
  const thread = new Worker(new URL('../simulator/thread.ts', import.meta.url), { workerData: flags });
  const address = await new Promise<Omit<SimulatedUpstream, 'stop'>>((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('the simulator ended before it listened')));
  });
  return {
    ...address,
    async stop() {
      await thread.terminate();
    },
  };
};
