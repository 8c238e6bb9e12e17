import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openReaderDatabase, unpackId } from '../../../src/mirror/index.ts';
import type { Span } from '../../../src/poller/index.ts';
import { subtractSpans } from '../../../src/poller/spans.ts';
import type { Simulator } from '../../../src/simulator/index.ts';
import { startProgram, temporaryFolder } from '../../e2e/support/program.ts';
import { truthOf } from '../../e2e/support/truth.ts';
import { until } from '../../e2e/support/until.ts';
import { startUpstream } from '../../e2e/support/upstream.ts';
import { drawMoments } from './moments.ts';

/** Mirrors that are made anew, so that each is killed while it fills, and kills of the gateway on each. */
const MIRRORS = 3;
const KILLS_EACH = Math.ceil(Number(process.env['RTA_CRASH_GATEWAY_KILLS'] ?? 12) / MIRRORS);
const AGENTS = 400;

const random = drawMoments();

/** Starts a gateway and kills it: one in four while it starts, the others within a second and a half of its serving. */
const serveAndKill = async (environment: Record<string, string>): Promise<void> => {
  const program = startProgram(['serve'], { PORT: '0', LOG_FORMAT: 'json', ...environment });
  if (random() >= 0.25) {
    await until('it serves', () => {
      if (program.child.exitCode !== null) throw new Error(program.err());
      return program.err().includes('"serving"');
    });
  }
  await sleep(random() * 1_500);
  program.child.kill('SIGKILL');
  const { signal } = await program.exited;
  if (signal !== 'SIGKILL') throw new Error(`the gateway ended by itself: ${program.err()}`);
};

type Found = {
  settled: Span[];
  head: number;
  digestTo(seq: number): string;
  lost: string[];
  foreign: string[];
};

/** What stands in the file, held against upstream's truth where it claims to know all. */
const look = (file: string, simulator: Simulator): Found => {
  const database = openReaderDatabase(file);
  try {
    const one = (sql: string) => database.prepare<[], number>(sql).pluck().get() ?? 0;
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    const head = one('select max(seq) from change_log');
    expect(one('select count(*) from change_log')).toBe(head);
    expect(one('select change_seq from frame order by seq desc limit 1')).toBe(head);
    expect(one('select count(*) from change_log where kind = 1')).toBe(one('select count(*) from event'));
    const rows = database.prepare('select * from change_log order by seq').raw().all();
    const settled = database
      .prepare<[], Span>('select from_ms as fromMs, to_ms as toMs from coverage where level >= 2')
      .all();
    const lost: string[] = [];
    const foreign: string[] = [];
    const held = database
      .prepare<[number, number], Buffer>('select event_id from event where start_ms >= ? and start_ms < ?')
      .pluck();
    for (const { fromMs, toMs } of settled) {
      const ours = new Set(held.all(fromMs, toMs).map(unpackId));
      for (const eventId of truthOf(simulator, fromMs, toMs).keys())
        if (!ours.delete(eventId)) lost.push(eventId);
      foreign.push(...ours);
    }
    const digestTo = (seq: number) =>
      createHash('sha256')
        .update(JSON.stringify(rows.slice(0, seq)))
        .digest('hex');
    return { settled, head, digestTo, lost, foreign };
  } finally {
    database.close();
  }
};

const made = (file: string): boolean => {
  try {
    openReaderDatabase(file).close();
    return true;
  } catch {
    return false;
  }
};

test(`${MIRRORS * KILLS_EACH} times kill -9 of a gateway under load: nothing covered is lost, nothing told is told again`, async () => {
  const { simulator, environment } = await startUpstream({ agents: AGENTS });
  let events = 0;
  for (let mirror = 0; mirror < MIRRORS; mirror++) {
    const file = join(temporaryFolder(), 'mirror.sqlite');
    const settings = { ...environment, RTA_DATABASE: file, RTA_POLL_INTERVAL: '250ms' };
    let before: Found | null = null;
    for (let kill = 0; kill < KILLS_EACH; kill++) {
      await serveAndKill(settings);
      // Killed before its first moment a gateway may have made no file.
      if (!before && !made(file)) continue;
      const found = look(file, simulator);
      expect({ lost: found.lost, foreign: found.foreign }).toEqual({ lost: [], foreign: [] });
      if (before) {
        expect(found.head).toBeGreaterThanOrEqual(before.head);
        expect(found.digestTo(before.head)).toBe(before.digestTo(before.head));
        expect(subtractSpans(before.settled, found.settled)).toEqual([]);
      }
      before = found;
    }
    events += before?.head ?? 0;
  }
  // Otherwise nothing was killed in its work.
  expect(events).toBeGreaterThan(1_000);
}, 300_000);
