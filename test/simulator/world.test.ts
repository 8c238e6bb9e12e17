import { describe, expect, it } from 'vitest';
import { createWorld } from '../../src/simulator/index.ts';
import { isUuid, uuidTimeMs } from '../../src/upstream/index.ts';
import { collectGarbage } from '../collectGarbage.ts';
import { DAY, endMsOf, HOUR, MINUTE, NOW, play, recordsOf, startMsOf } from './floor.ts';

const LATER = NOW + 2 * DAY;

describe('the floor', () => {
  it('is the same for the same seed, whatever is asked first', () => {
    const forward = play();
    const backward = play();
    const windows = Array.from({ length: 48 }, (_, i) => NOW - 24 * HOUR + i * 30 * MINUTE);
    const read = (feed: ReturnType<typeof play>, fromMs: number) =>
      JSON.stringify(
        feed.answer({ startMs: fromMs, endMs: fromMs + 10 * MINUTE, limit: null, offset: 0 }, NOW),
      );
    const inOrder = windows.map((fromMs) => read(forward, fromMs));
    const reversed = [...windows].reverse().map((fromMs) => read(backward, fromMs));
    expect(reversed.reverse()).toEqual(inOrder);
    expect(read(play({ seed: 8 }), windows[20]!)).not.toBe(inOrder[20]);
  });

  it.each([
    ['tiny', 5],
    ['small', 25],
    ['medium', 150],
  ] as const)('%s has somebody on shift and moving at any hour', (preset, agents) => {
    const world = createWorld({ seed: 3, preset, startMs: NOW - 3 * DAY });
    expect(world.roster.agents).toHaveLength(agents);
    for (let fromMs = NOW - 2 * DAY; fromMs < NOW; fromMs += HOUR) {
      expect(world.eventsStarting(fromMs, fromMs + HOUR).length).toBeGreaterThan(agents / 4);
    }
  });

  it('writes as many records per agent and day as a real one, in the same proportions', () => {
    const records = recordsOf(play({ agents: 300, historyMs: 3 * DAY }), NOW - DAY, NOW, LATER);
    const perAgent = records.length / 300;
    expect(perAgent).toBeGreaterThan(118 * 0.75);
    expect(perAgent).toBeLessThan(118 * 1.25);
    const shareOf = (eventType: string) =>
      records.filter((record) => record.eventType === eventType).length / records.length;
    expect(shareOf('agent-capacity')).toBeGreaterThan(0.85);
    expect(shareOf('agent-ready')).toBeGreaterThan(0.03);
    expect(shareOf('agent-not-ready')).toBeGreaterThan(0.03);
    expect(shareOf('agent-session-start')).toBeGreaterThan(0.005);
    const transfers = records.reduce((sum, record) => sum + (record.transfers?.length ?? 0), 0);
    expect(transfers / 300).toBeGreaterThan(3);
    expect(transfers / 300).toBeLessThan(9);
    expect(JSON.stringify(records).length / records.length).toBeGreaterThan(700);
    expect(JSON.stringify(records).length / records.length).toBeLessThan(1000);
  });

  it('makes three days of a thousand agents within seconds, in bounded memory', () => {
    const world = createWorld({ seed: 7, preset: 'large', startMs: NOW - 3 * DAY });
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    const cpuBefore = process.cpuUsage();
    let events = 0;
    for (let fromMs = NOW - 3 * DAY; fromMs < NOW; fromMs += 10 * MINUTE) {
      events += world.eventsStarting(fromMs, fromMs + 10 * MINUTE).length;
    }
    // Processor time: what else the machine is doing is not the world's speed.
    expect(process.cpuUsage(cpuBefore).user / 1_000).toBeLessThan(12_000);
    expect(events).toBeGreaterThan(300_000);
    collectGarbage();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(600_000_000);
  });

  it('chains the records of a session by ids that carry their instants', () => {
    const records = recordsOf(play(), NOW - 20 * HOUR, NOW, LATER);
    const byId = new Map(records.map((record) => [record.eventId, record]));
    let chained = 0;
    let sameMs = 0;
    for (const record of records) {
      expect(isUuid(record.eventId ?? '')).toBe(true);
      const lead = startMsOf(record) - (uuidTimeMs(record.eventId ?? '') ?? 0);
      expect([0, 1]).toContain(lead);
      if (lead === 0) sameMs++;
      expect(uuidTimeMs(record.sessionId ?? '')).toBe(Date.parse(record.loginTimestamp ?? '') - 3);
      if (record.end) expect(record.durationSeconds).toBe((endMsOf(record) - startMsOf(record)) / 1000);
      if (!record.nextEventId) continue;
      expect(uuidTimeMs(record.nextEventId)).toBe(endMsOf(record));
      const next = byId.get(record.nextEventId);
      if (!next) continue;
      chained++;
      expect(next.sessionId).toBe(record.sessionId);
      expect(startMsOf(next) - endMsOf(record)).toBeLessThanOrEqual(1);
    }
    expect(byId.size).toBe(records.length);
    expect(chained / records.length).toBeGreaterThan(0.9);
    expect(sameMs / records.length).toBeGreaterThan(0.4);
    expect(new Set(records.map((record) => record.eventId?.slice(24))).size).toBeGreaterThan(3);
  });

  it('has what makes floors awkward: renames, namesakes, group counts, transfer targets that never speak, chains', () => {
    const records = recordsOf(play({ agents: 100, historyMs: 3 * DAY }), NOW - 3 * DAY, NOW, LATER - 2 * DAY);
    const names = new Map<string, Set<string>>();
    const agents = new Map<string, Set<string>>();
    for (const { agentId = '', agentName = '' } of records) {
      names.set(agentId, (names.get(agentId) ?? new Set()).add(agentName));
      agents.set(agentName, (agents.get(agentName) ?? new Set()).add(agentId));
    }
    expect([...names.values()].some((set) => set.size > 1)).toBe(true);
    expect([...agents.values()].some((set) => set.size > 1)).toBe(true);
    expect(new Set(records.map((record) => record.capacity?.length))).toEqual(new Set([1, 2, 3]));
    const targets = new Set(records.flatMap((record) => record.transfers ?? []).map((one) => one.toAgentId));
    expect([...targets].some((id) => !names.has(id))).toBe(true);
    expect([...targets].some((id) => names.has(id))).toBe(true);
    const legs = new Map<string, { from: string; to: string; atMs: number }[]>();
    for (const record of records) {
      for (const { interactionId, toAgentId, transferStartTimestamp } of record.transfers ?? []) {
        const leg = { from: record.agentId ?? '', to: toAgentId, atMs: Date.parse(transferStartTimestamp) };
        legs.set(interactionId, [...(legs.get(interactionId) ?? []), leg]);
      }
    }
    const handedOn = [...legs.values()].filter((chain) =>
      chain.some((leg) => chain.some((next) => next.atMs > leg.atMs && next.from === leg.to)),
    );
    expect(handedOn.length).toBeGreaterThan(10);
    const returned = handedOn.filter((chain) => chain.some((leg) => leg.to === chain[0]?.from));
    expect(returned.length).toBeGreaterThan(1);
    expect(records.some((record) => record.presence === 'not-ready' && record.state === 'busy')).toBe(true);
    expect(records.some((record) => record.reasonName === null)).toBe(true);
    expect(records.some((record) => record.state === 'idle' && !('reasonName' in record))).toBe(true);
  });

  it('tells a transfer that outlives its record again, with its end, in the next', () => {
    const records = recordsOf(play({ agents: 100 }), NOW - DAY, NOW - HOUR, LATER);
    const bySender = new Map<string, { open: number; ended: number }>();
    for (const record of records) {
      for (const transfer of record.transfers ?? []) {
        const key = `${record.agentId} ${transfer.interactionId} ${transfer.transferStartTimestamp}`;
        const told = bySender.get(key) ?? { open: 0, ended: 0 };
        if (transfer.transferEndTimestamp) told.ended++;
        else told.open++;
        bySender.set(key, told);
      }
    }
    expect(
      [...bySender.values()].filter((told) => told.open === 1 && told.ended === 1).length,
    ).toBeGreaterThan(20);
    expect(
      [...bySender.values()].filter((told) => told.open === 0 && told.ended === 1).length,
    ).toBeGreaterThan(20);
  });
});
