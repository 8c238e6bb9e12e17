import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS, MINUTE_MS, settled } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { record } from '../../mirror/support/records.ts';

const at = (minutes: number) => new Date(DAY_MS + minutes * MINUTE_MS).toISOString();

/** One minute longer each, so that every sum tells of what it is made. */
const REASONS: [reasonId: string | null, name: string | null, listId: string | null, list: string | null][] =
  [
    ['lunch', 'Lunch', 'pauses', 'Pauses'],
    ['lunch', 'Midday meal', 'pauses', 'Pauses'],
    ['lunch', 'Midday meal', 'pauses', 'Breaks'],
    ['tea', 'Lunch', 'pauses', 'Breaks'],
    [null, 'Lunch', null, 'Pauses'],
    [null, 'Lunch', null, 'Other'],
    [null, null, null, null],
  ];

let gateway: Gateway;
beforeAll(async () => {
  gateway = openGateway();
  for (const [i, [reasonId, reasonName, reasonListId, reasonListName]] of REASONS.entries()) {
    const start = i * 15 * MINUTE_MS;
    await gateway.mirror.append({
      records: [
        record({
          start,
          end: start + (i + 1) * MINUTE_MS,
          state: 'away',
          reasonId,
          reasonName,
          reasonListId,
          reasonListName,
        }),
      ],
    });
  }
  await gateway.mirror.append({ coverage: [settled(0, 9 * 60 * MINUTE_MS)] });
});
afterAll(() => gateway.dispose());

type Bucket = {
  reason: { reasonId: string | null; name: string | null } | null;
  reasonListId: string | null;
  reasonListName: string | null;
  durationMs: number;
};
const ask = async (key: string, fields: string) =>
  (
    await gateway.ask<{ stateDurations: Bucket[] }>(
      `{ stateDurations(from: "${at(0)}", to: "${at(120)}", groupBy: [${key}]) { durationMs ${fields} } }`,
    )
  ).stateDurations;

// From the rollup, and one by one.
test.each(['', 'events'])(
  'a reason that was renamed counts as one, under its first name (%s)',
  async (more) => {
    const found = await ask('REASON', `reason { reasonId name } ${more}`);
    const minutes = found.map(({ reason, durationMs }) => [
      reason?.reasonId,
      reason?.name,
      durationMs / MINUTE_MS,
    ]);
    expect(minutes).toEqual([
      [undefined, undefined, 7],
      ['lunch', 'Lunch', 1 + 2 + 3],
      ['tea', 'Lunch', 4],
      // Without ids only names tell reasons apart.
      [null, 'Lunch', 5 + 6],
    ]);
  },
);

test.each(['', 'events'])('so does a list of reasons (%s)', async (more) => {
  const found = await ask('REASON_LIST', `reasonListId reasonListName ${more}`);
  const minutes = found.map((one) => [one.reasonListId, one.reasonListName, one.durationMs / MINUTE_MS]);
  expect(minutes).toEqual([
    [null, null, 7],
    ['pauses', 'Pauses', 1 + 2 + 3 + 4],
    [null, 'Pauses', 5],
    [null, 'Other', 6],
  ]);
});
