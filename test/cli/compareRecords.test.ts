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
  transfers: [],
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

  it('takes what an older version leaves out for no contradiction', () => {
    expect(kinds([stored()], [record({ presence: null, endMs: null, nextEventId: null })])).toEqual([]);
    expect(kinds([stored()], [record({ presence: null, nextEventId: null })])).toEqual([]);
  });

  it.each<[name: string, mirror: Partial<StoredEvent>, upstream: Partial<AgentStateRecord>]>([
    ['durationSeconds', { reportedDurationMs: 9_999 }, {}],
    ['loginTimestamp', { loginMs: 900 }, {}],
    ['platformAgentId', { platformAgentId: 7 }, {}],
    ['tenantAgentId', { tenantAgentId: null }, {}],
    ['capacity', {}, { capacity: [{ channels: { voice: 1 }, allocation: null, load: 1, capacity: 1 }] }],
    ['capacity', { capacityJson: '[]' }, {}],
    ['extra', {}, { extra: { mood: 'good' } }],
    ['extra', { extraJson: '{"mood":"good"}' }, {}],
    ['reasonId', { reasonId: 'r1' }, {}],
    ['reasonName', { reasonName: 'Lunch' }, {}],
    ['reasonListId', { reasonListId: 'l1' }, { reasonListId: 'l2' }],
    ['reasonListName', { reasonListName: 'Away' }, {}],
    ['presence', {}, { presence: null }],
    ['allocation', {}, { allocation: null }],
    ['eventType', {}, { eventType: null }],
    ['agentName', {}, { agentName: null }],
    ['sessionId', {}, { sessionId: null, loginMs: null }],
    ['transfer i1', {}, { transfers: [{ interactionId: 'i1', toAgentId: 'b', startMs: 1, endMs: 2 }] }],
  ])('sees another %s', (name, mirror, upstream) => {
    const [found] = compareRecords([stored(mirror)], [record(upstream)], span);
    expect(found?.fields.map((field) => field.name)).toEqual([name]);
  });

  it('takes a later end of a transfer from another record, and other orders of attributes, for nothing', () => {
    const theirs = { interactionId: 'i1', toAgentId: 'b', startMs: 1, endMs: 2 };
    const ours = { ...theirs, endMs: 5 };
    expect(kinds([stored({ transfers: [ours] })], [record({ transfers: [theirs] })])).toEqual([]);
    expect(kinds([stored({ transfers: [ours] })], [record()])).toEqual([]);
    expect(
      kinds([stored({ transfers: [{ ...theirs, endMs: null }] })], [record({ transfers: [theirs] })]),
    ).toEqual([['BEHIND', 'e1', 'transfer i1 end']]);
    const capacity = [{ channels: { voice: 1, sms: 0 }, allocation: null, load: 1, capacity: 1 }];
    const capacityJson = '[{"channels":{"sms":0,"voice":1},"load":1,"capacity":1,"allocation":null}]';
    expect(kinds([stored({ capacityJson })], [record({ capacity })])).toEqual([]);
  });

  it('knows a session that is another agent by what stands in `extra`', () => {
    const foreign = { sessionId: null, loginMs: null, extraJson: '{"sessionId":"s1"}' };
    expect(kinds([stored(foreign)], [record()])).toEqual([]);
    expect(kinds([stored(foreign)], [record({ sessionId: 's2' })])).toEqual([
      ['DIFFERS', 'e1', 'sessionId', 'extra'],
    ]);
  });

  it('tells once what the mirror keeps once: the earliest login of a session, the newest numbers of an agent', () => {
    const newer = { eventId: 'e0', startMs: 2_500 };
    const both = [stored(), stored(newer)];
    expect(kinds(both, [record({ platformAgentId: 9 }), record(newer)])).toEqual([]);
    expect(kinds(both, [record(), record({ ...newer, platformAgentId: 9 })])).toEqual([
      ['DIFFERS', 'e0', 'platformAgentId'],
    ]);
    expect(kinds(both, [record({ loginMs: 400 }), record(newer)])).toEqual([
      ['DIFFERS', 'e1', 'loginTimestamp'],
    ]);
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
