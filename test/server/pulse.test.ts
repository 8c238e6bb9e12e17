import { expect, test } from 'vitest';
import { createManualClock } from '../../src/clock/manualClock.ts';
import { createPulse } from '../../src/server/pulse.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

test('everybody is called once a round, counted from when they joined, until they leave', async () => {
  const clock = createManualClock(0);
  const pulse = createPulse(clock, 12_000, silent);
  const called: string[] = [];
  const join = (name: string) => pulse.join(() => called.push(`${name} ${clock.monotonicMs()}`));
  const leaveEarly = join('early');
  await clock.advance(5_000);
  join('late');
  await clock.advance(12_000);
  expect(called).toEqual(['early 12000', 'late 17000']);
  leaveEarly();
  leaveEarly();
  await clock.advance(12_000);
  expect(called.slice(2)).toEqual(['late 29000']);
});

test('whoever joins after all have left is called again', async () => {
  const clock = createManualClock(0);
  const pulse = createPulse(clock, 1_200, silent);
  const calls: number[] = [];
  pulse.join(() => calls.push(0))();
  await clock.advance(2_400);
  pulse.join(() => calls.push(clock.monotonicMs()));
  await clock.advance(1_200);
  expect(calls).toEqual([3_600]);
});

test('a beat that fails is logged, and stops nobody: not the others, not the rounds to come', async () => {
  const clock = createManualClock(0);
  const logged: object[] = [];
  const pulse = createPulse(clock, 1_200, { ...silent, error: (details) => void logged.push(details) });
  const calls: number[] = [];
  const broken = new Error('no such socket');
  pulse.join(() => {
    throw broken;
  });
  pulse.join(() => calls.push(clock.monotonicMs()));
  await clock.advance(2_400);
  expect(calls).toEqual([1_200, 2_400]);
  expect(logged).toEqual([{ err: broken }, { err: broken }]);
});
