import { expect, test } from 'vitest';
import { createManualClock } from '../../../src/clock/manualClock.ts';
import { createStreamWarden, type WardedStream } from '../../../src/server/pipeline/streamWarden.ts';

test('a stream that cannot be ended is logged, and keeps no other from being ended, now or later', async () => {
  const clock = createManualClock(0);
  const logged: object[] = [];
  const note = (details: object) => void logged.push(details);
  const warden = createStreamWarden(clock, 30_000, { debug: note, info: note, warn: note, error: note });
  const broken = new Error('gone');
  const ended: string[] = [];
  const add = (name: string, expiresAtMs: number, interrupt: () => void) => {
    const stream: WardedStream = {
      waitingSinceMs: null,
      expiresAtMs,
      draining: new AbortController().signal,
      interrupt() {
        warden.remove(stream);
        ended.push(name);
        interrupt();
      },
    };
    warden.add(stream);
  };
  add('broken', 1_000, () => {
    throw broken;
  });
  add('sound', 1_000, () => {});
  add('later', 5_000, () => {});
  await clock.advance(1_000);
  expect(ended).toEqual(['broken', 'sound']);
  expect(logged).toEqual([{ err: broken }]);
  await clock.advance(4_000);
  expect(ended).toEqual(['broken', 'sound', 'later']);
});
