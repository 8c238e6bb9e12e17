/**
 * How long one busy window takes from its request to its commit: `node bench/window.ts [windows, default 8]`.
 * Real HTTP (gzip), the real client, poller and writer; 12,800 records in ten minutes, all of them new to the mirror.
 * The windows are read twice, each time by a fresh process into a fresh file: the first reading only makes upstream's
 * answers, so that the second does not wait for them to be made.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/clock/systemClock.ts';
import { openWriter } from '../src/mirror/index.ts';
import { createPoller, defaultPollerSettings } from '../src/poller/index.ts';
import { createClockOffset, createUpstream } from '../src/upstream/index.ts';
import { WINDOW_MS } from './busyFloor.ts';

const TENANT_ID = '3e0f9a50-7d3b-11e7-b08f-6e56a766befb';

/** Milliseconds of each window, and the records of all. */
const read = async (port: number, fromMs: number, windows: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'rta-bench-'));
  const writer = openWriter({
    file: join(folder, 'mirror.db'),
    tenantId: TENANT_ID,
    randomBytes,
  });
  try {
    const poller = createPoller({
      upstream: createUpstream({
        baseUrl: `http://127.0.0.1:${port}/v1`,
        tenantId: TENANT_ID,
        username: 'bench',
        password: 'bench',
        clock: systemClock,
        requestTimeoutMs: 60_000,
      }),
      log: writer,
      state: writer,
      clock: systemClock,
      settings: defaultPollerSettings,
      offset: createClockOffset(),
      random: Math.random,
    });
    const tookMs: number[] = [];
    const cpuMs: number[] = [];
    let beganMs = performance.now();
    let cpu = process.cpuUsage();
    const range = { fromMs, toMs: fromMs + windows * WINDOW_MS };
    const result = await poller.backfill(range, new AbortController().signal, () => {
      tookMs.push(performance.now() - beganMs);
      const used = process.cpuUsage(cpu);
      cpuMs.push((used.user + used.system) / 1_000);
      beganMs = performance.now();
      cpu = process.cpuUsage();
    });
    if (result.unread.length > 0) throw new Error(`unread: ${JSON.stringify(result)}`);
    return { tookMs, cpuMs, records: result.records };
  } finally {
    writer.close();
    rmSync(folder, { recursive: true });
  }
};

const spread = (ms: number[]): string => {
  const sorted = ms.toSorted((a, b) => a - b).map(Math.round);
  return `median ${sorted[Math.floor(sorted.length / 2)]} ms, longest ${sorted.at(-1)} ms, first of the process ${Math.round(ms[0]!)} ms`;
};

const [role, ...numbers] = process.argv.slice(2);
if (role === 'read') {
  const [port, fromMs, windows] = numbers.map(Number);
  process.send?.(await read(port!, fromMs!, windows!));
  process.disconnect();
} else {
  const windows = Number(role ?? 8);
  const fromMs = Math.floor(Date.now() / WINDOW_MS - windows - 6) * WINDOW_MS;
  const server = fork(join(import.meta.dirname, 'pageServer.ts'));
  try {
    const [port] = await once(server, 'message');
    for (const round of ['making answers', 'measured']) {
      const reader = fork(import.meta.filename, ['read', String(port), String(fromMs), String(windows)]);
      const [answer] = await once(reader, 'message');
      if (round === 'making answers') continue;
      const { tookMs, cpuMs, records } = answer as Awaited<ReturnType<typeof read>>;
      console.log(`${tookMs.length} requests, ${records} records, each fetched, parsed and stored`);
      console.log(`  a window by the clock: ${spread(tookMs)}`);
      console.log(`  CPU of the reader:     ${spread(cpuMs)}`);
    }
  } finally {
    server.disconnect();
  }
}
