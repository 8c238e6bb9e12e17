import type { PollerStatus } from '../poller/index.ts';

/** What the writer's thread is started with. Plain values: they cross a thread. */
export type WriterAssignment = {
  tenantId: string;
  file: string;
  baseUrl: string;
  username: string;
  password: string;
  pollIntervalMs: number;
  settleMs: number;
  lookbackMs: number;
  backfillMs: number;
  pageLimit: number | null;
  requestTimeoutMs: number;
  retentionMs: number;
  changeRetentionMs: number;
};

/** From the writer's thread to the main one. */
export type WriterMessage =
  | { kind: 'OPENED' }
  /** The file cannot be used; trying again cannot help. */
  | { kind: 'REFUSED'; message: string }
  | { kind: 'COMMITTED'; seq: number }
  | { kind: 'STATUS'; status: PollerStatus }
  | { kind: 'PRUNED'; removed: number };
