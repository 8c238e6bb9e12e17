import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unpackId } from '../../src/mirror/ids.ts';
import { kindsAfter } from './support/facts.ts';
import { type MirrorFile, openMirrorFile } from './support/mirrorFile.ts';
import { ANN, BOB, DAY_MS, record, transfer, uuidAt } from './support/records.ts';

let mirror: MirrorFile;
beforeEach(() => {
  mirror = openMirrorFile();
});
afterEach(() => mirror.dispose());

const interaction = uuidAt(900, 9);
const transfers = () =>
  mirror
    .rows<{ to: Buffer; start: number; end: number | null; first: number }>(
      `select agent_id as "to", transfer.start_ms as start, transfer.end_ms as end, event.start_ms as first
       from transfer join agent on agent.id = to_agent join event on event.id = transfer.event order by transfer.id`,
    )
    .map((row) => ({
      to: unpackId(row.to),
      start: row.start - DAY_MS,
      end: row.end === null ? null : row.end - DAY_MS,
      first: row.first - DAY_MS,
    }));
const transferKindsAfter = (seq: number) =>
  kindsAfter(mirror, seq).filter((kind) => kind.startsWith('TRANSFER'));

describe('transfers', () => {
  test('are united over the records that repeat them, open until an end is seen', async () => {
    const open = transfer({ interaction, to: BOB, start: 1_100 });
    const closed = transfer({ interaction, to: BOB, start: 1_100, end: 1_900 });
    await mirror.append({ records: [record({ start: 1_000, transfers: [open] })] });
    expect(transfers()).toEqual([{ to: BOB, start: 1_100, end: null, first: 1_000 }]);
    await mirror.append({ records: [record({ start: 2_000, transfers: [closed] })] });
    expect(transfers()).toEqual([{ to: BOB, start: 1_100, end: 1_900, first: 1_000 }]);
    await mirror.append({ records: [record({ start: 3_000, transfers: [open] })] });
    expect(transfers()).toEqual([{ to: BOB, start: 1_100, end: 1_900, first: 1_000 }]);
    expect(mirror.rows('select event, transfer from event_transfer')).toHaveLength(3);
    expect(transferKindsAfter(0)).toEqual(['TRANSFER_NEW', 'TRANSFER_CLOSED']);
  });

  test('of one interaction to the same agent at another time are others', async () => {
    await mirror.append({
      records: [
        record({
          start: 1_000,
          transfers: [
            transfer({ interaction, to: BOB, start: 1_100, end: 1_200 }),
            transfer({ interaction, to: BOB, start: 1_300 }),
            transfer({ interaction, to: ANN, start: 1_300 }),
          ],
        }),
      ],
    });
    expect(transfers()).toHaveLength(3);
    expect(transferKindsAfter(0)).toEqual(Array(3).fill('TRANSFER_NEW'));
  });

  test('keep the latest of ends that contradict each other, and the first record that carries them', async () => {
    const ended = (end: number) => [transfer({ interaction, to: BOB, start: 1_100, end })];
    await mirror.append({ records: [record({ start: 3_000, transfers: ended(1_900) })] });
    const before = mirror.writer.changeSeq();
    await mirror.append({ records: [record({ start: 2_000, transfers: ended(1_800) })] });
    expect(transfers()).toEqual([{ to: BOB, start: 1_100, end: 1_900, first: 2_000 }]);
    expect(transferKindsAfter(before)).toEqual(['TRANSFER_REVISED']);
  });

  test('of a stale version count too', async () => {
    await mirror.append({ records: [record({ start: 1_000, end: 2_000 })] });
    await mirror.append({
      records: [record({ start: 1_000, transfers: [transfer({ interaction, to: BOB, start: 1_100 })] })],
    });
    expect(transfers()).toHaveLength(1);
  });

  test('make their target a stub, which comes to life with its first record', async () => {
    await mirror.append({
      records: [record({ start: 1_000, transfers: [transfer({ interaction, to: BOB, start: 1_100 })] })],
    });
    const bob = () => mirror.rows('select name, seen from agent where id = 2');
    expect(bob()).toEqual([{ name: null, seen: 0 }]);
    await mirror.append({
      records: [record({ start: 5_000, agentId: BOB, agentName: 'Bob', sessionId: uuidAt(4_000, 6) })],
    });
    expect(bob()).toEqual([{ name: 'Bob', seen: 1 }]);
  });
});

describe('agents', () => {
  test('bear the name of their newest event, and a history of all', async () => {
    await mirror.append({ records: [record({ start: 5_000, agentName: 'Ann Lee' })] });
    await mirror.append({
      records: [
        record({ start: 1_000, agentName: 'ANN' }),
        record({ start: 3_000, agentName: 'ANN' }),
        record({ start: 6_000, agentName: null }),
      ],
    });
    expect(mirror.rows('select name, name_key as "key" from agent')).toEqual([
      { name: 'Ann Lee', key: 'ann lee' },
    ]);
    expect(mirror.rows('select name_key as "key" from agent_status')).toEqual([{ key: 'ann lee' }]);
    expect(
      mirror.rows('select name, from_ms as first, to_ms as last from agent_name order by from_ms'),
    ).toEqual([
      { name: 'ANN', first: DAY_MS + 1_000, last: DAY_MS + 3_000 },
      { name: 'Ann Lee', first: DAY_MS + 5_000, last: DAY_MS + 5_000 },
    ]);
    await mirror.append({ records: [record({ start: 7_000, agentName: 'ANN' })] });
    expect(mirror.rows('select name_key as "key" from agent_status')).toEqual([{ key: 'ann' }]);
  });
});
