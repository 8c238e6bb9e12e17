import { describe, expect, it } from 'vitest';
import { compareRecords } from '../../src/cli/compareRecords.ts';
import type { StoredEvent } from '../../src/mirror/index.ts';
import type { AgentStateRecord } from '../../src/upstream/index.ts';

const span = { fromMs: 1_000, toMs: 10_000 };

const record = (changed: Partial<AgentStateRecord> = {}): AgentStateRecord => ({
  eventId: 'e1',
  agentId: 'a1',
  startMs: 2_000,
  startSource: 'REPORTED',
  sessionId: 's1',
  eventType: 'agent-ready',
  loginMs: 500,
  nextEventId: 'e2',
  agentName: 'Ann',
  platformAgentId: 1,
  tenantAgentId: 2,
  presence: 'ready',
  state: 'idle',
  allocation: 'not-allocated',
  direction: null,
  reasonId: null,
  reasonName: null,
  reasonListId: null,
  reasonListName: null,
  endMs: 3_000,
  reportedDurationMs: 1_000,
  capacity: null,
  transfers: [],
  extra: null,
  ...changed,
});

const stored = (changed: Partial<StoredEvent> = {}): StoredEvent => ({
  eventId: 'e1',
  agentId: 'a1',
  agentName: 'Ann',
  platformAgentId: 1,
  tenantAgentId: 2,
  sessionId: 's1',
  loginMs: 500,
  eventType: 'agent-ready',
  startMs: 2_000,
  endMs: 3_000,
  endSource: 'REPORTED',
  reportedEndMs: 3_000,
  reportedDurationMs: 1_000,
  presence: 'ready',
  state: 'idle',
  allocation: 'not-allocated',
  direction: null,
  reasonId: null,
  reasonName: null,
  reasonListId: null,
  reasonListName: null,
  nextEventId: 'e2',
  capacityJson: null,
  extraJson: null,
  revision: 1,
  observedMs: 4_000,
  ...changed,
});

const kinds = (mirror: StoredEvent[], upstream: AgentStateRecord[]) =>
  compareRecords(mirror, upstream, span).map(({ kind, eventId, fields }) => [
    kind,
    eventId,
    ...fields.map(({ name }) => name),
  ]);

describe('holding the mirror against upstream', () => {
  it('finds nothing where they agree', () => {
    expect(kinds([stored()], [record()])).toEqual([]);
  });

  it('takes what upstream leaves out for no contradiction', () => {
    expect(kinds([stored()], [record({ presence: null, endMs: null, nextEventId: null })])).toEqual([]);
  });

  it('names what contradicts, with both values', () => {
    expect(compareRecords([stored({ state: 'busy' })], [record()], span)).toEqual([
      {
        kind: 'DIFFERS',
        eventId: 'e1',
        startMs: 2_000,
        fields: [{ name: 'state', mirror: 'busy', upstream: 'idle' }],
      },
    ]);
  });

  it('finds what only upstream has, within the span alone', () => {
    const outside = [record({ eventId: 'e8', startMs: 999 }), record({ eventId: 'e9', startMs: 10_000 })];
    expect(kinds([], [record(), ...outside])).toEqual([['MISSING', 'e1']]);
  });

  it('calls an end that came after the last read BEHIND, and an end that was inferred rightly nothing', () => {
    const open = { endMs: null, reportedEndMs: null, endSource: 'OPEN', nextEventId: null } as const;
    expect(kinds([stored(open)], [record()])).toEqual([['BEHIND', 'e1', 'end', 'nextEventId']]);
    expect(kinds([stored({ reportedEndMs: null, endSource: 'SUCCESSOR' })], [record()])).toEqual([]);
  });

  it('calls another end than the reported one a difference', () => {
    expect(kinds([stored({ reportedEndMs: 2_900 })], [record()])).toEqual([['DIFFERS', 'e1', 'end']]);
  });

  it('finds what upstream shows no more, unless it may only lie in another window', () => {
    const later = stored({ eventId: 'e3', reportedEndMs: 12_000 });
    const open = stored({ eventId: 'e4', reportedEndMs: null });
    expect(kinds([stored(), later, open], [])).toEqual([['EXTRA', 'e1']]);
  });

  it('is content when the mirror agrees with one of the versions that upstream shows', () => {
    expect(kinds([stored()], [record({ state: 'away' }), record()])).toEqual([]);
    expect(kinds([stored()], [record({ state: 'away' }), record({ state: 'busy' })])).toEqual([
      ['DIFFERS', 'e1', 'state'],
    ]);
  });
});
