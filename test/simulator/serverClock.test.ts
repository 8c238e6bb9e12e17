import { expect, it } from 'vitest';
import { createManualClock } from '../../src/clock/manualClock.ts';
import { startSimulator } from '../../src/simulator/index.ts';

const HOUR_MS = 3_600_000;
const BEGIN_MS = Date.UTC(2026, 5, 1, 12);

it("plays a server clock that is off, drifts, and is set once; the Date header is that clock's", async () => {
  const clock = createManualClock(BEGIN_MS);
  const simulator = await startSimulator({
    clock,
    port: 0,
    seed: 1,
    preset: 'tiny',
    tenantId: '3e0f9a50-7d3b-11e7-b08f-6e56a766befb',
    username: 'rta',
    password: 'rta',
    clockOffsetMs: 10_000,
    clockStepMs: -300_000,
    clockStepAfterMs: 2 * HOUR_MS,
    clockDriftMsPerHour: 500,
  });
  try {
    const aheadMs = () => simulator.nowMs() - clock.nowMs();
    expect(aheadMs()).toBe(10_000);
    await clock.advance(HOUR_MS);
    expect(aheadMs()).toBe(10_500);
    await clock.advance(HOUR_MS);
    expect(aheadMs()).toBe(10_000 + 1_000 - 300_000);
    const answer = await fetch(`${simulator.baseUrl}/wfm/rta`);
    await answer.arrayBuffer();
    expect(Date.parse(answer.headers.get('date') ?? '')).toBe(Math.floor(simulator.nowMs() / 1_000) * 1_000);
  } finally {
    await simulator.stop();
  }
});
