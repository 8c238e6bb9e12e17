import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { floorRecords, writeFloor } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { filters } from './filters.ts';
import { type Fact, type Facts, type Filter, listOf, packedHex, readFacts } from './oracle.ts';

type ListName = 'event' | 'session' | 'agent' | 'transfer';
type Page = {
  edges: { cursor: string; node: { key: string } }[];
  nodes: { key: string }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  totalCount: { value: number; precision: string };
};

/** The id by which a node and a fact are told to be the same. */
const keyField = {
  event: 'key: eventId',
  session: 'key: sessionId',
  agent: 'key: agentId',
  transfer: 'key: id',
};
const typeName = { event: 'Event', session: 'Session', agent: 'Agent', transfer: 'Transfer' };
const orderings = {
  event: ['START_ASC', 'START_DESC', 'DURATION_ASC', 'DURATION_DESC'],
  session: ['LOGIN_ASC', 'LOGIN_DESC', 'DURATION_ASC', 'DURATION_DESC'],
  agent: ['NAME_ASC', 'NAME_DESC'],
  transfer: ['START_ASC', 'START_DESC', 'DURATION_ASC', 'DURATION_DESC'],
};

const pageFields = (list: ListName) =>
  `edges { cursor node { ${keyField[list]} } } nodes { ${keyField[list]} }
   pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount { value precision }`;
const documentOf = (list: ListName) => `query (
    $filter: ${typeName[list]}Filter, $orderBy: ${typeName[list]}OrderBy, $first: Int, $last: Int, $after: String, $before: String
  ) { page: ${list}s(filter: $filter, orderBy: $orderBy, first: $first, last: $last, after: $after, before: $before) { ${pageFields(list)} } }`;

const read = async (gateway: Gateway, list: ListName, variables: Record<string, unknown>): Promise<Page> =>
  (await gateway.ask<{ page: Page }>(documentOf(list), variables)).page;

const keyOf = (list: ListName, fact: Fact, facts: Facts): string => {
  if (list !== 'transfer') return String(fact[`${list}Id`]);
  const hexOf = (row: unknown) => facts.agent.find((agent) => agent['rowId'] === row)!['agentId'];
  return [fact['interactionId'], hexOf(fact['fromRow']), hexOf(fact['toRow']), fact['startMs']].join('/');
};
const nodeKey = (list: ListName, key: string): string =>
  list === 'transfer'
    ? Buffer.from(key, 'base64')
        .toString()
        .slice('Transfer:'.length)
        .split('/')
        .map((part) => (part.includes('-') ? packedHex(part) : part))
        .join('/')
    : String(packedHex(key));

const mentionsSeen = (filter: Filter): boolean =>
  Object.entries(filter).some(([field, value]) => {
    if (field === 'seen') return true;
    if (field === 'and' || field === 'or') return (value as Filter[]).some(mentionsSeen);
    return field === 'not' && mentionsSeen(value as Filter);
  });

const expected = (facts: Facts, list: ListName, filter: Filter, orderBy: string): string[] => {
  const whole = list === 'agent' && !mentionsSeen(filter) ? { and: [filter, { seen: true }] } : filter;
  return listOf(facts, list, whole, orderBy).map((fact) => keyOf(list, fact, facts));
};

let gateway: Gateway;
let facts: Facts;

beforeAll(async () => {
  gateway = openGateway();
  await writeFloor(gateway, floorRecords(7, 150));
  facts = readFacts(gateway.mirror);
});
afterAll(() => gateway.dispose());

const lists: ListName[] = ['event', 'session', 'agent', 'transfer'];

test.each(lists)(
  'walks of %ss by pages in either direction give exactly the list, and know where it ends',
  async (list) => {
    await fc.assert(
      fc.asyncProperty(
        filters[list],
        fc.constantFrom(...orderings[list]),
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        async (filter, orderBy, size, backward) => {
          const wanted = expected(facts, list, filter, orderBy);
          const got: string[] = [];
          let cursor: string | null = null;
          for (let pages = 0; ; pages += 1) {
            const page: Page = await read(gateway, list, {
              filter,
              orderBy,
              ...(backward ? { last: size, before: cursor } : { first: size, after: cursor }),
            });
            expect(page.nodes).toEqual(page.edges.map((edge) => edge.node));
            expect(page.totalCount).toEqual({ value: wanted.length, precision: 'EXACT' });
            expect(page.pageInfo.startCursor).toBe(page.edges[0]?.cursor ?? null);
            expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor ?? null);
            const keys = page.nodes.map((node) => nodeKey(list, node.key));
            if (backward) got.unshift(...keys);
            else got.push(...keys);
            const ahead = backward ? page.pageInfo.hasPreviousPage : page.pageInfo.hasNextPage;
            const behind = backward ? page.pageInfo.hasNextPage : page.pageInfo.hasPreviousPage;
            expect(ahead).toBe(got.length < wanted.length);
            expect(behind).toBe(pages > 0);
            cursor = backward ? page.pageInfo.startCursor : page.pageInfo.endCursor;
            if (!ahead) break;
          }
          expect(got).toEqual(wanted);
        },
      ),
      { numRuns: list === 'event' ? 50 : 80 },
    );
  },
);

test.each(lists)('a window of %ss between two cursors is the stretch between them', async (list) => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...orderings[list]),
      fc.nat(),
      fc.nat(),
      fc.integer({ min: 0, max: 30 }),
      fc.boolean(),
      async (orderBy, a, b, size, backward) => {
        const wanted = expected(facts, list, {}, orderBy);
        const all = await read(gateway, list, { orderBy, first: 1000 });
        const [low, high] = [a % wanted.length, b % wanted.length].sort((x, y) => x - y) as [number, number];
        const page = await read(gateway, list, {
          orderBy,
          after: all.edges[low]!.cursor,
          before: all.edges[high]!.cursor,
          [backward ? 'last' : 'first']: size,
        });
        const between = wanted.slice(low + 1, high);
        const kept = size === 0 ? [] : backward ? between.slice(-size) : between.slice(0, size);
        expect(page.nodes.map((node) => nodeKey(list, node.key))).toEqual(kept);
        expect(page.pageInfo.hasNextPage).toBe(true);
        expect(page.pageInfo.hasPreviousPage).toBe(true);
      },
    ),
    { numRuns: 25 },
  );
});

test.each([
  ['agents', 'agent', 'events', 'event'],
  ['agents', 'agent', 'sessions', 'session'],
  ['agents', 'agent', 'transfersOut', 'transfer'],
  ['sessions', 'session', 'events', 'event'],
] as const)("%s' own %s: %s is each parent's own page", async (parents, parent, field, list) => {
  const scope = { agent: list === 'transfer' ? 'fromAgent' : 'agent', session: 'session' }[parent];
  const document = `query ($filter: ${typeName[list]}Filter, $orderBy: ${typeName[list]}OrderBy, $first: Int, $last: Int, $after: String) {
    ${parents}(first: 1000) { nodes { ${keyField[parent]} page: ${field}(filter: $filter, orderBy: $orderBy, first: $first, last: $last, after: $after) { ${pageFields(list)} } } }
  }`;
  await fc.assert(
    fc.asyncProperty(
      filters[list],
      fc.constantFrom(...orderings[list]),
      fc.integer({ min: 0, max: 12 }),
      fc.boolean(),
      async (filter, orderBy, size, backward) => {
        const ask = async (variables: Record<string, unknown>) =>
          (
            await gateway.ask<Record<string, { nodes: { key: string; page: Page }[] }>>(document, {
              filter,
              orderBy,
              [backward ? 'last' : 'first']: size,
              ...variables,
            })
          )[parents]!.nodes;
        for (const node of await ask({})) {
          const own = { and: [filter, { [scope]: { [`${parent}Id`]: { eq: node.key } } }] };
          const wanted = expected(facts, list, own, orderBy);
          const kept = size === 0 ? [] : backward ? wanted.slice(-size) : wanted.slice(0, size);
          expect(node.page.nodes.map((one) => nodeKey(list, one.key))).toEqual(kept);
          expect(node.page.totalCount).toEqual({ value: wanted.length, precision: 'EXACT' });
          expect(backward ? node.page.pageInfo.hasPreviousPage : node.page.pageInfo.hasNextPage).toBe(
            wanted.length > size,
          );
        }
      },
    ),
    { numRuns: 40 },
  );
});
