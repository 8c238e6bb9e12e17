import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../clock/systemClock.ts';
import { parseSimulatorFlags, startSimulator } from './index.ts';

/** The simulator as a thread of another process; tells where it listens and with which credentials. */
const port = parentPort;
if (!port) throw new Error('thread.ts runs as a worker only');
// Set by whoever starts this file; every value is checked by the flags' own parser.
const parsed = parseSimulatorFlags(workerData as Record<string, string>);
if (parsed.kind === 'ERRORS') throw new Error(JSON.stringify(parsed.errors));
const simulator = await startSimulator({ ...parsed.options, clock: systemClock });
port.postMessage({
  baseUrl: simulator.baseUrl,
  tenantId: simulator.tenantId,
  username: parsed.options.username,
  password: parsed.options.password,
});
