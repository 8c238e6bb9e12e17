import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { GENESIS_MS } from '../../mirror/support/mirrorFile.ts';
import { ANN, DAY_MS, record, settled, uuidAt } from '../../mirror/support/records.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The clock of the tests, after midnight. */
const NOW = GENESIS_MS - DAY_MS;
const iso = (ms: number) => new Date(DAY_MS + ms).toISOString();

let gateway: Gateway;
beforeEach(async () => {
  gateway = openGateway();
  await gateway.mirror.append({
    records: [record({ start: NOW - 5 * HOUR, state: 'away' })],
    coverage: [
      settled(NOW - 5 * HOUR, NOW - 3 * HOUR),
      { ...settled(NOW - 3 * HOUR, NOW - 2 * HOUR), level: 'GAP', cause: 'EXPIRED' },
      settled(NOW - 2 * HOUR, NOW - 20_000),
      { ...settled(NOW - 20_000, NOW), level: 'PROVISIONAL' },
    ],
  });
});
afterEach(() => gateway.dispose());

type Whole = {
  at: string;
  certainty: string;
  freshThrough: string;
  nodes: { state: string | null }[];
  totalCount: { value: number };
};
const away = async (at: number | null) =>
  (
    await gateway.ask<{ agentStatuses: Whole }>(
      `query ($at: DateTime) { agentStatuses(at: $at, filter: { state: { eq: AWAY } }) {
         at certainty freshThrough nodes { state } totalCount { value } } }`,
      { at: at === null ? null : iso(at) },
    )
  ).agentStatuses;

test('a list of nobody says whether that is known', async () => {
  const fresh = { freshThrough: iso(NOW - 20_000) };
  expect(await away(NOW - 4 * HOUR)).toMatchObject({
    ...fresh,
    at: iso(NOW - 4 * HOUR),
    certainty: 'SETTLED',
    totalCount: { value: 1 },
  });
  for (const unknown of [NOW - 6 * HOUR, NOW - 150 * MINUTE]) {
    expect(await away(unknown)).toMatchObject({ ...fresh, certainty: 'UNKNOWN', totalCount: { value: 0 } });
  }
  expect(await away(NOW - HOUR)).toMatchObject({ certainty: 'SETTLED' });
  expect(await away(NOW - 10_000)).toMatchObject({ certainty: 'PROVISIONAL' });
  expect(await away(null)).toMatchObject({ at: iso(NOW), certainty: 'PROVISIONAL' });
  gateway.clock.jumpWallClock(10 * MINUTE);
  expect(await away(null)).toMatchObject({ certainty: 'UNKNOWN', totalCount: { value: 1 } });
});

test('what is learnt later of an instant is in its next page', async () => {
  const states = async () => (await away(NOW - 4 * HOUR)).nodes.map(({ state }) => state);
  expect(await states()).toEqual(['AWAY']);
  await gateway.mirror.append({ records: [record({ start: NOW - 270 * MINUTE, state: 'busy' })] });
  expect(await states()).toEqual([]);
});

test.each([
  ['{ agent: { status: { state: { eq: AWAY } } } }', 'filter.agent.status'],
  [
    '{ or: [{ agentId: { isNull: false } }, { not: { agent: { status: {} } } }] }',
    'filter.or[1].not.agent.status',
  ],
  ['{ session: { agent: { status: { state: { eq: AWAY } } } } }', 'filter.session.agent.status'],
])('an instant of the past is not mixed with the status now: %s', async (filter, argument) => {
  const ask = (at: string) => `{ agentStatuses(${at} filter: ${filter}) { nodes { state } } }`;
  const { extensions, message } = await gateway.refuse(ask(`at: "${iso(NOW - HOUR)}"`));
  expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
  expect(message).toContain(`\`${argument}\``);
  expect(await gateway.ask(ask(''))).toMatchObject({ agentStatuses: { nodes: expect.any(Array) } });
});

test('pages of the floor now are cut by an index, with any filter', async () => {
  const records = Array.from({ length: 30 }, (_, n) =>
    record({
      start: NOW - 30 * MINUTE + Math.floor(n / 3) * MINUTE,
      agentId: uuidAt(-1_000_000, 100 + n),
      agentName: n % 5 ? `Agent ${n % 4}` : null,
      sessionId: uuidAt(0, 100 + n),
      eventId: uuidAt(NOW - n, 100 + n),
      state: n % 2 ? 'away' : 'busy',
    }),
  );
  await gateway.mirror.append({ records });
  const page = async (orderBy: string, args: string) =>
    (
      await gateway.ask<{
        agentStatuses: {
          edges: { cursor: string; node: { agent: { agentId: string } } }[];
          pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean };
          totalCount: { value: number; precision: string };
        };
      }>(
        `{ agentStatuses(orderBy: ${orderBy}, filter: { state: { eq: AWAY } }, ${args}) {
           edges { cursor node { agent { agentId } } } pageInfo { hasNextPage hasPreviousPage }
           totalCount { value precision } } }`,
      )
    ).agentStatuses;
  for (const orderBy of ['SINCE_ASC', 'SINCE_DESC', 'NAME_ASC', 'NAME_DESC']) {
    const whole = await page(orderBy, 'first: 100');
    const ids = (edges: typeof whole.edges) => edges.map(({ node }) => node.agent.agentId);
    expect(whole.totalCount).toEqual({ value: 16, precision: 'EXACT' });
    expect(new Set(ids(whole.edges)).size).toBe(16);
    expect(ids(whole.edges)).toContain(ANN);
    for (const [i, { cursor }] of whole.edges.entries()) {
      const after = await page(orderBy, `first: 3, after: "${cursor}"`);
      expect(ids(after.edges)).toEqual(ids(whole.edges.slice(i + 1, i + 4)));
      expect(after.pageInfo).toEqual({ hasNextPage: i + 4 < 16, hasPreviousPage: true });
      const before = await page(orderBy, `last: 3, before: "${cursor}"`);
      expect(ids(before.edges)).toEqual(ids(whole.edges.slice(Math.max(0, i - 3), i)));
      expect(before.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: i > 3 });
      const between = await page(
        orderBy,
        `first: 2, after: "${whole.edges[0]!.cursor}", before: "${cursor}"`,
      );
      expect(ids(between.edges)).toEqual(ids(whole.edges.slice(1, Math.min(3, Math.max(1, i)))));
    }
    expect((await page(orderBy, 'first: 0')).pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false });
  }
});
