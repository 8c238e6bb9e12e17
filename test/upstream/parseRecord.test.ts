import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../src/upstream/index.ts';

/** The vendor's sample, its commas mended. */
const SAMPLE = {
  platformAgentId: 15251,
  eventType: 'agent-not-ready',
  loginTimestamp: '2017-10-06T17:50:59.690Z',
  nextEventId: '0a903d70-aabf-11e7-b5e2-9a5ac3da6edd',
  agentName: 'Admin Subpub-Admin',
  sessionId: 'e98c1770-aabe-11e7-8aba-0fc9cd50d3ff',
  capacity: [
    {
      channels: { email: 0, voice: 0, workItem: 0, messaging: 0, sms: 0 },
      allocation: 'not-allocated',
      load: 0,
      capacity: 1,
    },
  ],
  transfers: [
    {
      interactionId: '73a63320-cd80-11e8-8178-02d1c7920e75',
      toAgentId: 'f818b240-7d3b-11e7-b08f-6e56a766befb',
      transferStartTimestamp: '2018-10-11T18:07:11.382Z',
      transferEndTimestamp: '2018-10-11T18:07:48.188Z',
    },
    {
      interactionId: '92d43990-cd80-11e8-8178-02d1c7920e75',
      toAgentId: 'f95725b0-7d3b-11e7-b08f-6e56a766befb',
      transferStartTimestamp: '2018-10-11T18:08:04.908Z',
      transferEndTimestamp: '2018-10-11T18:09:18.284Z',
    },
  ],
  agentId: 'b6828f70-a38f-11e7-bbe9-0fc9cd50d3ff',
  presence: 'not-ready',
  end: '2017-10-06T17:51:55.079Z',
  durationSeconds: 1.779,
  state: 'away',
  reasonName: 'Lunch',
  reasonListName: 'Away Reasons',
  eventId: '0980a230-aabf-11e7-8aba-0fc9cd50d3ff',
  reasonListId: 'c3e00c20-87ff-11e7-b018-9a5ac3da6edd',
  reasonId: 'f9608f20-87fd-11e7-b018-9a5ac3da6edd',
  start: '2017-10-06T17:51:53.300Z',
  tenantAgentId: 9326,
  allocation: 'not-allocated',
  direction: 'inbound',
};

const RECORD = {
  eventId: SAMPLE.eventId,
  agentId: SAMPLE.agentId,
  startMs: Date.UTC(2017, 9, 6, 17, 51, 53, 300),
  startSource: 'REPORTED',
  sessionId: SAMPLE.sessionId,
  eventType: 'agent-not-ready',
  loginMs: Date.UTC(2017, 9, 6, 17, 50, 59, 690),
  nextEventId: SAMPLE.nextEventId,
  agentName: 'Admin Subpub-Admin',
  platformAgentId: 15251,
  tenantAgentId: 9326,
  presence: 'not-ready',
  state: 'away',
  allocation: 'not-allocated',
  direction: 'inbound',
  reasonId: SAMPLE.reasonId,
  reasonName: 'Lunch',
  reasonListId: SAMPLE.reasonListId,
  reasonListName: 'Away Reasons',
  endMs: Date.UTC(2017, 9, 6, 17, 51, 55, 79),
  reportedDurationMs: 1779,
  capacity: SAMPLE.capacity,
  transfers: [
    {
      interactionId: '73a63320-cd80-11e8-8178-02d1c7920e75',
      toAgentId: 'f818b240-7d3b-11e7-b08f-6e56a766befb',
      startMs: Date.UTC(2018, 9, 11, 18, 7, 11, 382),
      endMs: Date.UTC(2018, 9, 11, 18, 7, 48, 188),
    },
    {
      interactionId: '92d43990-cd80-11e8-8178-02d1c7920e75',
      toAgentId: 'f95725b0-7d3b-11e7-b08f-6e56a766befb',
      startMs: Date.UTC(2018, 9, 11, 18, 8, 4, 908),
      endMs: Date.UTC(2018, 9, 11, 18, 9, 18, 284),
    },
  ],
  extra: null,
};

const LEAST = { eventId: SAMPLE.eventId, agentId: SAMPLE.agentId, start: SAMPLE.start };

const EMPTY = {
  ...Object.fromEntries(Object.keys(RECORD).map((name) => [name, null])),
  eventId: SAMPLE.eventId,
  agentId: SAMPLE.agentId,
  startMs: RECORD.startMs,
  startSource: 'REPORTED',
  transfers: [],
};

const recordOf = (row: unknown) => {
  const { record } = parseRecord(row);
  if (!record) throw new Error('no record');
  return record;
};

describe('a row of the page', () => {
  it('is the record that the vendor’s sample describes', () => {
    expect(parseRecord(SAMPLE)).toEqual({ record: RECORD, quarantined: [] });
  });

  it('needs no more than an event, an agent and a start; absent and null are the same', () => {
    expect(recordOf(LEAST)).toEqual(EMPTY);
    const nulls = Object.fromEntries(Object.keys(SAMPLE).map((name) => [name, null]));
    expect(recordOf({ ...nulls, unheardOf: null, ...LEAST })).toEqual(EMPTY);
  });

  it('has its ids in lower case', () => {
    const upper = JSON.parse(JSON.stringify(SAMPLE), (name, value: unknown) =>
      /Id$/.test(name) && typeof value === 'string' ? value.toUpperCase() : value,
    ) as unknown;
    expect(recordOf(upper)).toEqual(RECORD);
  });

  it.each([
    ['NOT_AN_OBJECT', null],
    ['NOT_AN_OBJECT', 'corrupted row'],
    ['NOT_AN_OBJECT', [SAMPLE]],
    ['NO_EVENT_ID', { ...SAMPLE, eventId: undefined }],
    ['NO_EVENT_ID', { ...SAMPLE, eventId: 'first' }],
    ['NO_EVENT_ID', { ...SAMPLE, eventId: 7 }],
    ['NO_AGENT_ID', { ...SAMPLE, agentId: null }],
    ['NO_AGENT_ID', { ...SAMPLE, agentId: 'b6828f70' }],
    ['NO_START', { ...SAMPLE, eventId: '0980a230-aabf-41e7-8aba-0fc9cd50d3ff', start: undefined }],
    ['NO_START', { ...SAMPLE, eventId: '0980a230-aabf-41e7-8aba-0fc9cd50d3ff', start: 'yesterday' }],
  ])('is set aside whole: %s', (reason, row) => {
    expect(parseRecord(row)).toEqual({
      record: null,
      quarantined: [{ reason, rawJson: JSON.stringify(row) }],
    });
  });

  it('starts at the time inside its event’s id when it gives none that can be read', () => {
    const startMs = Date.UTC(2017, 9, 6, 17, 51, 53, 299);
    const { start: _start, ...without } = SAMPLE;
    expect(recordOf(without)).toMatchObject({ startMs, startSource: 'EVENT_ID', extra: null });
    expect(recordOf({ ...SAMPLE, start: 1507312313300 })).toMatchObject({
      startMs,
      startSource: 'EVENT_ID',
      extra: { start: 1507312313300 },
    });
  });

  it('keeps what it does not know, in one order, and even what is called __proto__', () => {
    const row = JSON.parse(
      `{"zeta": [1], "__proto__": {"a": 1}, ${JSON.stringify(LEAST).slice(1)}`,
    ) as unknown;
    const { extra } = recordOf(row);
    expect(JSON.stringify(extra)).toBe('{"__proto__":{"a":1},"zeta":[1]}');
  });

  it.each([
    ['sessionId', 'session-7', 'sessionId'],
    ['nextEventId', 12, 'nextEventId'],
    ['eventType', 3, 'eventType'],
    ['loginTimestamp', '2017-10-06T17:50:59', 'loginMs'],
    ['agentName', { first: 'Ann' }, 'agentName'],
    ['platformAgentId', 2_147_483_648, 'platformAgentId'],
    ['platformAgentId', 1.5, 'platformAgentId'],
    ['tenantAgentId', 'A7', 'tenantAgentId'],
    ['tenantAgentId', '9999999999', 'tenantAgentId'],
    ['presence', true, 'presence'],
    ['state', [], 'state'],
    ['allocation', 0, 'allocation'],
    ['direction', {}, 'direction'],
    ['reasonId', 4, 'reasonId'],
    ['reasonName', 4, 'reasonName'],
    ['reasonListId', false, 'reasonListId'],
    ['reasonListName', 4, 'reasonListName'],
    ['end', '', 'endMs'],
    ['durationSeconds', '1.779', 'reportedDurationMs'],
    ['durationSeconds', 1e300, 'reportedDurationMs'],
    ['capacity', 'full', 'capacity'],
  ])('keeps %s as it came when it is %j, and has none itself', (name, value, field) => {
    expect(recordOf({ ...SAMPLE, [name]: value })).toEqual({
      ...RECORD,
      [field]: null,
      extra: { [name]: value },
    });
  });

  it('takes ids of reasons that are no UUIDs, numbers written as text, and an end before the start', () => {
    const odd = {
      reasonId: 'LUNCH-1',
      tenantAgentId: '-7',
      platformAgentId: '2147483647',
      end: SAMPLE.loginTimestamp,
    };
    expect(recordOf({ ...SAMPLE, ...odd })).toEqual({
      ...RECORD,
      reasonId: 'LUNCH-1',
      tenantAgentId: -7,
      platformAgentId: 2_147_483_647,
      endMs: RECORD.loginMs,
    });
  });
});

describe('the capacity of a row', () => {
  it('may be empty, of several groups, and of channels that nobody heard of', () => {
    expect(recordOf({ ...LEAST, capacity: [] }).capacity).toEqual([]);
    const capacity = [{ channels: { video: 1, sms: 2, fax: 3 }, load: 1.5 }, { capacity: 0 }];
    const record = recordOf({ ...LEAST, capacity });
    expect(record.extra).toBeNull();
    expect(record.capacity).toEqual([
      { channels: { sms: 2, fax: 3, video: 1 }, allocation: null, load: 1.5, capacity: null },
      { channels: {}, allocation: null, load: null, capacity: 0 },
    ]);
  });

  it('is the same whatever order upstream writes it in', () => {
    const one = recordOf({
      ...LEAST,
      capacity: [{ channels: { a: 1, voice: 2, b: 3 }, load: 0, capacity: 1 }],
    });
    const other = recordOf({
      ...LEAST,
      capacity: [{ capacity: 1, load: 0, channels: { b: 3, a: 1, voice: 2 } }],
    });
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });

  it.each([
    ['a channel that is no number', [{ channels: { voice: 'two', sms: 1 }, load: 1 }]],
    ['an attribute that nobody heard of', [{ channels: { sms: 1 }, load: 1, colour: 'red' }]],
    ['a group that is none', [null, { channels: { sms: 1 }, load: 1 }]],
    ['an allocation that is no text', [{ channels: { sms: 1 }, load: 1, allocation: 7 }]],
  ])('is read as far as it goes and kept as it came with %s', (_what, capacity) => {
    const record = recordOf({ ...LEAST, capacity });
    expect(record.capacity).toEqual([{ channels: { sms: 1 }, allocation: null, load: 1, capacity: null }]);
    expect(record.extra).toEqual({ capacity });
  });
});

describe('the transfers of a row', () => {
  const [whole] = SAMPLE.transfers;

  it.each([
    ['no interaction', { ...whole, interactionId: undefined }],
    ['an interaction that is no id', { ...whole, interactionId: 'call-7' }],
    ['no target', { ...whole, toAgentId: null }],
    ['no start', { ...whole, transferStartTimestamp: '' }],
    ['nothing at all', null],
  ])('are set aside one by one, with the record that has them: %s', (_what, transfer) => {
    const { record, quarantined } = parseRecord({ ...SAMPLE, transfers: [transfer, SAMPLE.transfers[1]] });
    expect(record).toEqual({ ...RECORD, transfers: [RECORD.transfers[1]] });
    const { eventId, agentId } = SAMPLE;
    expect(quarantined).toEqual([
      { reason: 'TRANSFER_INCOMPLETE', rawJson: JSON.stringify({ eventId, agentId, transfer }) },
    ]);
  });

  it('may have no end yet; one that cannot be read is kept as it came', () => {
    const open = [{ ...whole, transferEndTimestamp: null }];
    expect(recordOf({ ...SAMPLE, transfers: open })).toEqual({
      ...RECORD,
      transfers: [{ ...RECORD.transfers[0], endMs: null }],
    });
    const odd = [{ ...whole, transferEndTimestamp: 'soon' }];
    expect(recordOf({ ...SAMPLE, transfers: odd })).toEqual({
      ...RECORD,
      transfers: [{ ...RECORD.transfers[0], endMs: null }],
      extra: { transfers: odd },
    });
  });

  it('are none when they are no list, which is kept as it came', () => {
    expect(recordOf({ ...LEAST, transfers: whole })).toEqual({ ...EMPTY, extra: { transfers: whole } });
  });
});

describe('any row at all', () => {
  const jsonValues = fc.jsonValue({ maxDepth: 3 });
  const anyAttribute = (name: string, sample: unknown) =>
    fc
      .oneof(
        { weight: 3, arbitrary: fc.constant(sample) },
        { weight: 1, arbitrary: jsonValues },
        {
          weight: 1,
          arbitrary: fc.constant(undefined),
        },
      )
      .map((value): [string, unknown] => [name, value]);
  const rows = fc
    .tuple(
      fc.tuple(...Object.entries(SAMPLE).map(([name, value]) => anyAttribute(name, value))),
      fc.array(fc.tuple(fc.string(), jsonValues), { maxLength: 3 }),
    )
    .map(([known, unknown]) => {
      const attributes = [...unknown, ...known].filter(([, value]) => value !== undefined);
      // Through text, as rows come: that is how an attribute named __proto__ comes about.
      return JSON.parse(JSON.stringify(Object.fromEntries(attributes))) as Record<string, unknown>;
    });

  /** Where a record has what the page calls `name`. */
  const FIELDS: Record<string, string> = {
    start: 'startMs',
    end: 'endMs',
    loginTimestamp: 'loginMs',
    durationSeconds: 'reportedDurationMs',
  };

  it('is never thrown at, and every value in it can be found again', () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: rows }, { weight: 1, arbitrary: jsonValues }), (drawn) => {
        // Through text, as rows come; JSON knows no -0.
        const row = JSON.parse(JSON.stringify(drawn)) as unknown;
        const { record, quarantined } = parseRecord(row);
        if (!record) {
          expect(quarantined.map(({ rawJson }) => JSON.parse(rawJson) as unknown)).toEqual([row]);
          return;
        }
        const attributes = Object.entries(row ?? {});
        for (const [name, value] of attributes.filter(([, given]) => given !== null)) {
          const kept = record.extra && Object.hasOwn(record.extra, name);
          if (kept) {
            expect(record.extra?.[name]).toEqual(value);
            continue;
          }
          expect(Object.hasOwn(SAMPLE, name)).toBe(true);
          const field: unknown = Object.entries(record).find(
            ([field]) => field === (FIELDS[name] ?? name),
          )?.[1];
          if (name === 'transfers') {
            expect(Array.isArray(value) && value.length).toBe(record.transfers.length + quarantined.length);
          } else {
            expect(field).not.toBeNull();
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives the same record again when it is read again in another order', () => {
    const shuffled = rows.chain((row) =>
      fc
        .shuffledSubarray(Object.entries(row), { minLength: Object.keys(row).length })
        .map((entries) => ({ row, again: Object.fromEntries(entries) })),
    );
    fc.assert(
      fc.property(shuffled, ({ row, again }) => {
        expect(JSON.stringify(parseRecord(again).record)).toBe(JSON.stringify(parseRecord(row).record));
      }),
    );
  });
});
