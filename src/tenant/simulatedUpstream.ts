import { Worker } from 'node:worker_threads';

export type SimulatedUpstream = {
  baseUrl: string;
  tenantId: string;
  username: string;
  password: string;
  stop(): Promise<void>;
};

/** The built-in simulator as a real HTTP server in a thread of its own: the poller cannot tell it from the vendor. */
export const startSimulatedUpstream = async (
  flags: Record<string, string>,
  onLost: (error: Error) => void,
): Promise<SimulatedUpstream> => {
  const thread = new Worker(new URL('../simulator/thread.ts', import.meta.url), { workerData: flags });
  let stopping = false;
  const address = await new Promise<Omit<SimulatedUpstream, 'stop'>>((resolve, reject) => {
    const lost = (error: Error) => {
      reject(error);
      if (!stopping) onLost(error);
    };
    thread.once('message', resolve);
    thread.once('error', lost);
    thread.once('exit', () => lost(new Error('the simulator ended')));
  });
  return {
    ...address,
    async stop() {
      stopping = true;
      await thread.terminate();
    },
  };
};
