import { randomBytes } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../clock/systemClock.ts';
import { MirrorOpenError, type MirrorWriter, openWriter } from '../mirror/index.ts';
import { createPoller, defaultPollerSettings, type FrameLog } from '../poller/index.ts';
import { createClockOffset, createUpstream } from '../upstream/index.ts';
import type { WriterAssignment, WriterMessage } from './messages.ts';

/** The thread of one tenant's poller and only writer: on the main one, ingest would hold up every query. */
const port = parentPort;
if (!port) throw new Error('writerThread runs as a worker only');
const tell = (message: WriterMessage) => port.postMessage(message);
// Set by startTenant, which alone starts this file.
const assignment = workerData as WriterAssignment;
const clock = systemClock;

const stop = new AbortController();
port.on('message', (message: unknown) => {
  if (message === 'STOP') stop.abort();
});

const offset = createClockOffset();

const PRUNE_EVERY_MS = 60_000;
/** Until upstream has first said what time it is. */
const PRUNE_RETRY_MS = 1_000;
/** Rows a turn: some tens of milliseconds, so that the present never waits for the past's removal. */
const PRUNE_ROWS = 2_000;

/** By upstream's clock, as all that is stored: by ours, set wrong, a day's data could be years past its retention. */
const pruneForEver = async (writer: MirrorWriter) => {
  while (!stop.signal.aborted) {
    const monotonicMs = clock.monotonicMs();
    const fromMonotonic = offset.interval(monotonicMs);
    if (!fromMonotonic) {
      await clock.sleep(PRUNE_RETRY_MS, stop.signal);
      continue;
    }
    const more = writer.prune({
      nowMs: monotonicMs + fromMonotonic.lowMs,
      eventRetentionMs: assignment.retentionMs,
      changeRetentionMs: assignment.changeRetentionMs,
      maxRows: PRUNE_ROWS,
    });
    await clock.sleep(more ? 1_000 : PRUNE_EVERY_MS, stop.signal);
  }
};

const run = async () => {
  let writer: MirrorWriter;
  try {
    writer = openWriter({
      file: assignment.file,
      tenantId: assignment.tenantId,
      randomBytes: (size) => randomBytes(size),
    });
  } catch (error) {
    if (!(error instanceof MirrorOpenError)) throw error;
    tell({ kind: 'REFUSED', message: error.message });
    return;
  }
  tell({ kind: 'OPENED' });
  const log: FrameLog = {
    headSeq: () => writer.headSeq(),
    tail: (afterSeq) => writer.tail(afterSeq),
    async append(frame, expectedSeq) {
      const appended = await writer.append(frame, expectedSeq);
      if (appended.kind === 'APPENDED') tell({ kind: 'COMMITTED', seq: appended.seq });
      return appended;
    },
  };
  const poller = createPoller({
    upstream: createUpstream({ ...assignment, clock }),
    log,
    state: writer,
    clock,
    settings: {
      ...defaultPollerSettings,
      pollIntervalMs: assignment.pollIntervalMs,
      settleMs: assignment.settleMs,
      lookbackMs: assignment.lookbackMs,
      backfillMs: assignment.backfillMs,
    },
    offset,
    random: Math.random,
    onStatus: (status) => tell({ kind: 'STATUS', status }),
  });
  await Promise.all([poller.run(stop.signal), pruneForEver(writer)]);
  writer.close();
};

await run();
port.close();
