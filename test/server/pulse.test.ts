import { expect, test } from 'vitest';
import { createManualClock } from '../../src/clock/manualClock.ts';
import { createPulse } from '../../src/server/pulse.ts';

test('everybody is called once a round, counted from when they joined, until they leave', async () => {
  const clock = createManualClock(0);
  const pulse = createPulse(clock, 12_000);
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
  const pulse = createPulse(clock, 1_200);
  const calls: number[] = [];
  pulse.join(() => calls.push(0))();
  await clock.advance(2_400);
  pulse.join(() => calls.push(clock.monotonicMs()));
  await clock.advance(1_200);
  expect(calls).toEqual([3_600]);
});
