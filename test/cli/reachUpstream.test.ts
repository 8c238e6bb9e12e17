import { expect, test } from 'vitest';
import { measureClock } from '../../src/cli/reachUpstream.ts';
import { createManualClock } from '../../src/clock/manualClock.ts';
import { createClockOffset, type ReadOutcome } from '../../src/upstream/index.ts';
import { failure } from '../poller/scriptedUpstream.ts';

const answersOf = (outcomes: ReadOutcome[]) => {
  const clock = createManualClock(Date.UTC(2026, 5, 1, 12));
  const askedAtMs: number[] = [];
  const upstream = {
    async readWindow(): Promise<ReadOutcome> {
      askedAtMs.push(clock.monotonicMs());
      return outcomes.shift() ?? failure('UNREACHABLE');
    },
  };
  const measuring = measureClock(upstream, createClockOffset(), clock, new AbortController().signal);
  return { clock, askedAtMs, measuring };
};
const answer: ReadOutcome = {
  kind: 'READ',
  records: [],
  quarantined: [],
  requests: 1,
  dateSample: null,
  sentMonotonicMs: 0,
};

test('a command that measures the clock waits as long as Retry-After says before it asks again', async () => {
  const busy = failure('RATE_LIMITED', { status: 429, retryAfterMs: 20_000 });
  const { clock, askedAtMs, measuring } = answersOf([busy, answer]);
  await clock.advance(60_000);
  await measuring;
  expect(askedAtMs).toEqual([0, 20_000]);
});

test('a command that is asked to wait for minutes says so and ends', async () => {
  const busy = failure('RATE_LIMITED', { status: 429, retryAfterMs: 600_000 });
  const { clock, askedAtMs, measuring } = answersOf([busy, answer]);
  const failed = expect(measuring).rejects.toMatchObject({
    lines: [expect.stringContaining('left alone for 600 s')],
  });
  await clock.advance(60_000);
  await failed;
  expect(askedAtMs).toEqual([0]);
});
