/**
 * How fast the mirror takes frames in: `node bench/ingest.ts [rows to back-fill, default 200000]`.
 * A fresh file, 2,000 agents, windows of ten minutes, at most 2,000 records a frame, back-fill newest first.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MirrorWriter, openWriter } from '../src/mirror/index.ts';
import type { CoverageSlice, Frame } from '../src/poller/index.ts';
import type { AgentStateRecord } from '../src/upstream/index.ts';
import { WINDOW_MS, windowRecords } from './busyFloor.ts';

const RECORDS_PER_FRAME = 2_000;
const NOW_MS = Date.UTC(2026, 10, 23, 12);

const framesOf = (fromMs: number, records: AgentStateRecord[]): Frame[] => {
  const slice: CoverageSlice = {
    fromMs,
    toMs: fromMs + WINDOW_MS,
    level: 'SETTLED',
    cause: null,
    readAtMs: NOW_MS,
    reads: 1,
    stage: 0,
  };
  const frames: Frame[] = [];
  for (let at = 0; at < records.length; at += RECORDS_PER_FRAME) {
    frames.push({
      observedMs: NOW_MS,
      records: records.slice(at, at + RECORDS_PER_FRAME),
      quarantined: [],
      coverage: at + RECORDS_PER_FRAME >= records.length ? [slice] : [],
      audits: { put: [], remove: [] },
      status: null,
    });
  }
  return frames;
};

/** Milliseconds spent in `append`, by the clock and by the processor (what counts on a busy machine), and records. */
const ingest = async (writer: MirrorWriter, frames: Frame[]) => {
  let spentMs = 0;
  let cpuMs = 0;
  let longestMs = 0;
  let records = 0;
  for (const frame of frames) {
    const cpu = process.cpuUsage();
    const beganMs = performance.now();
    const appended = await writer.append(frame, writer.headSeq());
    const tookMs = performance.now() - beganMs;
    if (appended.kind !== 'APPENDED') throw new Error(JSON.stringify(appended));
    const used = process.cpuUsage(cpu);
    cpuMs += (used.user + used.system) / 1000;
    spentMs += tookMs;
    longestMs = Math.max(longestMs, tookMs);
    records += frame.records.length;
  }
  return { spentMs, cpuMs, longestMs, records };
};

const report = (name: string, { spentMs, cpuMs, longestMs, records }: Awaited<ReturnType<typeof ingest>>) => {
  const perSecond = Math.round((records / spentMs) * 1000);
  const line = `${records} records in ${Math.round(spentMs)} ms, ${perSecond} rows/s (${Math.round(cpuMs)} ms of CPU), longest frame ${Math.round(longestMs)} ms`;
  console.log(`${name.padEnd(28)} ${line}`);
};

const backfillRows = Number(process.argv[2] ?? 200_000);
const folder = mkdtempSync(join(tmpdir(), 'rta-bench-'));
const file = join(folder, 'mirror.db');
try {
  const writer = openWriter({ file, tenantId: 'bench', randomBytes });
  const fromMs = NOW_MS - WINDOW_MS;
  const present = framesOf(fromMs, windowRecords(fromMs));
  report('present, fresh file', await ingest(writer, present));
  report('the same again', await ingest(writer, present));
  const sum = { spentMs: 0, cpuMs: 0, longestMs: 0, records: 0 };
  for (let windowMs = fromMs - WINDOW_MS; sum.records < backfillRows; windowMs -= WINDOW_MS) {
    const done = await ingest(writer, framesOf(windowMs, windowRecords(windowMs)));
    sum.spentMs += done.spentMs;
    sum.cpuMs += done.cpuMs;
    sum.records += done.records;
    sum.longestMs = Math.max(sum.longestMs, done.longestMs);
    if (Math.floor(sum.records / 200_000) !== Math.floor((sum.records - done.records) / 200_000)) {
      report(`  rss ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`, sum);
    }
  }
  report('back-fill, newest first', sum);
  writer.checkpoint();
  writer.close();
  console.log(
    `${Math.round(statSync(file).size / (sum.records + present.length * RECORDS_PER_FRAME))} bytes a record on disk`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
