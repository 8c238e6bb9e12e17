import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createMirrorReader,
  type MirrorReader,
  readCoverage,
  readCoverageBetween,
  readDrift,
  readGaps,
} from '../../src/mirror/index.ts';
import { breaksBetweenSql, layBreaks, newestBreaksSql } from '../../src/mirror/reading/chainBreaks.ts';
import { breakChainAt } from '../../src/poller/claims.ts';
import { coverageDelta } from '../../src/poller/coverage.ts';
import { type AuditTask, applyCoverage, type CoveragePart, type Span } from '../../src/poller/index.ts';
import { GENESIS_MS, type MirrorFile, openMirrorFile } from './support/mirrorFile.ts';
import { DAY_MS, gap, randomUuid, record, settled, uuidAt } from './support/records.ts';

let mirror: MirrorFile;
let reader: MirrorReader;
beforeEach(() => {
  mirror = openMirrorFile();
  reader = createMirrorReader(mirror.file);
});
afterEach(() => {
  reader.close();
  mirror.dispose();
});

const missing = (at: number, parts: Partial<AuditTask> = {}): AuditTask => ({
  eventId: uuidAt(at, 9),
  namedBy: uuidAt(1_000),
  expectedMs: DAY_MS + at,
  attempts: 3,
  nextAttemptMs: DAY_MS + at + 60_000,
  state: 'BROKEN',
  ...parts,
});

/** As the poller gives a record up: the task, and the millisecond in its coverage. */
const giveUp = async (...tasks: AuditTask[]) => {
  const before = mirror.writer.readPollState().coverage;
  let after = before;
  for (const { expectedMs } of tasks) if (expectedMs !== null) after = breakChainAt(after, expectedMs);
  await mirror.append({ coverage: coverageDelta(before, after), audits: { put: tasks, remove: [] } });
};

const spans = (slices: readonly (Span & { cause: string | null })[]) =>
  slices.map(({ fromMs, toMs, cause }) => [fromMs - DAY_MS, toMs - DAY_MS, cause]);
const gaps = () => spans(readGaps(reader));

describe('a record that the chain proves and that never came', () => {
  test('is a gap at its instant, and leaves no slices behind in the coverage', async () => {
    await mirror.append({
      coverage: [settled(0, 600_000), gap(600_000, 700_000), settled(700_000, 900_000)],
    });
    const before = mirror.writer.readPollState().coverage;
    await giveUp(missing(5_000), missing(5_001), missing(9_000), missing(650_000));
    expect(mirror.writer.readPollState()).toMatchObject({ coverage: before, audits: [] });
    expect(readCoverage(reader)).toEqual(before);
    expect(gaps()).toEqual([
      [5_000, 5_002, 'CHAIN_BREAK'],
      [9_000, 9_001, 'CHAIN_BREAK'],
      [600_000, 700_000, 'OUTAGE'],
    ]);
    expect(spans(readCoverageBetween(reader, DAY_MS + 4_000, DAY_MS + 9_000))).toEqual([
      [4_000, 5_000, null],
      [5_000, 5_002, 'CHAIN_BREAK'],
      [5_002, 9_000, null],
    ]);
  });

  test('stays one over a re-read that does not find it', async () => {
    await mirror.append({ coverage: [settled(0, 600_000)] });
    await giveUp(missing(5_000));
    await mirror.append({
      coverage: [{ ...settled(0, 600_000), level: 'SEALED', reads: 2, stage: 8 }],
      audits: { put: [missing(5_000, { state: 'OPEN' })], remove: [] },
    });
    expect(gaps()).toEqual([[5_000, 5_001, 'CHAIN_BREAK']]);
    expect(mirror.writer.readPollState().audits).toEqual([]);
    expect(mirror.reopen().readPollState().audits).toEqual([]);
  });

  test('is none once it arrives after all', async () => {
    await mirror.append({ coverage: [settled(0, 600_000)] });
    await giveUp(missing(5_000), missing(9_000));
    await mirror.append({ records: [record({ start: 5_000, eventId: uuidAt(5_000, 9) })] });
    expect(gaps()).toEqual([[9_000, 9_001, 'CHAIN_BREAK']]);
  });

  test('whose id holds no time is one where the record that names it ended', async () => {
    await mirror.append({
      records: [record({ start: 1_000, end: 2_000, nextEventId: randomUuid(1) })],
      coverage: [settled(0, 600_000)],
    });
    await giveUp(missing(0, { eventId: randomUuid(1), expectedMs: null }));
    expect(gaps()).toEqual([[2_000, 2_001, 'CHAIN_BREAK']]);
  });

  test('is forgotten with what was read around it, some at a time', async () => {
    await mirror.append({ coverage: [settled(0, 600_000)] });
    await giveUp(...Array.from({ length: 7 }, (_, i) => missing(1_000 + i * 10)), missing(500_000));
    const options = { nowMs: GENESIS_MS, changeRetentionMs: GENESIS_MS, maxRows: 3 };
    const prune = () => mirror.writer.prune({ ...options, eventRetentionMs: GENESIS_MS - DAY_MS - 400_000 });
    const left = () => mirror.rows<{ n: number }>('select count(*) as n from audit')[0]?.n;
    expect([prune(), left(), prune(), left(), prune(), left()]).toEqual([true, 5, true, 2, false, 1]);
    expect(gaps()).toEqual([[500_000, 500_001, 'CHAIN_BREAK']]);
  });

  test('leaves no trace of a frame that was rolled back', async () => {
    const open = missing(5_000, { state: 'OPEN' });
    await mirror.append({ audits: { put: [open], remove: [] } });
    const broken = { ...missing(9_000), attempts: Number.NaN };
    await expect(mirror.append({ audits: { put: [missing(5_000), broken], remove: [] } })).rejects.toThrow();
    expect(mirror.writer.readPollState().audits).toEqual([open]);
  });
});

describe('thousands of them', () => {
  const many = 3_000;
  const step = 1_000;

  test('are listed newest first as far as the list goes, told whole of a range, and counted as a habit', async () => {
    await mirror.append({ coverage: [settled(0, many * step)] });
    expect(readDrift(reader)).toEqual([]);
    const put = Array.from({ length: many }, (_, i) => missing(i * step));
    await mirror.append({ audits: { put, remove: [] } });
    expect(readGaps(reader)).toHaveLength(1_000);
    expect(gaps().at(-1)).toEqual([(many - 1) * step, (many - 1) * step + 1, 'CHAIN_BREAK']);
    expect(
      readCoverageBetween(reader, DAY_MS, DAY_MS + many * step).filter(({ level }) => level === 'GAP'),
    ).toHaveLength(many);
    expect(readDrift(reader)).toMatchObject([{ attribute: 'nextEventId', count: many, firstSeenMs: DAY_MS }]);
    expect(mirror.writer.readPollState()).toMatchObject({ coverage: [{}], audits: [] });
  });

  test.each([
    ['of a range', breaksBetweenSql, [0, 1, 1]],
    ['the newest', newestBreaksSql, [1]],
  ])('are found by their instants alone: %s', (_, sql, params) => {
    const plan = mirror.rows<{ detail: string }>(`explain query plan ${sql}`, ...params);
    expect(plan.map(({ detail }) => detail).join()).toMatch(/USING (COVERING )?INDEX audit_broken/);
    expect(plan.map(({ detail }) => detail).join()).not.toMatch(/TEMP B-TREE/);
  });
});

test('breaks laid over parts leave nothing out and nothing doubled, and cover no greater loss', () => {
  const levels = fc.constantFrom('UNREAD', 'GAP', 'PROVISIONAL', 'SETTLED', 'SEALED');
  const partsOf = fc
    .array(fc.record({ level: levels, length: fc.integer({ min: 1, max: 6 }) }), {
      minLength: 1,
      maxLength: 8,
    })
    .map((drawn) => {
      let atMs = 0;
      return drawn.map(({ level, length }) => {
        const part = { ...settled(0, 0), level, fromMs: atMs, toMs: atMs + length };
        atMs += length;
        return level === 'GAP' ? { ...part, cause: 'OUTAGE' as const } : part;
      });
    });
  const breaks = fc.array(fc.integer({ min: -3, max: 50 })).map((ms) => ms.sort((a, b) => a - b));
  fc.assert(
    fc.property(partsOf, breaks, (parts, breaksMs) => {
      const laid = layBreaks(parts, breaksMs);
      const at = (list: readonly CoveragePart[], ms: number) =>
        list.filter(({ fromMs, toMs }) => fromMs <= ms && ms < toMs);
      for (let ms = 0; ms < parts.at(-1)!.toMs; ms++) {
        const [before] = at(parts, ms);
        const now = at(laid, ms);
        const hidden = before?.level === 'GAP' || before?.level === 'UNREAD' || !breaksMs.includes(ms);
        expect(now.map(({ level, cause }) => [level, cause])).toEqual([
          hidden ? [before?.level, before?.cause] : ['GAP', 'CHAIN_BREAK'],
        ]);
      }
      expect(laid.at(-1)?.toMs).toBe(parts.at(-1)?.toMs);
      expect(laid.every(({ fromMs, toMs }) => fromMs < toMs)).toBe(true);
    }),
  );
});

test('a break laid in while its surroundings change takes their level', async () => {
  await mirror.append({ coverage: [settled(0, 600_000)] });
  const before = mirror.writer.readPollState().coverage;
  const sealed = applyCoverage(before, [{ ...before[0]!, level: 'SEALED', stage: 8 }]);
  const delta = coverageDelta(before, breakChainAt(sealed, DAY_MS + 5_000));
  await mirror.append({ coverage: delta, audits: { put: [missing(5_000)], remove: [] } });
  expect(mirror.writer.readPollState().coverage).toEqual(sealed);
});
