import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, floorRecords, MINUTE_MS, settled, writeFloor } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';

const HOUR_MS = 60 * MINUTE_MS;
const at = (ms: number) => new Date(DAY_MS + ms).toISOString();
const range = (from: number, to: number) => `from: "${at(from)}", to: "${at(to)}"`;

const open: Gateway[] = [];
const begin = async (maxWalkRows?: number): Promise<Gateway> => {
  const gateway = openGateway(maxWalkRows === undefined ? {} : { maxWalkRows });
  open.push(gateway);
  await writeFloor(gateway, floorRecords(7, 600));
  await gateway.mirror.append({ coverage: [settled(0, 2 * HOUR_MS)] });
  return gateway;
};
afterAll(() => {
  for (const gateway of open) gateway.dispose();
});

let gateway: Gateway;
beforeAll(async () => {
  gateway = await begin();
});

type Bucket = { agent: { agentId: string } | null; durationMs: number; from: string };
const FIELDS = 'from to state durationMs began events averageDurationSeconds coverage partial';

const nested = async (args: string): Promise<Map<string, Bucket[]>> => {
  const { agents } = await gateway.ask<{
    agents: { nodes: { agentId: string; stateDurations: Bucket[] }[] };
  }>(`{ agents(first: 100) { nodes { agentId stateDurations(${args}) { ${FIELDS} } } } }`);
  return new Map(agents.nodes.map((one) => [one.agentId, one.stateDurations]));
};

describe('stateDurations of agents', () => {
  it.each([
    ['the total', '', ''],
    ['by state', 'STATE', ''],
    ['by quarter hour', 'STATE', 'granularity: FIFTEEN_MINUTES'],
    ['of some events', 'STATE', 'filter: { direction: { eq: INBOUND } }'],
  ])('are what each agent has in the whole: %s', async (_what, groups, more) => {
    const args = `${range(7 * MINUTE_MS, 2 * HOUR_MS)}, ${more}`;
    const { stateDurations } = await gateway.ask<{ stateDurations: Bucket[] }>(
      `{ stateDurations(${args}, groupBy: [AGENT ${groups}]) { agent { agentId } ${FIELDS} } }`,
    );
    const whole = Map.groupBy(stateDurations, ({ agent }) => agent!.agentId);
    const each = await nested(`${args}, groupBy: [${groups}]`);
    expect(each.size).toBe(8);
    for (const [agentId, buckets] of each) {
      expect(buckets.length).toBeGreaterThan(0);
      expect(buckets).toEqual((whole.get(agentId) ?? []).map(({ agent: _, ...bucket }) => bucket));
    }
  });

  it('without group keys have every bucket, also those with nothing in them', async () => {
    for (const buckets of (
      await nested(`${range(0, 4 * HOUR_MS)}, groupBy: [], granularity: HOUR`)
    ).values()) {
      expect(buckets.map(({ from }) => from)).toEqual([0, 1, 2, 3].map((hour) => at(hour * HOUR_MS)));
      expect(buckets[3]?.durationMs).toBe(0);
    }
  });

  it('take as many statements for all as for two', async () => {
    const statementsOf = async (first: number) => {
      const before = gateway.reader.statements();
      await gateway.ask(
        `{ agents(first: ${first}) { nodes { stateDurations(${range(0, HOUR_MS)}, groupBy: [REASON]) { reason { name } durationMs } } } }`,
      );
      return gateway.reader.statements() - before;
    };
    expect(await statementsOf(8)).toBeLessThanOrEqual((await statementsOf(2)) + 1);
  });

  it('by a filter that names agents are the same as by one that only implies them', async () => {
    const ask = (filter: string) =>
      gateway.ask<{ stateDurations: Bucket[] }>(
        `{ stateDurations(${range(0, 2 * HOUR_MS)}, groupBy: [STATE], filter: { ${filter} }) { state durationMs events } }`,
      );
    const { agents } = await gateway.ask<{ agents: { nodes: { agentId: string }[] } }>(
      '{ agents(first: 1, filter: { name: { eq: "bob" } }) { nodes { agentId } } }',
    );
    const id = agents.nodes[0]!.agentId;
    const sorted = ({ stateDurations }: { stateDurations: Bucket[] }) =>
      stateDurations.map((one) => JSON.stringify(one)).sort();
    const named = sorted(await ask(`agentId: { eq: "${id}" }`));
    expect(named.length).toBeGreaterThan(1);
    expect(named).toEqual(sorted(await ask(`not: { agentId: { ne: "${id}" } }`)));
    expect(await ask('agentId: { in: [] }')).toEqual({ stateDurations: [] });
  });

  it('are refused by name where they are too much for one answer', async () => {
    const small = await begin(100);
    const refusals = async (args: string) => {
      const { errors } = await small.run(
        `{ agents(first: 8) { nodes { stateDurations(${args}) { durationMs } } } }`,
      );
      return new Set(errors?.map(({ extensions }) => `${extensions['code']} ${extensions['argument']}`));
    };
    const refused = new Set(['RANGE_TOO_LARGE to']);
    expect(await refusals(`${range(0, 2 * HOUR_MS)}, groupBy: [STATE]`)).toEqual(refused);
    expect(await refusals(`${range(0, 1_000 * HOUR_MS)}, granularity: FIFTEEN_MINUTES, groupBy: []`)).toEqual(
      refused,
    );
  });
});
