import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { machineMs, sleep } from './machine.ts';
import type {
  CrowdOrder,
  CrowdReply,
  CrowdReport,
  Memory,
  Piece,
  ServerOrder,
  ServerReply,
} from './messages.ts';

const DEADLINE_MS = 120_000;

const start = (file: string, args: string[], execArgv: string[]): ChildProcess => {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    execArgv,
    serialization: 'advanced',
  });
  child.on('exit', (code) => {
    if (code) {
      console.error(`${file} ended with ${code}`);
      process.exit(1);
    }
  });
  return child;
};

/** The next message of that kind; every kind is asked for by one at a time. */
const reply = async <Reply extends { kind: string }, Kind extends Reply['kind']>(
  child: ChildProcess,
  kind: Kind,
): Promise<Extract<Reply, { kind: Kind }>> => {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  for (;;) {
    const [message] = await once(child, 'message', { signal });
    // The child sends what messages.ts says it sends.
    if ((message as Reply).kind === kind) return message as Extract<Reply, { kind: Kind }>;
  }
};

const end = async (child: ChildProcess): Promise<void> => {
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
};

export type ServerProcess = {
  pid: number;
  port: number;
  tell(order: ServerOrder): void;
  memory(): Promise<Memory>;
  end(): Promise<void>;
};

const startServer = async (file: string, args: string[], flags: string[]): Promise<ServerProcess> => {
  const child = start(file, args, ['--expose-gc', ...flags]);
  const { port } = await reply<ServerReply, 'LISTENING'>(child, 'LISTENING');
  return {
    pid: child.pid!,
    port,
    tell: (order) => void child.send(order),
    async memory() {
      const answer = reply<ServerReply, 'MEMORY'>(child, 'MEMORY');
      child.send({ kind: 'MEMORY' } satisfies ServerOrder);
      return (await answer).memory;
    },
    end: () => end(child),
  };
};

export const startGateway = (file: string, tenantId: string, settings: object): Promise<ServerProcess> =>
  startServer(
    './gatewayProcess.ts',
    [file, tenantId, JSON.stringify(settings)],
    process.env['GATEWAY_FLAGS']?.split(' ') ?? [],
  );
export const startPlain = (): Promise<ServerProcess> => startServer('./plainProcess.ts', [], []);

export type Crowd = {
  open(order: Omit<Extract<CrowdOrder, { kind: 'OPEN' }>, 'kind'>): Promise<void>;
  reset(): void;
  count(): Promise<{ deliveries: number; lost: number; newest: string }>;
  report(): Promise<CrowdReport>;
  /** Waits until nothing has come for `quietMs`. */
  settle(quietMs: number): Promise<void>;
  close(): Promise<void>;
  end(): Promise<void>;
};

export const startCrowd = async (): Promise<Crowd> => {
  const child = start('./crowdProcess.ts', [], ['--max-semi-space-size=64']);
  const ask = async <Kind extends CrowdReply['kind']>(order: CrowdOrder, kind: Kind) => {
    const answer = reply<CrowdReply, Kind>(child, kind);
    child.send(order);
    return answer;
  };
  const count = () => ask({ kind: 'COUNT' }, 'COUNT');
  return {
    open: async (order) => void (await ask({ kind: 'OPEN', ...order }, 'OPENED')),
    reset: () => void child.send({ kind: 'RESET' } satisfies CrowdOrder),
    count,
    report: async () => (await ask({ kind: 'REPORT' }, 'REPORT')).report,
    async settle(quietMs) {
      let last = -1;
      let sinceMs = machineMs();
      for (const endMs = sinceMs + DEADLINE_MS; machineMs() < endMs; await sleep(50)) {
        const { deliveries } = await count();
        if (deliveries !== last) {
          last = deliveries;
          sinceMs = machineMs();
        } else if (machineMs() - sinceMs >= quietMs) return;
      }
      throw new Error('deliveries do not end');
    },
    close: async () => void (await ask({ kind: 'CLOSE' }, 'CLOSED')),
    end: () => end(child),
  };
};

/** The script of the plain server: to each commit what the first client of each group was sent for it. */
export const scriptOf = (
  report: CrowdReport,
  commitOf: (text: string) => number,
  commits: number,
): Piece[][] => {
  const script: Piece[][] = Array.from({ length: commits }, () => []);
  for (const { client, text } of report.captured) {
    const commit = commitOf(Buffer.from(text).toString());
    script[commit]?.push({ group: client, text });
  }
  return script;
};
