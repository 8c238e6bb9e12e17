import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { runProgram, temporaryFolder } from './support/program.ts';
import { truthOf } from './support/truth.ts';
import { startUpstream, TENANT_ID } from './support/upstream.ts';

const MINUTE_MS = 60_000;

/** A mirror filled by `backfill`, and what `export` says of it. */
const filledMirror = async () => {
  const { simulator, environment } = await startUpstream({ agents: 100 });
  const settings = { ...environment, RTA_DATABASE: join(temporaryFolder(), 'mirror.sqlite') };
  const fromMs = simulator.nowMs() - 50 * MINUTE_MS;
  const toMs = simulator.nowMs() - MINUTE_MS;
  const span = ['--from', new Date(fromMs).toISOString(), '--to', new Date(toMs).toISOString()];
  const filled = await runProgram(['backfill', ...span], settings);
  return { simulator, settings, fromMs, toMs, span, filled };
};

describe('backfill, export and verify', () => {
  it('read a range, print it whole in both formats, and find it equal to upstream', async () => {
    const { simulator, settings, fromMs, toMs, span, filled } = await filledMirror();
    expect(filled.code, filled.err).toBe(0);
    expect(filled.out).toMatch(/^\d+ records read of /);
    expect(filled.err).toMatch(/^backfill: 100 % of 49m/m);

    const truth = truthOf(simulator, fromMs, toMs);
    expect(truth.size).toBeGreaterThan(100);
    const ndjson = await runProgram(['export', ...span], settings);
    expect(ndjson.code, ndjson.err).toBe(0);
    const events = ndjson.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(new Set(events.map(({ eventId }) => eventId))).toEqual(new Set(truth.keys()));
    expect(events.map(({ start }) => start)).toEqual(events.map(({ start }) => start).toSorted());

    const csv = await runProgram(['export', '--format', 'csv', ...span], settings);
    const [header, ...lines] = csv.out.trimEnd().split('\r\n');
    expect(header).toMatch(/^eventId,eventType,agentId,/);
    expect(lines.map((line) => line.split(',')[0])).toEqual(events.map(({ eventId }) => eventId));

    const verified = await runProgram(['verify', ...span], settings);
    expect(verified.out).toContain('no differences');
    expect(verified.out).toMatch(/SETTLED/);
    expect(verified.code, verified.err).toBe(0);
  }, 60_000);

  it('verify names what a mirror has wrong or lacks, exit 1', async () => {
    const { settings, span } = await filledMirror();
    const database = new Database(settings.RTA_DATABASE);
    const [wrong, lost] = database
      // Not the first: what was read in the second before the range is held, and not compared.
      .prepare<[], { id: number }>(
        'select id from event where state is not null order by start_ms limit 2 offset 20',
      )
      .all();
    database.prepare('update event set state = state % 4 + 1 where id = ?').run(wrong?.id);
    database.prepare('delete from event where id = ?').run(lost?.id);
    database.close();
    const { code, out } = await runProgram(['verify', ...span], settings);
    expect(code).toBe(1);
    expect(out).toMatch(/^DIFFERS .* state: mirror ".+", upstream ".+"$/m);
    expect(out).toMatch(/^MISSING /m);
    expect(out).toContain('2 differences: 1 missing, 1 differ, 0 extra');
  }, 60_000);

  it('verify tells what was never read', async () => {
    const { simulator, settings } = await filledMirror();
    const from = new Date(simulator.nowMs() - 58 * MINUTE_MS).toISOString();
    const { code, out } = await runProgram(['verify', '--from', from, '--to', '51m'], settings);
    expect(code).toBe(1);
    expect(out).toMatch(/ UNREAD$/m);
    expect(out).toMatch(/^MISSING /m);
  }, 60_000);
});

describe('a range that upstream cannot show', () => {
  it('is refused by verify in one line that says what it does show, exit 2', async () => {
    const { settings } = await filledMirror();
    const verify = (...args: string[]) => runProgram(['verify', ...args], settings);
    const ahead = new Date(Date.now() + 3_600_000).toISOString();
    const past = await verify('--from', '5d', '--to', '4d');
    expect(past).toMatchObject({ code: 2, out: '' });
    expect(past.err).toMatch(/^--from: \S+ is out of reach, .* three days; ask from \S+Z or later/);
    const future = await verify('--from', ahead, '--to', new Date(Date.now() + 7_200_000).toISOString());
    expect(future).toMatchObject({ code: 2, out: '' });
    expect(future.err).toMatch(/^--from: \S+ is not past yet; by upstream's clock it is \S+Z\n$/);
    const cut = await verify('--from', '5m', '--to', ahead);
    expect(cut.err).toMatch(/^--to: \S+ is not past yet; compared up to \S+Z$/m);
  }, 60_000);
});

describe('mistakes in commands that ask upstream', () => {
  it.each([['backfill'], ['verify'], ['doctor']])(
    '%s with a wrong password: one line, exit 1',
    async (command) => {
      const { environment } = await startUpstream();
      const settings = {
        ...environment,
        RTA_PASSWORD: 'hunter2',
        RTA_DATABASE: join(temporaryFolder(), 'mirror.sqlite'),
      };
      if (command === 'verify') {
        const { RTA_PASSWORD } = environment;
        await runProgram(['backfill', '--from', '2m'], { ...settings, RTA_PASSWORD: RTA_PASSWORD ?? '' });
      }
      const { code, out, err } = await runProgram([command], settings);
      const lines = (out + err).split('\n').filter((line) => line.includes('RTA_PASSWORD'));
      expect({ code, lines: lines.length }, out + err).toEqual({ code: 1, lines: 1 });
      expect(out + err).not.toMatch(/hunter2|\n\s+at /);
    },
  );

  it.each([['backfill'], ['verify'], ['export']])(
    '%s without an upstream or mirror: one line',
    async (command) => {
      const { code, out, err } = await runProgram([command], {
        RTA_DATABASE: join(temporaryFolder(), 'none.sqlite'),
      });
      expect({ code: code === 1 || code === 2, out, lines: err.trimEnd().split('\n').length }, err).toEqual({
        code: true,
        out: '',
        lines: 1,
      });
      expect(err).toMatch(/^RTA_(UPSTREAM_URL|DATABASE)/);
    },
  );
});

describe('a password that would travel in the clear', () => {
  it.each([['backfill'], ['verify'], ['doctor']])('stops %s before anything is sent', async (command) => {
    const { code, out, err } = await runProgram([command], {
      RTA_UPSTREAM_URL: 'http://upstream.invalid/v1',
      RTA_TENANT_ID: TENANT_ID,
      RTA_USERNAME: 'rta',
      RTA_PASSWORD: 'hunter2',
      RTA_DATABASE: join(temporaryFolder(), 'none.sqlite'),
    });
    expect(code).toBe(command === 'doctor' ? 1 : 2);
    expect(out + err).toMatch(/RTA_UPSTREAM_URL: .* in the clear; use https, or pass --insecure/);
  });
});

describe('doctor', () => {
  it('finds nothing wrong on a fresh machine', async () => {
    const { code, out } = await runProgram(['doctor'], {
      PORT: '0',
      RTA_DATABASE: join(temporaryFolder(), 'm.sqlite'),
    });
    expect(code, out).toBe(0);
    expect(out).not.toContain('FAIL');
    expect(out).toContain('the simulator stands in');
  });

  it('tells the clocks apart', async () => {
    const { environment } = await startUpstream({ clockOffsetMs: 60_000 });
    const { code, out } = await runProgram(['doctor'], {
      ...environment,
      PORT: '0',
      RTA_DATABASE: join(temporaryFolder(), 'm.sqlite'),
    });
    expect(code, out).toBe(0);
    const [, lowMs, highMs] = /^note +clock .* by (-?\d+) to (-?\d+) ms/m.exec(out) ?? [];
    expect(Number(lowMs)).toBeLessThanOrEqual(60_000);
    expect(Number(highMs)).toBeGreaterThanOrEqual(60_000);
  });

  it('finds a mirror that is none, exit 1', async () => {
    const file = join(temporaryFolder(), 'notes.txt');
    writeFileSync(file, 'no database'.repeat(500));
    const { code, out } = await runProgram(['doctor'], { PORT: '0', RTA_DATABASE: file });
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL +mirror .*RTA_DATABASE/m);
  });
});
