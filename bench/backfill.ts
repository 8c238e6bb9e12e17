/**
 * Three days of 5,000 agents, some 1.8 million records, back-filled over HTTP: `node --expose-gc bench/backfill.ts [agents]`.
 * The simulator is a process of its own. What the heap holds after a collection says whether memory grows with the
 * records; the resident set, with SQLite's 128 MiB of pages and whatever V8 has not given back, is what an operator sees.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/clock/systemClock.ts';
import { openWriter } from '../src/mirror/index.ts';
import { createPoller, defaultPollerSettings } from '../src/poller/index.ts';
import { createClockOffset, createUpstream } from '../src/upstream/index.ts';

const TENANT_ID = '3e0f9a50-7d3b-11e7-b08f-6e56a766befb';
const PASSWORD = 'bench';
const TELL_EVERY = 200_000;

const startSimulator = async (agents: string): Promise<{ server: ChildProcess; baseUrl: string }> => {
  const flags = ['--agents', agents, '--history', '3d', '--port', '0', '--password', PASSWORD];
  const server = spawn(process.execPath, ['src/cli/bin.ts', 'simulate', ...flags], {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const baseUrl = await new Promise<string>((resolve, reject) => {
    let printed = '';
    // Read to the end: a simulator whose output nobody takes stops. Asked for as a pipe.
    server.stdout!.on('data', (text) => {
      printed += text;
      const address = /http:\S+/.exec(printed);
      if (address) resolve(address[0]);
    });
    server.once('exit', (code) => reject(new Error(`the simulator ended with ${code}: ${printed}`)));
  });
  return { server, baseUrl };
};

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`.padStart(8);

const folder = mkdtempSync(join(tmpdir(), 'rta-bench-'));
const file = join(folder, 'mirror.db');
const { server, baseUrl } = await startSimulator(process.argv[2] ?? '5000');
const writer = openWriter({ file, tenantId: TENANT_ID, randomBytes });
try {
  const poller = createPoller({
    upstream: createUpstream({
      baseUrl,
      tenantId: TENANT_ID,
      username: 'rta',
      password: PASSWORD,
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
  const tell = (records: number) => {
    globalThis.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    const seconds = Math.round((performance.now() - beganMs) / 1_000);
    console.log(
      `${String(records).padStart(8)} records, ${String(seconds).padStart(4)} s: heap ${mebibytes(heapUsed)}, outside it ${mebibytes(external)}, resident ${mebibytes(rss)}`,
    );
  };
  const nowMs = Date.now();
  const beganMs = performance.now();
  let toldAt = 0;
  const range = { fromMs: nowMs - 3 * 86_400_000, toMs: nowMs - 60_000 };
  const { records, stopped } = await poller.backfill(range, AbortSignal.timeout(30 * 60_000), (progress) => {
    if (progress.records - toldAt < TELL_EVERY) return;
    toldAt = progress.records;
    tell(toldAt);
  });
  if (stopped) throw new Error(stopped.message);
  tell(records);
  const { maxRSS } = process.resourceUsage();
  writer.checkpoint();
  console.log(
    `peak resident ${mebibytes(maxRSS * 1_024)}; ${Math.round(statSync(file).size / records)} bytes a record on disk`,
  );
} finally {
  writer.close();
  server.kill();
  rmSync(folder, { recursive: true });
}
