import { describe, expect, it } from 'vitest';
import { createOpenEvents } from '../../src/poller/openEvents.ts';
import { parseRecord } from '../../src/upstream/index.ts';

const id = (n: number) => `0980a230-aabf-11e7-8aba-${String(n).padStart(12, '0')}`;
const record = (event: number, agent: number, startMs: number, endMs: number | null) => {
  const { record } = parseRecord({
    eventId: id(event),
    agentId: id(agent),
    start: new Date(startMs).toISOString(),
    end: endMs === null ? null : new Date(endMs).toISOString(),
  });
  if (!record) throw new Error('the row makes no record');
  return record;
};
const MINUTE = 60_000;

describe('open events', () => {
  it('are looked at again after a minute, and after a tenth of their age once they are old', () => {
    const open = createOpenEvents();
    open.observe([record(1, 1, 0, null)]);
    expect(open.due(59_000, 0, Infinity)).toEqual([]);
    expect(open.due(MINUTE, 0, Infinity)).toEqual([0]);
    open.asked({ fromMs: 0, toMs: 1_000 }, 30 * MINUTE);
    expect(open.due(32 * MINUTE, 0, Infinity)).toEqual([]);
    expect(open.due(34 * MINUTE, 0, Infinity)).toEqual([0]);
  });

  it('are looked at soon after a later event of the agent began', () => {
    const open = createOpenEvents();
    open.observe([record(1, 1, 0, null)]);
    open.asked({ fromMs: 0, toMs: 1_000 }, 60 * MINUTE);
    open.observe([record(2, 1, 61 * MINUTE, null), record(3, 2, 61 * MINUTE, null)]);
    expect(open.due(61 * MINUTE + 19_000, 0, Infinity)).toEqual([]);
    expect(open.due(61 * MINUTE + 20_000, 0, Infinity)).toEqual([0]);
  });

  it('are forgotten when they are read closed, and when looking three times has not helped', () => {
    const open = createOpenEvents();
    open.observe([record(1, 1, 0, null), record(2, 2, 0, null)]);
    open.observe([record(1, 1, 0, 5_000)]);
    expect(open.size()).toBe(1);
    open.observe([record(3, 2, 10_000, 20_000)]);
    open.asked({ fromMs: 0, toMs: 1 }, 10 * MINUTE);
    expect(open.size()).toBe(0);
  });

  it('wait a minute after an answer that was not believed, which is no turn of theirs', () => {
    const open = createOpenEvents();
    open.observe([record(1, 1, 0, null), record(2, 1, 10_000, null)]);
    for (let i = 1; i <= 5; i++) {
      open.doubted({ fromMs: 0, toMs: 1_000 }, i * MINUTE);
      expect(open.due(i * MINUTE + 59_000, 0, 1_000)).toEqual([]);
      expect(open.due((i + 1) * MINUTE, 0, 1_000)).toEqual([0]);
    }
    expect(open.size()).toBe(2);
  });

  it('leave to the reading of the present what it reads anyway', () => {
    const open = createOpenEvents();
    open.observe([record(1, 1, 0, null)]);
    expect(open.due(10 * MINUTE, 0, 0)).toEqual([]);
  });
});
