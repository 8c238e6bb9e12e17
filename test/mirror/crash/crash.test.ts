import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openReaderDatabase, openWriter } from '../../../src/mirror/index.ts';
import { openMirrorFile, temporaryFolder, writerOptions } from '../support/mirrorFile.ts';
import { DAY_MS } from '../support/records.ts';
import { FRAME_MS, frameOf, RECORDS_PER_FRAME } from './frames.ts';

const KILLS = Number(process.env['RTA_CRASH_KILLS'] ?? 50);
const LANES = 2;
const writerProcess = fileURLToPath(new URL('./writerProcess.ts', import.meta.url));

/**
 * Runs the writer until it has acknowledged `acknowledgements` frames, then kills it `afterMs` later, wherever it is.
 * Answers the last sequence that it acknowledged.
 */
const runAndKill = async (file: string, acknowledgements: number, afterMs: number): Promise<number> => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', writerProcess, file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let said = '';
  let complaint = '';
  let killing = false;
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (killing || said.split('\n').length <= acknowledgements) return;
    killing = true;
    setTimeout(() => child.kill('SIGKILL'), afterMs);
  });
  const [, signal] = await closed;
  if (signal !== 'SIGKILL') throw new Error(`the writer ended by itself: ${complaint}`);
  return Number(said.split('\n').at(-2));
};

const holes = (file: string) => {
  const reader = openReaderDatabase(file);
  const one = (sql: string) => reader.prepare(sql).pluck().get();
  const found = {
    head: one('select max(seq) from frame'),
    changes: one('select count(*) from change_log'),
    lastChange: one('select max(seq) from change_log'),
    toldChange: one('select change_seq from frame order by seq desc limit 1'),
    events: one('select count(*) from event'),
    coveredUntil: one('select max(to_ms) from coverage'),
    coveredMs: one('select sum(to_ms - from_ms) from coverage'),
    check: reader.pragma('integrity_check', { simple: true }),
  };
  reader.close();
  return found;
};

const lane = async (kills: number, seed: number): Promise<number> => {
  const { folder, dispose } = temporaryFolder();
  const file = join(folder, 'mirror.db');
  let killed = 0;
  try {
    for (; killed < kills; killed++) {
      // Some are killed at the first sign of life, others in full swing.
      const acknowledged = await runAndKill(file, 1 + ((killed * 7 + seed) % 5), (killed * 13 + seed) % 17);
      const found = holes(file);
      expect(found.check).toBe('ok');
      const head = Number(found.head);
      // What was acknowledged is there; of what was not, at most the one frame whose commit outran its word.
      expect(head).toBeGreaterThanOrEqual(acknowledged);
      expect(found.events).toBe(head * RECORDS_PER_FRAME);
      expect(found.coveredUntil).toBe(DAY_MS + (head + 1) * FRAME_MS);
      expect(found.coveredMs).toBe(head * FRAME_MS);
      expect(found.changes).toBe(found.lastChange);
      expect(found.changes).toBe(found.toldChange);
    }
    const writer = openWriter(writerOptions(file));
    const head = writer.headSeq();
    const digest = writer.digest();
    writer.close();
    const unharmed = openMirrorFile();
    for (let seq = 1; seq <= head; seq++) await unharmed.writer.append(frameOf(seq), seq - 1);
    expect(unharmed.writer.digest()).toEqual(digest);
    unharmed.dispose();
  } finally {
    dispose();
  }
  return killed;
};

test(`${KILLS} times kill -9 at any instant loses nothing that was covered and leaves no half of anything`, async () => {
  const lanes = Array.from({ length: LANES }, (_, seed) => lane(Math.ceil(KILLS / LANES), seed * 5));
  const killed = await Promise.all(lanes);
  expect(killed.reduce((sum, kills) => sum + kills, 0)).toBeGreaterThanOrEqual(KILLS);
}, 240_000);
