import { afterAll, beforeAll, expect, test } from 'vitest';
import { floorRecords, settled, writeFloor } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { DAY_MS } from '../../mirror/support/records.ts';

const MINUTE_MS = 60_000;
const iso = (ms: number) => new Date(DAY_MS + ms).toISOString();

let gateway: Gateway;
beforeAll(async () => {
  gateway = openGateway();
  await writeFloor(gateway, floorRecords(3, 100));
  await gateway.mirror.append({
    coverage: [
      settled(0, 30 * MINUTE_MS),
      { ...settled(30 * MINUTE_MS, 40 * MINUTE_MS), level: 'GAP', cause: 'OUTAGE' },
      settled(40 * MINUTE_MS, 540 * MINUTE_MS),
    ],
  });
});
afterAll(() => gateway.dispose());

test('every connection says how far had been read, so that nothing found in a gap is not taken for nothing', async () => {
  const read = '{ freshThrough completeThrough }';
  const found = await gateway.ask(
    `query ($from: DateTime!, $to: DateTime!) {
       events(filter: { startedIn: { from: $from, to: $to } }) { freshThrough completeThrough totalCount { value precision } }
       agents ${read} sessions ${read} transfers ${read} agentStatuses ${read}
     }`,
    { from: iso(31 * MINUTE_MS + 1), to: iso(31 * MINUTE_MS + 2) },
  );
  const watermarks = { freshThrough: iso(540 * MINUTE_MS), completeThrough: iso(30 * MINUTE_MS) };
  expect(found).toEqual({
    events: { ...watermarks, totalCount: { value: 0, precision: 'EXACT' } },
    agents: watermarks,
    sessions: watermarks,
    transfers: watermarks,
    agentStatuses: watermarks,
  });
});
