import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeEventImage } from '../../src/mirror/images.ts';
import { eventFacts, kindsAfter } from './support/facts.ts';
import { type MirrorFile, openMirrorFile } from './support/mirrorFile.ts';
import { ANN, BOB, DAY_MS, record, settled, transfer, uuidAt } from './support/records.ts';

let mirror: MirrorFile;
beforeEach(() => {
  mirror = openMirrorFile();
});
afterEach(() => mirror.dispose());

const revisions = () =>
  mirror
    .rows<{ revision: number; image: string }>('select revision, image from event_revision order by revision')
    .map(({ revision, image }) => ({ revision, image: decodeEventImage(image) }));

describe('versions of a record', () => {
  test('an identical re-read is nothing', async () => {
    const same = record({ start: 1_000, end: 2_000, capacity: [], extra: { b: 1, a: [2] } });
    await mirror.append({ records: [same] });
    const digest = mirror.writer.digest();
    const { changes } = await mirror.append({ records: [{ ...same, extra: { a: [2], b: 1 } }, same] });
    expect(changes).toBe(0);
    expect(mirror.writer.digest()).toEqual(digest);
  });

  test.each([200, 1_500])('of a frame of 2,000 are found, where %i of them are held', async (held) => {
    const seen = (from: number, to: number, state: string) =>
      Array.from({ length: to - from }, (_, i) =>
        record({ start: (from + i) * 1_000, end: (from + i) * 1_000 + 500, state }),
      );
    const [first, ...rest] = seen(500, 500 + held, 'idle');
    await mirror.append({ records: [first!, ...rest] });
    const changed = seen(501, 511, 'busy');
    const records = [
      ...seen(0, 500, 'idle'),
      first!,
      ...changed,
      ...rest.slice(10),
      ...seen(500 + held, 2_000, 'idle'),
    ];
    const changeSeq = mirror.writer.changeSeq();
    await mirror.append({ records });
    const kinds = kindsAfter(mirror, changeSeq).filter((kind) => kind !== 'STATUS');
    expect(kinds.filter((kind) => kind === 'EVENT_NEW')).toHaveLength(2_000 - held);
    expect(kinds.filter((kind) => kind === 'EVENT_REVISED')).toHaveLength(10);
    expect(kinds).toHaveLength(2_000 - held + 10);
    expect(eventFacts(mirror)).toHaveLength(2_000);
  });

  test('a more complete one replaces, the former stays as a revision', async () => {
    await mirror.append({ records: [record({ start: 1_000 })] });
    const before = mirror.writer.changeSeq();
    await mirror.append({ records: [record({ start: 1_000, end: 2_000 })] });
    expect(eventFacts(mirror)).toMatchObject([
      { start: 1_000, end: 2_000, endSource: 'REPORTED', revision: 2 },
    ]);
    expect(revisions()).toMatchObject([{ revision: 1, image: { endMs: null, reportedEndMs: null } }]);
    expect(kindsAfter(mirror, before)).toEqual(['EVENT_CLOSED']);
  });

  test('as complete and different: the later observation wins', async () => {
    await mirror.append({ records: [record({ start: 1_000, end: 2_000, state: 'idle' })] });
    await mirror.append({ records: [record({ start: 1_000, end: 2_000, state: 'busy' })] });
    expect(eventFacts(mirror)).toMatchObject([{ state: 'busy', revision: 2 }]);
    await mirror.append({ records: [record({ start: 1_000, end: 2_000, state: 'idle' })] });
    expect(eventFacts(mirror)).toMatchObject([{ state: 'idle', revision: 3 }]);
  });

  test('as complete, with an attribute taken back or an end put right: upstream said so last', async () => {
    const lunch = { reasonId: uuidAt(1), reasonName: 'Lunch' };
    await mirror.append({ records: [record({ start: 1_000, end: 2_000, ...lunch })] });
    await mirror.append({ records: [record({ start: 1_000, end: 2_500, direction: null })] });
    expect(eventFacts(mirror)).toMatchObject([{ end: 2_500, revision: 2 }]);
    expect(mirror.rows('select reason, direction from event')).toEqual([{ reason: null, direction: null }]);
    expect(revisions()).toMatchObject([{ revision: 1, image: { reason: 1, reportedEndMs: DAY_MS + 2_000 } }]);
  });

  test('with fewer transfers, or fewer that ended, is an older one', async () => {
    const whole = transfer({ interaction: uuidAt(5, 9), to: BOB, start: 600, end: 700 });
    const closed = { start: 1_000, end: 2_000 };
    await mirror.append({ records: [record({ ...closed, state: 'busy', transfers: [whole] })] });
    await mirror.append({ records: [record({ ...closed, transfers: [{ ...whole, endMs: null }] })] });
    await mirror.append({ records: [record(closed)] });
    expect(eventFacts(mirror)).toMatchObject([{ state: 'busy', revision: 1 }]);
  });

  test('that differ in the numbers of the agent alone are no revision; who follows the agent is told the last of them', async () => {
    await mirror.append({ records: [record({ start: 1_000, platformAgentId: 1, tenantAgentId: null })] });
    const changeSeq = mirror.writer.changeSeq();
    await mirror.append({ records: [record({ start: 1_000, platformAgentId: 2, tenantAgentId: 3 })] });
    expect(kindsAfter(mirror, changeSeq)).toEqual(['STATUS']);
    expect(eventFacts(mirror)).toMatchObject([{ revision: 1 }]);
    expect(mirror.rows('select platform_agent_id as p, tenant_agent_id as t from agent')).toEqual([
      { p: 2, t: 3 },
    ]);
  });

  test('a less complete one never replaces, and is kept once', async () => {
    await mirror.append({ records: [record({ start: 1_000, end: 2_000 })] });
    const changeSeq = mirror.writer.changeSeq();
    const stale = record({ start: 1_000, state: 'busy' });
    await mirror.append({ records: [stale] });
    await mirror.append({ records: [stale] });
    expect(eventFacts(mirror)).toMatchObject([{ end: 2_000, state: 'idle', revision: 1 }]);
    expect(mirror.writer.changeSeq()).toBe(changeSeq);
    expect(revisions()).toMatchObject([{ revision: -1, image: { state: 2, endMs: null } }]);
  });

  test('what a replica out of date repeats is known already', async () => {
    const open = record({ start: 1_000 });
    await mirror.append({ records: [open] });
    await mirror.append({ records: [record({ start: 1_000, end: 2_000 })] });
    const digest = mirror.writer.digest();
    await mirror.append({ records: [open] });
    expect(mirror.writer.digest()).toEqual(digest);
  });

  test('count as a whole: an attribute that the more complete one leaves out is gone from the current row', async () => {
    await mirror.append({ records: [record({ start: 1_000, allocation: 'allocated' })] });
    await mirror.append({ records: [record({ start: 1_000, end: 2_000, allocation: null })] });
    expect(mirror.rows('select allocation from event')).toEqual([{ allocation: null }]);
    expect(revisions()[0]?.image.allocation).toBe(2);
  });

  test('absent is null, never zero', async () => {
    await mirror.append({
      records: [
        record({
          start: 1_000,
          sessionId: null,
          eventType: null,
          agentName: null,
          platformAgentId: null,
          tenantAgentId: null,
          presence: null,
          state: null,
          allocation: null,
          direction: null,
        }),
      ],
    });
    expect(
      mirror.rows(
        `select session, end_ms, reported_end_ms, reported_duration_ms, event_type, presence, state, allocation, direction,
           reason, capacity, event.name, next_event_id, extra, platform_agent_id, agent.name as agent_name
         from event join agent on agent.id = event.agent`,
      ),
    ).toEqual([
      {
        session: null,
        end_ms: null,
        reported_end_ms: null,
        reported_duration_ms: null,
        event_type: null,
        presence: null,
        state: null,
        allocation: null,
        direction: null,
        reason: null,
        capacity: null,
        name: null,
        next_event_id: null,
        extra: null,
        platform_agent_id: null,
        agent_name: null,
      },
    ]);
  });

  test('twice in one page with other content are one event, in one revision', async () => {
    await mirror.append({ records: [record({ start: 1_000 }), record({ start: 1_000, end: 2_000 })] });
    expect(eventFacts(mirror)).toMatchObject([{ end: 2_000, revision: 1 }]);
    expect(kindsAfter(mirror, 0)).toEqual(['EVENT_NEW', 'STATUS']);
  });

  test('that name another agent go to quarantine, whole', async () => {
    await mirror.append({ records: [record({ start: 1_000 })] });
    const other = record({ start: 1_000, end: 2_000, agentId: BOB });
    await mirror.append({ records: [other, record({ start: 3_000 })] });
    expect(eventFacts(mirror).map(({ agentId, start }) => [agentId, start])).toEqual([
      [ANN, 1_000],
      [ANN, 3_000],
    ]);
    const [row] = mirror.rows<{ reason: string; raw_json: string }>(
      'select reason, raw_json from quarantine',
    );
    expect(row?.reason).toBe('OTHER_AGENT');
    expect(JSON.parse(row?.raw_json ?? '')).toEqual(other);
  });
});

describe('what comes with a frame', () => {
  test('reasons are told apart whatever stands in their names', async () => {
    const list = { reasonListId: 'c', reasonListName: 'd' };
    await mirror.append({
      records: [
        record({ start: 1_000, reasonId: 'a', reasonName: 'x\ny', ...list }),
        record({ start: 2_000, reasonId: 'a\nx', reasonName: 'y', ...list }),
      ],
    });
    expect(mirror.rows('select reason from event order by start_ms')).toEqual([{ reason: 1 }, { reason: 2 }]);
  });

  test('unknown values keep their raw text under an id of their own, counted', async () => {
    await mirror.append({
      records: [
        record({ start: 1_000, state: 'dreaming', extra: { mood: 'good' } }),
        record({ start: 2_000, state: 'dreaming', presence: 'dreaming' }),
      ],
    });
    await mirror.append({ records: [record({ start: 2_000, state: 'dreaming', presence: 'dreaming' })] });
    const values = mirror.rows<{ id: number; attribute: string }>(
      `select id, attribute, raw, first_seen_ms as first, last_seen_ms as last, count from unknown_value
       order by attribute`,
    );
    const [first, last] = [DAY_MS + 1_000, DAY_MS + 2_000];
    expect(values).toMatchObject([
      { attribute: 'attribute', raw: 'mood', first, last: first, count: 1 },
      { attribute: 'presence', raw: 'dreaming', first: last, last, count: 1 },
      { attribute: 'state', raw: 'dreaming', first, last, count: 2 },
    ]);
    expect(values.map(({ id }) => id).sort()).toEqual([1000, 1001, 1002]);
    const state = values[2]?.id;
    expect(mirror.rows('select distinct state from event')).toEqual([{ state }]);
  });

  test('reasons and their lists are catalogued as seen', async () => {
    const lunch = {
      reasonId: uuidAt(-5),
      reasonName: 'Lunch',
      reasonListId: uuidAt(-6),
      reasonListName: 'Away',
    };
    await mirror.append({
      records: [
        record({ start: 2_000, ...lunch }),
        record({ start: 1_000, ...lunch }),
        record({ start: 3_000, ...lunch, reasonName: 'Midday' }),
        record({ start: 4_000 }),
      ],
    });
    expect(
      mirror.rows(
        'select name, list_name as list, first_seen_ms as first, last_seen_ms as last from reason order by id',
      ),
    ).toEqual([
      { name: 'Lunch', list: 'Away', first: DAY_MS + 1_000, last: DAY_MS + 2_000 },
      { name: 'Midday', list: 'Away', first: DAY_MS + 3_000, last: DAY_MS + 3_000 },
    ]);
    expect(mirror.rows('select reason from event order by start_ms')).toEqual([
      { reason: 1 },
      { reason: 1 },
      { reason: 2 },
      { reason: null },
    ]);
  });

  test('quarantined rows are kept whole, identical ones counted', async () => {
    const bad = { reason: 'NO_START' as const, rawJson: '{"eventId":"x"}' };
    await mirror.append({ quarantined: [bad, bad] });
    await mirror.append({ quarantined: [bad, { ...bad, rawJson: '{}' }] });
    expect(mirror.rows('select reason, raw_json as raw, count from quarantine order by id')).toEqual([
      { reason: 'NO_START', raw: bad.rawJson, count: 3 },
      { reason: 'NO_START', raw: '{}', count: 1 },
    ]);
  });

  test('coverage and audits come back as they were put, over a reopening too', async () => {
    const task = {
      eventId: uuidAt(500),
      namedBy: uuidAt(1_000),
      expectedMs: DAY_MS + 500,
      attempts: 1,
      nextAttemptMs: DAY_MS + 9_000,
      state: 'OPEN' as const,
    };
    const gap = {
      ...settled(60_000, 90_000),
      level: 'GAP' as const,
      cause: 'OUTAGE' as const,
      readAtMs: null,
      reads: 0,
    };
    await mirror.append({
      coverage: [settled(0, 60_000), gap],
      audits: { put: [task, { ...task, eventId: uuidAt(600) }], remove: [] },
    });
    await mirror.append({
      coverage: [{ ...settled(30_000, 70_000), level: 'SEALED' }],
      audits: { put: [{ ...task, attempts: 2 }], remove: [uuidAt(600)] },
    });
    const state = mirror.writer.readPollState();
    expect(state).toEqual({
      seq: 2,
      coverage: [
        { ...settled(0, 30_000), readAtMs: DAY_MS + 60_000 },
        { ...settled(30_000, 70_000), level: 'SEALED' },
        { ...gap, fromMs: DAY_MS + 70_000 },
      ],
      audits: [{ ...task, attempts: 2 }],
    });
    expect(mirror.reopen().readPollState()).toEqual(state);
  });
});
