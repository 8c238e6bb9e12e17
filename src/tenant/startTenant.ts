import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock/clock.ts';
import { createMirrorReader, type MirrorReader, startAggregates } from '../mirror/index.ts';
import type { Logger } from '../observability/index.ts';
import type { Health, PollerStatus } from '../poller/index.ts';
import type { Tenant } from '../schema/index.ts';
import { createDoorbell } from './doorbell.ts';
import type { WriterAssignment, WriterMessage } from './messages.ts';

export type RunningTenant = {
  tenant: Tenant;
  /** Lets the read in flight commit, then ends the thread. */
  stop(): Promise<void>;
};

/** The mirror cannot be opened: the message names RTA_DATABASE and what to do. */
export class TenantRefusedError extends Error {}

const RESTART_MIN_MS = 1_000;
const RESTART_MAX_MS = 60_000;
const GRACE_MS = 6_000;

const nothingRead: PollerStatus = {
  health: 'STARTING',
  healthMessage: null,
  clockOffset: null,
  lastPoll: null,
  backfill: null,
  requestsTotal: 0,
  failuresTotal: 0,
  foundReachMs: null,
};

/**
 * One tenant: its mirror open for reading here, its poller and writer in a thread of their own, long reads in another. A thread that dies is
 * started again, and until then the tenant's health says STOPPED.
 */
export const startTenant = async (parts: {
  assignment: WriterAssignment;
  clock: Clock;
  log: Logger;
  draining: AbortSignal;
  onStatus?: (status: PollerStatus) => void;
}): Promise<RunningTenant> => {
  const { assignment, clock, draining } = parts;
  const log = parts.log.child({ tenantId: assignment.tenantId });
  const doorbell = createDoorbell(clock);
  let status: PollerStatus | null = null;
  let health: Health | null = null;
  let worker: Worker | null = null;
  /** The mirror has been opened once: from then on a thread that ends is started again. */
  let started = false;
  let stopping = false;
  let failures = 0;
  const stopped = new AbortController();

  const take = (next: PollerStatus) => {
    status = next;
    doorbell.ring();
    parts.onStatus?.(next);
    if (next.health === health || stopping) return;
    const level = next.health === 'OK' || next.health === 'STARTING' ? 'info' : 'warn';
    log[level]({ health: next.health, before: health }, next.healthMessage ?? 'The feed is well.');
    health = next.health;
  };

  /** Resolves once the mirror is open; rejects when it cannot be. */
  const startThread = (): Promise<void> => {
    const opened = Promise.withResolvers<void>();
    let isOpen = false;
    const thread = new Worker(new URL('./writerThread.ts', import.meta.url), { workerData: assignment });
    worker = thread;
    thread.on('message', (message: WriterMessage) => {
      switch (message.kind) {
        case 'OPENED':
          isOpen = true;
          opened.resolve();
          break;
        case 'REFUSED':
          opened.reject(new TenantRefusedError(message.message));
          break;
        case 'COMMITTED':
          failures = 0;
          doorbell.ring();
          break;
        case 'STATUS':
          take(message.status);
          break;
        case 'PRUNED':
          log.debug({ removed: message.removed }, 'rows past their retention removed');
          break;
        default:
          message satisfies never;
      }
    });
    thread.on('error', (error) => {
      // A failure before that is told by whoever started the thread.
      if (isOpen) log.error({ err: error }, 'the writer thread failed');
      else opened.reject(error);
    });
    thread.on('exit', () => {
      worker = null;
      opened.reject(new Error('the writer thread ended before it opened the mirror'));
      if (started && !stopping) void restart();
    });
    return opened.promise;
  };

  const restart = async (): Promise<void> => {
    failures += 1;
    const waitMs = Math.min(RESTART_MAX_MS, RESTART_MIN_MS * 2 ** Math.min(failures - 1, 6));
    const message = `The poller's thread ended unexpectedly; it starts again in ${waitMs / 1_000} s.`;
    take({ ...(status ?? nothingRead), health: 'STOPPED', healthMessage: message });
    await clock.sleep(waitMs, stopped.signal);
    if (stopping) return;
    // A failed start ends in another 'exit', which comes back here.
    await startThread().catch((error: unknown) =>
      log.error({ err: error }, 'the writer thread did not start'),
    );
  };

  const stopThread = async (): Promise<void> => {
    stopping = true;
    stopped.abort();
    const thread = worker;
    if (!thread) return;
    const ended = new AbortController();
    thread.once('exit', () => ended.abort());
    thread.postMessage('STOP');
    await clock.sleep(GRACE_MS, ended.signal);
    if (ended.signal.aborted) return;
    // What it had not committed is read again at the next start.
    log.warn({ graceMs: GRACE_MS }, 'the writer thread did not end in time and is cut off');
    await thread.terminate();
  };

  let mirror: MirrorReader;
  try {
    await startThread();
    mirror = createMirrorReader(assignment.file);
    started = true;
  } catch (error) {
    // The writer may have opened what the reader could not: it would go on polling, and keep the file locked.
    await stopThread();
    throw error;
  }

  const aggregates = startAggregates({ file: assignment.file });

  const stop = async (): Promise<void> => {
    await Promise.all([stopThread(), aggregates.close()]);
    mirror.close();
  };

  return {
    tenant: {
      tenantId: assignment.tenantId,
      mirror,
      aggregates,
      doorbell,
      liveStatus: () => status,
      draining,
    },
    stop,
  };
};
