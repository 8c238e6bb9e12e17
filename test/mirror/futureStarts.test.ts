import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMirrorReader, readStatusesAt } from '../../src/mirror/index.ts';
import { endOf, eventFacts, sessionFacts, statusOf } from './support/facts.ts';
import { type MirrorFile, openMirrorFile } from './support/mirrorFile.ts';
import { ANN, DAY_MS, randomUuid, record, uuidAt } from './support/records.ts';

let mirror: MirrorFile;
beforeEach(() => {
  mirror = openMirrorFile();
});
afterEach(() => mirror.dispose());

const YEAR_MS = 365 * 86_400_000;
const at = (observed: number) => ({ observedMs: DAY_MS + observed });
const setAside = () =>
  mirror.rows<{ reason: string; count: number }>('select reason, count from quarantine order by id');

describe('a start that upstream cannot have seen yet', () => {
  test('neither holds the status nor ends the running event: the record waits in quarantine, whole', async () => {
    const ahead = record({ start: YEAR_MS, eventId: randomUuid(5), state: 'busy' });
    await mirror.append({ ...at(60_000), records: [record({ start: 1_000 }), ahead] });
    await mirror.append({ ...at(120_000), records: [record({ start: 70_000, state: 'away' }), ahead] });
    expect(statusOf(mirror, ANN)).toMatchObject({ start: 70_000, state: 'away' });
    expect(eventFacts(mirror).map(({ start, end, endSource }) => [start, end, endSource])).toEqual([
      [1_000, 70_000, 'SUCCESSOR'],
      [70_000, null, 'OPEN'],
    ]);
    expect(setAside()).toEqual([{ reason: 'FUTURE_START', count: 2 }]);
    const [raw] = mirror.rows<{ raw: string }>('select raw_json as raw from quarantine');
    expect(JSON.parse(raw?.raw ?? '')).toEqual(ahead);
  });

  test('says now what it says of this instant', async () => {
    const ahead = record({ start: YEAR_MS, eventId: randomUuid(5), state: 'busy' });
    await mirror.append({ ...at(60_000), records: [record({ start: 1_000 }), ahead] });
    const reader = createMirrorReader(mirror.file);
    const [then] = readStatusesAt(reader, DAY_MS + 60_000);
    reader.close();
    expect(then?.sinceEventMs).toBe(DAY_MS + 1_000);
    expect(statusOf(mirror, ANN)?.sinceEvent).toBe(1_000);
  });

  test('is an event like any other once its time has come', async () => {
    const ahead = record({ start: 200_000, state: 'busy' });
    await mirror.append({ ...at(60_000), records: [record({ start: 1_000 }), ahead] });
    expect(statusOf(mirror, ANN)).toMatchObject({ start: 1_000 });
    await mirror.append({ ...at(200_000), records: [ahead] });
    expect(statusOf(mirror, ANN)).toMatchObject({ start: 200_000, state: 'busy' });
    expect(endOf(mirror, 1_000)).toEqual([200_000, 'SUCCESSOR']);
  });

  test('is believed within a minute, for hosts that are not in step', async () => {
    await mirror.append({ ...at(60_000), records: [record({ start: 119_000 }), record({ start: 121_000 })] });
    expect(eventFacts(mirror).map(({ start }) => start)).toEqual([119_000]);
  });

  test('is believed of what is held already: a server clock that stepped back takes nothing away', async () => {
    await mirror.append({ ...at(300_000), records: [record({ start: 299_000 })] });
    await mirror.append({ ...at(1_000), records: [record({ start: 299_000, end: 300_000 })] });
    expect(endOf(mirror, 299_000)).toEqual([300_000, 'REPORTED']);
    expect(setAside()).toEqual([]);
  });
});

describe('an instant ahead that a record names', () => {
  test('inside its nextEventId is not its end', async () => {
    const named = record({ start: 1_000, nextEventId: uuidAt(YEAR_MS) });
    await mirror.append({ ...at(60_000), records: [named] });
    expect(endOf(mirror, 1_000)).toEqual([null, 'OPEN']);
    await mirror.append({ ...at(120_000), records: [record({ start: 70_000 })] });
    expect(endOf(mirror, 1_000)).toEqual([70_000, 'SUCCESSOR']);
  });

  test('as its login does not make its session the newest', async () => {
    const early = { sessionId: randomUuid(1), login: YEAR_MS };
    await mirror.append({ ...at(60_000), records: [record({ start: 1_000, ...early })] });
    await mirror.append({
      ...at(120_000),
      records: [record({ start: 70_000, sessionId: uuidAt(69_000, 2), login: 69_000, state: 'away' })],
    });
    expect(sessionFacts(mirror).map(({ began }) => began)).toEqual([1_000, 69_000]);
    expect(statusOf(mirror, ANN)).toMatchObject({ start: 70_000, state: 'away' });
  });
});
