import { describe, expect, it } from 'vitest';
import { csvCell } from '../../src/cli/csvCell.ts';
import { formats } from '../../src/cli/eventFormats.ts';
import type { StoredEvent } from '../../src/mirror/index.ts';

const event: StoredEvent = {
  eventId: 'e1',
  agentId: 'a1',
  agentName: 'Ann, "the" One',
  platformAgentId: 1,
  tenantAgentId: 2,
  sessionId: 's1',
  loginMs: 500,
  eventType: 'agent-ready',
  startMs: 2_000,
  endMs: 3_500,
  endSource: 'REPORTED',
  reportedEndMs: 3_500,
  reportedDurationMs: 1_500,
  presence: 'ready',
  state: 'idle',
  allocation: 'not-allocated',
  direction: 'inbound',
  reasonId: 'r1',
  reasonName: 'Lunch',
  reasonListId: 'l1',
  reasonListName: 'Breaks',
  nextEventId: 'e2',
  capacityJson: '[{"channel":"voice"}]',
  extraJson: '{"colour":"red"}',
  transfers: [],
  revision: 1,
  observedMs: 4_000,
};

const lineAs = (wanted: string, of: StoredEvent) =>
  formats.find(({ name }) => name === wanted)?.line(of) ?? '';
const headerOf = (wanted: string) => formats.find(({ name }) => name === wanted)?.header ?? '';

describe('an exported event', () => {
  it('is one JSON object a line, with everything that is known', () => {
    expect(JSON.parse(lineAs('ndjson', event))).toEqual({
      eventId: 'e1',
      eventType: 'agent-ready',
      agentId: 'a1',
      agentName: 'Ann, "the" One',
      platformAgentId: 1,
      tenantAgentId: 2,
      sessionId: 's1',
      loginTimestamp: '1970-01-01T00:00:00.500Z',
      start: '1970-01-01T00:00:02.000Z',
      end: '1970-01-01T00:00:03.500Z',
      endSource: 'REPORTED',
      durationSeconds: 1.5,
      presence: 'ready',
      state: 'idle',
      allocation: 'not-allocated',
      direction: 'inbound',
      reasonId: 'r1',
      reasonName: 'Lunch',
      reasonListId: 'l1',
      reasonListName: 'Breaks',
      nextEventId: 'e2',
      capacity: [{ channel: 'voice' }],
      extra: { colour: 'red' },
      revision: 1,
      observedAt: '1970-01-01T00:00:04.000Z',
    });
    expect(lineAs('ndjson', event)).toMatch(/^[^\n]+\n$/);
  });

  it('has the same columns as CSV, and ends its lines as RFC 4180 says', () => {
    expect(headerOf('csv').trimEnd().split(',')).toEqual(Object.keys(JSON.parse(lineAs('ndjson', event))));
    expect(headerOf('csv').endsWith('\r\n')).toBe(true);
    expect(lineAs('csv', event)).toBe(
      [
        'e1,agent-ready,a1,"Ann, ""the"" One",1,2,s1',
        '1970-01-01T00:00:00.500Z,1970-01-01T00:00:02.000Z,1970-01-01T00:00:03.500Z,REPORTED,1.5',
        'ready,idle,not-allocated,inbound,r1,Lunch,l1,Breaks,e2',
        '"[{""channel"":""voice""}]","{""colour"":""red""}",1,1970-01-01T00:00:04.000Z\r\n',
      ].join(','),
    );
  });

  it('leaves empty what is not known', () => {
    const open: StoredEvent = { ...event, endMs: null, loginMs: null, capacityJson: null, extraJson: null };
    expect(JSON.parse(lineAs('ndjson', open))).toMatchObject({
      loginTimestamp: null,
      end: null,
      durationSeconds: null,
      capacity: null,
      extra: null,
    });
    expect(lineAs('csv', open)).toMatch(/,s1,,1970-01-01T00:00:02\.000Z,,REPORTED,,ready,.*,e2,,,1,/);
  });
});

describe('a cell of CSV', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@name', "'@name"],
    ['plain', 'plain'],
    ['a\nb', '"a\nb"'],
  ])('%j, a name, is written as %j: no spreadsheet runs it', (text, expected) => {
    expect(csvCell(text)).toBe(expected);
  });

  it('keeps a negative number a number', () => {
    expect(csvCell(-1.5)).toBe('-1.5');
  });
});
