import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CliFailure } from '../../src/cli/failure.ts';
import { readUpstream } from '../../src/cli/readUpstream.ts';
import { createManualClock } from '../../src/clock/manualClock.ts';
import type { ReadFailure, Upstream } from '../../src/upstream/index.ts';
import { record } from '../mirror/support/records.ts';

const BEGIN_MS = record({ start: 0 }).startMs;
const range = { fromMs: BEGIN_MS, toMs: BEGIN_MS + 1_000_000 };

const failure = (code: ReadFailure['code'], message: string): ReadFailure => ({
  kind: 'FAILED',
  code,
  message,
  status: null,
  retryAfterMs: null,
  dateSample: null,
});

type Span = { fromMs: number; toMs: number };

/** An upstream with a record a second, and what it answers to some windows instead. */
const upstreamOf = (fault: (window: Span) => ReadFailure | null) => {
  const asked: Span[] = [];
  const upstream: Upstream = {
    async readWindow(window) {
      asked.push(window);
      const refusal = fault(window);
      if (refusal) return refusal;
      const records = Array.from({ length: 1_000 }, (_, i) => record({ start: i * 1_000 })).filter(
        ({ startMs }) => startMs >= window.fromMs && startMs < window.toMs,
      );
      return { kind: 'READ', records, quarantined: [], requests: 1, dateSample: null, sentMonotonicMs: 0 };
    },
  };
  return { upstream, asked };
};

const shell = {
  environment: {},
  clock: createManualClock(BEGIN_MS),
  random: () => 0.5,
  randomBytes,
  terminal: false,
  print: () => {},
  printBulk: async () => {},
  printError: () => {},
  writeError: () => {},
  stop: new AbortController().signal,
};

const failureOf = async (reading: Promise<unknown>): Promise<CliFailure> => {
  const thrown = await reading.catch((error: unknown) => error);
  if (thrown instanceof CliFailure) return thrown;
  throw new Error('was not refused');
};

describe('reading a range of upstream', () => {
  it('asks for windows of less than ten minutes and takes every record once', async () => {
    const { upstream, asked } = upstreamOf(() => null);
    expect((await readUpstream(upstream, range, shell)).size).toBe(1_000);
    expect(asked).toHaveLength(2);
    expect(Math.max(...asked.map(({ fromMs, toMs }) => toMs - fromMs))).toBeLessThanOrEqual(600_000);
  });

  it('asks for the halves of a window whose answer is too large', async () => {
    const { upstream } = upstreamOf(({ fromMs, toMs }) =>
      toMs - fromMs > 100_000 ? failure('TOO_LARGE', 'over 32 MiB') : null,
    );
    expect((await readUpstream(upstream, range, shell)).size).toBe(1_000);
  });

  it('gives up, in one line, where even a second is too large', async () => {
    const { upstream } = upstreamOf(() => failure('TOO_LARGE', 'over 32 MiB'));
    const { exitCode, lines } = await failureOf(readUpstream(upstream, range, shell));
    expect({ exitCode, lines: lines.length }).toEqual({ exitCode: 1, lines: 1 });
    expect(lines[0]).toMatch(/^--from, --to: one second of upstream, .*\(over 32 MiB\)/);
  });

  it('says what to do about a window that upstream refuses, and asks no second time', async () => {
    const { upstream, asked } = upstreamOf(() => failure('BAD_REQUEST', 'status 400'));
    const { exitCode, lines } = await failureOf(readUpstream(upstream, range, shell));
    expect({ exitCode, asked: asked.length }).toEqual({ exitCode: 1, asked: 1 });
    expect(lines).toEqual([
      expect.stringMatching(/^--from: upstream refuses .*status 400.* ask from later on$/),
    ]);
  });
});
