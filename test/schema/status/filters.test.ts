import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { floorRecords, writeFloor } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { GENESIS_MS } from '../../mirror/support/mirrorFile.ts';
import { filters } from '../lists/filters.ts';
import { type Facts, packedHex, readFacts, satisfies } from '../lists/oracle.ts';

let gateway: Gateway;
let facts: Facts;
beforeAll(async () => {
  gateway = openGateway();
  await writeFloor(gateway, floorRecords(7, 150));
  facts = readFacts(gateway.mirror);
  for (const one of facts.status) one['durationSeconds'] = (GENESIS_MS - Number(one['since'])) / 1000;
});
afterAll(() => gateway.dispose());

test('statuses are filtered as plain loops filter them, and ordered by since', async () => {
  const document = `query ($filter: AgentStatusFilter, $orderBy: AgentStatusOrderBy) {
    page: agentStatuses(filter: $filter, orderBy: $orderBy) { nodes { agent { agentId } } totalCount { value } }
  }`;
  // Filters that let some through and not all: chance has some fifty of them.
  let some = 0;
  await fc.assert(
    fc.asyncProperty(filters.statusNow, fc.boolean(), async (filter, descending) => {
      const orderBy = descending ? 'SINCE_DESC' : 'SINCE_ASC';
      const { page } = await gateway.ask<{
        page: { nodes: { agent: { agentId: string } }[]; totalCount: object };
      }>(document, { filter, orderBy });
      const wanted = facts.status
        .filter((fact) => satisfies(fact, filter))
        .sort((a, b) => Number(a['since']) - Number(b['since']) || Number(a['rowId']) - Number(b['rowId']));
      if (descending) wanted.reverse();
      expect(page.nodes.map(({ agent }) => packedHex(agent.agentId))).toEqual(
        // Every status has an agent.
        wanted.map((fact) => (fact['agent'] as { agentId: string }).agentId),
      );
      expect(page.totalCount).toEqual({ value: wanted.length });
      if (wanted.length > 0 && wanted.length < facts.status.length) some += 1;
    }),
    { numRuns: 300 },
  );
  expect(some).toBeGreaterThan(15);
});
