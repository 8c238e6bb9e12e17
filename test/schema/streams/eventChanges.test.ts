import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { agentIdOf } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { ANN, BOB, record, transfer, uuidAt } from '../../mirror/support/records.ts';
import { EVENT_CHANGES, follow, TRANSFER_CHANGES } from './follow.ts';

let gateway: Gateway;
let start: string;
beforeEach(async () => {
  gateway = openGateway();
  ({
    mirror: { streamCursor: start },
  } = await gateway.ask<{ mirror: { streamCursor: string } }>('{ mirror { streamCursor } }'));
});
afterEach(() => gateway.dispose());

type Version = { eventId: string; revision: number; end: string | null; stateRaw: string | null };
type EventChange = { kind: string; event: Version; before: Version | null };

/** What a stream has to say that begins only now, however long ago the changes were. */
const changes = async <One>(document: string, filter: unknown = {}): Promise<One[]> => {
  const stream = await follow<One>(gateway, document, { after: start, filter, batchSize: 2 });
  return (await stream.until('HEARTBEAT')).flatMap((batch) => batch.changes);
};

const told = ({ kind, event, before }: EventChange) => [
  kind,
  event.revision,
  event.stateRaw,
  event.end?.slice(14, 19) ?? null,
  before && [before.revision, before.stateRaw, before.end?.slice(14, 19) ?? null],
];

describe('eventChanges', () => {
  test('tells of each version as it came to be, though later ones have replaced it', async () => {
    const eventId = uuidAt(60_000, 7);
    await gateway.mirror.append({ records: [record({ eventId, start: 60_000, state: 'idle' })] });
    await gateway.mirror.append({
      records: [record({ eventId, start: 60_000, state: 'idle', end: 120_000 })],
    });
    await gateway.mirror.append({
      records: [record({ eventId, start: 60_000, state: 'idle', end: 120_000 })],
    });
    await gateway.mirror.append({
      records: [record({ eventId, start: 60_000, state: 'busy', end: 180_000 })],
    });
    expect((await changes<EventChange>(EVENT_CHANGES)).map(told)).toEqual([
      ['NEW', 1, 'idle', null, null],
      ['CLOSED', 2, 'idle', '02:00', [1, 'idle', null]],
      ['REVISED', 3, 'busy', '03:00', [2, 'idle', '02:00']],
    ]);
  });

  test('tells of an end that follows from the next event', async () => {
    await gateway.mirror.append({ records: [record({ start: 60_000, state: 'idle' })] });
    await gateway.mirror.append({ records: [record({ start: 120_000, state: 'away' })] });
    expect((await changes<EventChange>(EVENT_CHANGES)).map(told)).toEqual([
      ['NEW', 1, 'idle', null, null],
      ['CLOSED', 2, 'idle', '02:00', [1, 'idle', null]],
      ['NEW', 1, 'away', null, null],
    ]);
  });

  test('sends a version that leaves the filter, and none that was never in it', async () => {
    const eventId = uuidAt(60_000, 7);
    await gateway.mirror.append({ records: [record({ eventId, start: 60_000, state: 'idle' })] });
    await gateway.mirror.append({
      records: [record({ eventId, start: 60_000, state: 'busy', end: 90_000 })],
    });
    await gateway.mirror.append({
      records: [record({ eventId, start: 60_000, state: 'away', end: 95_000 })],
    });
    const busy = await changes<EventChange>(EVENT_CHANGES, { state: { eq: 'BUSY' } });
    expect(busy.map(({ event }) => event.revision)).toEqual([2, 3]);
    const ofBob = await changes<EventChange>(EVENT_CHANGES, { agent: { agentId: { eq: BOB } } });
    expect(ofBob).toEqual([]);
    expect(await changes<EventChange>(EVENT_CHANGES, { agent: { agentId: { eq: ANN } } })).toHaveLength(3);
  });

  test('tells of a late record of the past, of which stateChanges is silent', async () => {
    await gateway.mirror.append({ records: [record({ start: 600_000, state: 'busy', end: 700_000 })] });
    await gateway.mirror.append({ records: [record({ start: 300_000, state: 'away', end: 400_000 })] });
    expect((await changes<EventChange>(EVENT_CHANGES)).map(({ event }) => event.stateRaw)).toEqual([
      'busy',
      'away',
    ]);
    const { stateChanges } = await gateway.ask<{ stateChanges: { changes: unknown[] } }>(
      'query ($after: Cursor!) { stateChanges(after: $after) { changes { kind } } }',
      { after: start },
    );
    expect(stateChanges.changes).toHaveLength(1);
  });
});

describe('transferChanges', () => {
  test('tells of a hand-over when it begins and when it ends, each as it was', async () => {
    const carried = (end?: number) =>
      record({
        start: 60_000,
        transfers: [
          transfer({
            interaction: uuidAt(1, 9),
            to: agentIdOf(3),
            start: 61_000,
            ...(end === undefined ? {} : { end }),
          }),
        ],
      });
    await gateway.mirror.append({ records: [carried()] });
    await gateway.mirror.append({ records: [carried(65_000)] });
    type TransferChange = {
      kind: string;
      transfer: { end: string | null };
      before: { end: string | null } | null;
    };
    const all = await changes<TransferChange>(TRANSFER_CHANGES);
    expect(all.map(({ kind, transfer: { end }, before }) => [kind, end, before])).toEqual([
      ['NEW', null, null],
      ['CLOSED', '2026-11-23T00:01:05.000Z', { end: null }],
    ]);
  });
});
