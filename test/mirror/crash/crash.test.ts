import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openReaderDatabase, openWriter } from '../../../src/mirror/index.ts';
import { openMirrorFile, temporaryFolder, writerOptions } from '../support/mirrorFile.ts';
import { DAY_MS } from '../support/records.ts';
import { FRAME_MS, frameOf, RECORDS_PER_FRAME } from './frames.ts';
import { drawMoments } from './moments.ts';

const KILLS = Number(process.env['RTA_CRASH_KILLS'] ?? 40);
const LANES = 2;
const writerProcess = fileURLToPath(new URL('./writerProcess.ts', import.meta.url));
const random = drawMoments();

/** From now, or from an acknowledgement of the writer on, so many milliseconds. */
type Moment = { acknowledgements: number; afterMs: number };

/** One in five while the process starts, opens or makes its file; the others in full swing. */
const anyMoment = (): Moment =>
  random() < 0.2
    ? { acknowledgements: 0, afterMs: random() * 800 }
    : { acknowledgements: 1 + Math.floor(random() * 8), afterMs: random() * 60 };

/** Runs the writer and kills it at the moment, wherever it is. Answers the last sequence that it acknowledged, or 0. */
const runAndKill = async (file: string, { acknowledgements, afterMs }: Moment): Promise<number> => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', writerProcess, file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let said = '';
  let complaint = '';
  let killing = false;
  const killWhenDue = () => {
    if (killing || said.split('\n').length <= acknowledgements) return;
    killing = true;
    setTimeout(() => child.kill('SIGKILL'), afterMs);
  };
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    killWhenDue();
  });
  killWhenDue();
  const [, signal] = await closed;
  if (signal !== 'SIGKILL') throw new Error(`the writer ended by itself: ${complaint}`);
  return Number(said.split('\n').at(-2) ?? 0);
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

const lane = async (kills: number): Promise<number> => {
  const { folder, dispose } = temporaryFolder();
  const file = join(folder, 'mirror.db');
  let killed = 0;
  let lastHead = 0;
  try {
    for (; killed < kills; killed++) {
      const acknowledged = Math.max(lastHead, await runAndKill(file, anyMoment()));
      // Until a first frame was acknowledged there may be no file, or one without tables.
      if (acknowledged === 0) continue;
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
      lastHead = head;
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

test(`${KILLS} times kill -9 of a writer at any instant loses nothing that was covered and leaves no half of anything`, async () => {
  const lanes = Array.from({ length: LANES }, () => lane(Math.ceil(KILLS / LANES)));
  const killed = await Promise.all(lanes);
  expect(killed.reduce((sum, kills) => sum + kills, 0)).toBeGreaterThanOrEqual(KILLS);
}, 300_000);
