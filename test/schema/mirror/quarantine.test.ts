import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseRecord } from '../../../src/upstream/index.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { DAY_MS, record } from '../../mirror/support/records.ts';

const ID = '0980a230-aabf-11e7-8aba-0fc9cd50d3ff';
const PARSED = [
  'this is no row',
  { agentId: ID, start: '2026-11-23T10:00:00Z' },
  { eventId: ID, start: '2026-11-23T10:00:00Z' },
  { eventId: 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6', agentId: ID },
  { eventId: ID, agentId: ID, start: '2026-11-23T10:00:00Z', transfers: [{ toAgentId: ID }] },
].flatMap((row) => parseRecord(row).quarantined);

type Row = { reason: string; rawJson: string; count: number };
let gateway: Gateway;
beforeAll(async () => {
  gateway = openGateway();
  const held = record({ start: 0 });
  await gateway.mirror.append({ observedMs: DAY_MS + 60_000, records: [held] });
  await gateway.mirror.append({
    observedMs: DAY_MS + 60_000,
    records: [{ ...held, agentId: ID }, record({ start: 3_600_000 })],
    quarantined: PARSED,
  });
  const more = (count: number, from: number) =>
    Array.from({ length: count }, (_, i) => ({ reason: 'NO_START' as const, rawJson: `${from + i}` }));
  await gateway.mirror.append({ quarantined: more(10_000, 0) });
  await gateway.mirror.append({ quarantined: more(5, 20_000) });
});
afterAll(() => gateway.dispose());

const REASON_DESCRIPTION = '{ __type(name: "QuarantinedRow") { fields { name description } } }';

test('every reason for which a row can be in quarantine is named and described where it is shown', async () => {
  const reasons = gateway.mirror
    .rows<{ reason: string }>('select distinct reason from quarantine')
    .map(({ reason }) => reason);
  expect(reasons.toSorted()).toEqual([
    'FUTURE_START',
    'NOT_AN_OBJECT',
    'NOT_STORED',
    'NO_AGENT_ID',
    'NO_EVENT_ID',
    'NO_START',
    'OTHER_AGENT',
    'TRANSFER_INCOMPLETE',
  ]);
  const { __type } = await gateway.ask<{
    __type: { fields: { name: string; description: string }[] };
  }>(REASON_DESCRIPTION);
  const described = __type.fields.find(({ name }) => name === 'reason')?.description ?? '';
  for (const reason of reasons) expect(described).toMatch(new RegExp(`^- ${reason}: .{10,}\\.$`, 'm'));
});

test('what there was no room for is counted in one row without a text', async () => {
  const { mirror } = await gateway.ask<{ mirror: { quarantined: { total: number; newest: Row[] } } }>(
    '{ mirror { quarantined { total newest { reason rawJson count } } } }',
  );
  expect(mirror.quarantined.total).toBe(10_001);
  expect(mirror.quarantined.newest).toHaveLength(50);
  // Seven rows had been kept when the ten thousand came.
  expect(mirror.quarantined.newest[0]).toEqual({ reason: 'NOT_STORED', rawJson: '', count: 7 + 5 });
});
