import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CoverageSlice, PollerStatus } from '../../../src/poller/index.ts';
import { agentIdOf, floorRecords, writeFloor } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { GENESIS_MS } from '../../mirror/support/mirrorFile.ts';
import { ANN, BOB, DAY_MS, randomUuid, record, settled, uuidAt } from '../../mirror/support/records.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The clock of the tests, after midnight. */
const NOW = GENESIS_MS - DAY_MS;

let gateway: Gateway;
beforeEach(() => {
  gateway = openGateway();
});
afterEach(() => gateway.dispose());

type Node = {
  agent: { agentId: string };
  state: string | null;
  certainty: string;
  since: string | null;
  sinceEvent: string | null;
  at: string;
  durationSeconds: number | null;
  inferred: boolean;
  event: object | null;
  session: object | null;
};
const iso = (ms: number) => new Date(DAY_MS + ms).toISOString();
const floor = async (variables: { at?: number; filter?: unknown; orderBy?: string } = {}) => {
  const { agentStatuses } = await gateway.ask<{ agentStatuses: { nodes: Node[] } }>(
    `query ($at: DateTime, $filter: AgentStatusFilter, $orderBy: AgentStatusOrderBy) {
      agentStatuses(at: $at, filter: $filter, orderBy: $orderBy, first: 1000) { nodes {
        agent { agentId } state certainty since sinceEvent at durationSeconds inferred
        event { eventId } session { sessionId }
      } }
    }`,
    { ...variables, ...(variables.at === undefined ? {} : { at: iso(variables.at) }) },
  );
  return agentStatuses.nodes;
};
const gap = (from: number, to: number, cause: CoverageSlice['cause']): CoverageSlice => ({
  ...settled(from, to),
  level: 'GAP',
  cause,
});

describe('the certainty of a status', () => {
  test('now: settled once its event was read after the settle time', async () => {
    await gateway.mirror.append({
      records: [
        record({ start: NOW - HOUR }),
        record({ start: NOW - 5_000, agentId: BOB, sessionId: uuidAt(1, 6) }),
      ],
      coverage: [
        settled(NOW - 2 * HOUR, NOW - 15_000),
        { ...settled(NOW - 15_000, NOW), level: 'PROVISIONAL' },
      ],
    });
    const certainties = (await floor()).map((one) => [one.agent.agentId, one.certainty]);
    expect(certainties).toEqual([
      [ANN, 'SETTLED'],
      [BOB, 'PROVISIONAL'],
    ]);
  });

  test('now: unknown once the feed has been silent for five minutes, by upstream’s clock', async () => {
    const clockOffset = { lowMs: -HOUR, highMs: -HOUR };
    const status: PollerStatus = {
      health: 'OK',
      healthMessage: null,
      clockOffset,
      lastPoll: null,
      backfill: null,
      requestsTotal: 0,
      failuresTotal: 0,
      foundReachMs: null,
    };
    await gateway.mirror.append({
      records: [record({ start: NOW - HOUR })],
      coverage: [settled(NOW - 2 * HOUR, NOW - 15_000)],
      status,
    });
    // Our clock goes an hour fast, upstream's does not.
    gateway.clock.jumpWallClock(HOUR);
    expect(await floor()).toMatchObject([{ certainty: 'SETTLED', at: iso(NOW), durationSeconds: 3_600 }]);
    const { mirror } = await gateway.ask<{ mirror: object }>('{ mirror { lagSeconds health } }');
    expect(mirror).toEqual({ lagSeconds: 15, health: 'OK' });
    gateway.clock.jumpWallClock(5 * MINUTE);
    expect(await floor()).toMatchObject([{ certainty: 'UNKNOWN', state: 'IDLE' }]);
  });

  test('now: unknown while a gap after its event may still be filled', async () => {
    await gateway.mirror.append({
      records: [
        record({ start: NOW - 3 * HOUR }),
        record({ start: NOW - HOUR, agentId: BOB, sessionId: uuidAt(1, 6) }),
      ],
      coverage: [
        settled(NOW - 4 * HOUR, NOW - 2 * HOUR),
        gap(NOW - 2 * HOUR, NOW - 90 * MINUTE, 'OUTAGE'),
        settled(NOW - 90 * MINUTE, NOW),
      ],
    });
    expect((await floor()).map((one) => one.certainty)).toEqual(['UNKNOWN', 'SETTLED']);
  });

  test('in the past: of the instant; in a gap and before the mirror began nothing is claimed', async () => {
    await gateway.mirror.append({
      records: [record({ start: NOW - 3 * HOUR, state: 'away' })],
      coverage: [
        settled(NOW - 4 * HOUR, NOW - 2 * HOUR),
        gap(NOW - 2 * HOUR, NOW - HOUR, 'EXPIRED'),
        settled(NOW - HOUR, NOW - 20_000),
        { ...settled(NOW - 20_000, NOW - 5_000), level: 'PROVISIONAL' },
      ],
    });
    const at = async (ms: number) => (await floor({ at: ms }))[0];
    const nothing = {
      certainty: 'UNKNOWN',
      state: null,
      since: null,
      sinceEvent: null,
      durationSeconds: null,
      event: null,
      session: null,
      inferred: false,
    };
    expect(await at(NOW - 5 * HOUR)).toMatchObject(nothing);
    // The session began at midnight and has said nothing yet.
    expect(await at(NOW - 4 * HOUR)).toMatchObject(nothing);
    expect(await at(NOW - 150 * MINUTE)).toMatchObject({
      certainty: 'SETTLED',
      state: 'AWAY',
      durationSeconds: 1_800,
    });
    expect(await at(NOW - 2 * HOUR)).toMatchObject(nothing);
    expect(await at(NOW - HOUR - 1)).toMatchObject(nothing);
    // What was lost in the gap may have ended it.
    expect(await at(NOW - HOUR)).toMatchObject({ certainty: 'UNKNOWN', state: 'AWAY' });
    await gateway.mirror.append({ records: [record({ start: NOW - 50 * MINUTE, state: 'busy' })] });
    expect(await at(NOW - 50 * MINUTE - 1)).toMatchObject({ certainty: 'UNKNOWN', state: 'AWAY' });
    expect(await at(NOW - 50 * MINUTE)).toMatchObject({ certainty: 'SETTLED', state: 'BUSY' });
    expect(await at(NOW - 10_000)).toMatchObject({ certainty: 'PROVISIONAL', state: 'BUSY' });
    // What the next poll will read is no gap.
    expect(await at(NOW - 1_000)).toMatchObject({ certainty: 'PROVISIONAL', state: 'BUSY' });
  });

  test('now: unknown from a gap that is lost for ever to the agent’s next event', async () => {
    const away = record({ start: NOW - 5 * 24 * HOUR, state: 'away' });
    await gateway.mirror.append({
      records: [away],
      coverage: [
        settled(NOW - 6 * 24 * HOUR, NOW - 4 * 24 * HOUR),
        gap(NOW - 4 * 24 * HOUR, NOW - 3 * 24 * HOUR, 'EXPIRED'),
        settled(NOW - 3 * 24 * HOUR, NOW),
      ],
    });
    expect(await floor()).toMatchObject([{ state: 'AWAY', certainty: 'UNKNOWN' }]);
    await gateway.mirror.append({ records: [record({ start: NOW - HOUR, state: 'busy' })] });
    expect(await floor()).toMatchObject([{ state: 'BUSY', certainty: 'SETTLED' }]);
  });

  test('unknown from time between two slices that was never asked for', async () => {
    await gateway.mirror.append({
      records: [record({ start: NOW - 3 * HOUR })],
      coverage: [settled(NOW - 4 * HOUR, NOW - 2 * HOUR), settled(NOW - HOUR, NOW)],
    });
    expect(await floor()).toMatchObject([{ certainty: 'UNKNOWN' }]);
  });

  test('a record that is proved to be missing makes its own agent unknown, and nobody else', async () => {
    const missing = uuidAt(NOW - 2 * HOUR, 77);
    const ann = record({ start: NOW - 3 * HOUR, nextEventId: missing });
    await gateway.mirror.append({
      records: [
        ann,
        record({ start: NOW - 3 * HOUR, eventId: uuidAt(1, 7), agentId: BOB, sessionId: uuidAt(1, 6) }),
      ],
      coverage: [settled(NOW - 4 * HOUR, NOW)],
      audits: {
        put: [
          {
            eventId: missing,
            namedBy: ann.eventId,
            expectedMs: DAY_MS + NOW - 2 * HOUR,
            attempts: 0,
            nextAttemptMs: 0,
            state: 'BROKEN',
          },
        ],
        remove: [],
      },
    });
    const sureness = async (at?: number) =>
      Object.fromEntries(
        (await floor(at === undefined ? {} : { at })).map((one) => [one.agent.agentId, one.certainty]),
      );
    expect(await sureness()).toEqual({ [ANN]: 'UNKNOWN', [BOB]: 'SETTLED' });
    expect(await sureness(NOW - HOUR)).toEqual({ [ANN]: 'UNKNOWN', [BOB]: 'SETTLED' });
    expect(await sureness(NOW - 2 * HOUR)).toEqual({ [ANN]: 'UNKNOWN', [BOB]: 'SETTLED' });
    expect(await sureness(NOW - 2 * HOUR - 1)).toEqual({ [ANN]: 'SETTLED', [BOB]: 'SETTLED' });
    const timelines = await gateway.ask(
      `query ($from: DateTime!) { agents { nodes { agentId timeline(from: $from) { certainty } } } }`,
      { from: iso(NOW - 3 * HOUR) },
    );
    expect(timelines).toMatchObject({
      agents: {
        nodes: expect.arrayContaining([
          { agentId: ANN, timeline: [{ certainty: 'UNKNOWN' }] },
          { agentId: BOB, timeline: [{ certainty: 'SETTLED' }] },
        ]),
      },
    });
    // It stands until the agent speaks again, or the record comes after all.
    await gateway.mirror.append({ audits: { put: [], remove: [missing] } });
    expect(await sureness()).toEqual({ [ANN]: 'SETTLED', [BOB]: 'SETTLED' });
  });

  test('a missing record whose id holds no time is missing from where the one that names it ends', async () => {
    const missing = randomUuid(5);
    const ann = record({ start: NOW - 3 * HOUR, end: NOW - 2 * HOUR, nextEventId: missing });
    const task = { eventId: missing, namedBy: ann.eventId, expectedMs: null, attempts: 0, nextAttemptMs: 0 };
    await gateway.mirror.append({
      records: [ann],
      coverage: [settled(NOW - 4 * HOUR, NOW)],
      audits: { put: [{ ...task, state: 'OPEN' }], remove: [] },
    });
    const sureness = async (at: number) => (await floor({ at })).map(({ certainty }) => certainty);
    expect(await sureness(NOW - 2 * HOUR - 1)).toEqual(['SETTLED']);
    expect(await sureness(NOW - 2 * HOUR)).toEqual(['UNKNOWN']);
    await gateway.mirror.append({ records: [record({ start: NOW - HOUR })] });
    expect(await sureness(NOW - HOUR - 1)).toEqual(['UNKNOWN']);
    expect(await sureness(NOW - HOUR)).toEqual(['SETTLED']);
  });

  test('who had logged in before the mirror began is unknown until their first word', async () => {
    const spoken = { agentId: BOB, agentName: 'Bob', sessionId: uuidAt(-HOUR, 6), login: -HOUR };
    await gateway.mirror.append({
      records: [
        record({ ...spoken, start: 5 * MINUTE, eventId: uuidAt(5 * MINUTE, 6), state: 'busy' }),
        // Logs in a minute after the mirror began.
        record({ start: 2 * MINUTE, sessionId: uuidAt(MINUTE, 5), login: MINUTE }),
      ],
      coverage: [settled(0, NOW)],
    });
    const rows = async (at: number, filter?: unknown) =>
      (await floor({ at, filter, orderBy: 'NAME_ASC' })).map((one) => [
        one.agent.agentId,
        one.state,
        one.certainty,
      ]);
    expect(await rows(0)).toEqual([[BOB, null, 'UNKNOWN']]);
    expect(await rows(0, { state: { eq: 'BUSY' } })).toEqual([]);
    expect(await rows(0, { agentId: { eq: BOB } })).toHaveLength(1);
    expect(await rows(MINUTE)).toEqual([
      [ANN, null, 'UNKNOWN'],
      [BOB, null, 'UNKNOWN'],
    ]);
    expect(await rows(5 * MINUTE)).toEqual([
      [ANN, 'IDLE', 'SETTLED'],
      [BOB, 'BUSY', 'SETTLED'],
    ]);
    const { agent } = await gateway.ask<{ agent: object }>(
      `query ($id: UUID!, $at: DateTime!, $to: DateTime!) { agent(agentId: $id) {
         status(at: $at) { certainty state }
         timeline(from: $at, to: $to) { from to state certainty }
       } }`,
      { id: BOB, at: iso(0), to: iso(6 * MINUTE) },
    );
    expect(agent).toEqual({
      status: { certainty: 'UNKNOWN', state: null },
      timeline: [
        { from: iso(0), to: iso(5 * MINUTE), state: null, certainty: 'UNKNOWN' },
        { from: iso(5 * MINUTE), to: iso(6 * MINUTE), state: 'BUSY', certainty: 'SETTLED' },
      ],
    });
  });

  test('where nothing is claimed, no filter on facts is satisfied, and one on the agent is', async () => {
    await gateway.mirror.append({
      records: [record({ start: NOW - HOUR, state: 'away', reasonName: 'Lunch' })],
      coverage: [settled(NOW - 2 * HOUR, NOW)],
    });
    const longAgo = (filter: unknown) => floor({ at: NOW - 3 * HOUR, filter });
    expect(await longAgo({ state: { eq: 'AWAY' } })).toEqual([]);
    expect(await longAgo({ since: { lt: iso(NOW) } })).toEqual([]);
    expect(await longAgo({ reason: { name: { eq: 'Lunch' } } })).toEqual([]);
    for (const absent of ['since', 'sinceEvent', 'durationSeconds', 'state', 'stateRaw']) {
      expect(await longAgo({ [absent]: { isNull: true } })).toMatchObject([{ since: null }]);
      expect(await longAgo({ [absent]: { isNull: false } })).toEqual([]);
    }
    expect(await longAgo({ since: { ne: iso(0) } })).toHaveLength(1);
    expect(await longAgo({ agentId: { eq: ANN } })).toHaveLength(1);
    expect(await longAgo({ agentId: { eq: BOB } })).toEqual([]);
  });

  test('the future is refused, but not a client whose clock runs a little ahead', async () => {
    await gateway.mirror.append({ records: [record({ start: 0 })], coverage: [settled(0, NOW)] });
    expect(await floor({ at: NOW + 2_000 })).toMatchObject([{ certainty: 'PROVISIONAL' }]);
    const error = await gateway.refuse('{ agentStatuses(at: "2100-01-01T00:00:00Z") { nodes { state } } }');
    expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'at' });
  });
});

describe('filters', () => {
  beforeEach(async () => {
    const records = [1, 2, 3, 4].map((n) =>
      record({
        agentId: agentIdOf(n),
        agentName: `Agent ${n}`,
        sessionId: uuidAt(0, 0xf00 + n),
        start: NOW - n * 10 * MINUTE,
        state: n % 2 ? 'away' : 'singing',
      }),
    );
    await gateway.mirror.append({ records, coverage: [settled(0, NOW)] });
  });
  const agents = async (filter: unknown, at?: number) =>
    (await floor({ filter, ...(at === undefined ? {} : { at }) })).map(({ agent }) =>
      [1, 2, 3, 4].find((n) => agentIdOf(n) === agent.agentId),
    );

  test('on how long the state has lasted, as of the instant asked for', async () => {
    expect(await agents({ durationSeconds: { gte: 1_800 } })).toEqual([4, 3]);
    expect(await agents({ durationSeconds: { gt: 1_800 } })).toEqual([4]);
    expect(await agents({ durationSeconds: { lt: 1_800, gte: 600 } })).toEqual([2, 1]);
    expect(await agents({ durationSeconds: { in: [600, 2_400] } })).toEqual([4, 1]);
    expect(await agents({ durationSeconds: { ne: 600 } })).toEqual([4, 3, 2]);
    expect(await agents({ durationSeconds: { isNull: true } })).toEqual([]);
    expect(await agents({ durationSeconds: { lte: 0 } }, NOW - 20 * MINUTE)).toEqual([2]);
    expect(await agents({ durationSeconds: { gte: 600 } }, NOW - 25 * MINUTE)).toEqual([4]);
  });

  test('on the raw word of a state that nobody knows', async () => {
    expect(await agents({ stateRaw: { eq: 'singing' } })).toEqual([4, 2]);
    expect(await agents({ state: { eq: 'UNKNOWN' } })).toEqual([4, 2]);
    expect(
      await agents({ or: [{ agent: { name: { contains: 'T 1' } } }, { not: { state: { eq: 'AWAY' } } }] }),
    ).toEqual([4, 2, 1]);
  });

  test('keep their pages together though time goes on between them', async () => {
    const page = (after: string | null) =>
      gateway.ask<{
        agentStatuses: { nodes: object[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
      }>(
        `query ($after: String) {
          agentStatuses(first: 2, after: $after, filter: { durationSeconds: { gte: 1200 } }) {
            nodes { state } pageInfo { endCursor hasNextPage }
          }
        }`,
        { after },
      );
    const first = await page(null);
    await gateway.clock.advance(60_000);
    const second = await page(first.agentStatuses.pageInfo.endCursor);
    expect(first.agentStatuses.pageInfo.hasNextPage).toBe(true);
    expect(second.agentStatuses.nodes).toHaveLength(1);
    expect(second.agentStatuses.pageInfo.hasNextPage).toBe(false);
  });
});

describe('pages', () => {
  test.each(['SINCE_ASC', 'SINCE_DESC', 'NAME_ASC', 'NAME_DESC'])(
    'of %s, forwards and backwards, are the whole list',
    async (orderBy) => {
      await writeFloor(gateway, floorRecords(2, 200));
      const whole = (await floor({ orderBy })).map(({ agent }) => agent.agentId);
      expect(whole.length).toBe(8);
      const walk = async (size: 'first' | 'last', edge: 'after' | 'before') => {
        const seen: string[] = [];
        for (let cursor: string | null = null; ; ) {
          const answer: { agentStatuses: Page } = await gateway.ask<{ agentStatuses: Page }>(
            `query ($cursor: String, $orderBy: AgentStatusOrderBy) {
            agentStatuses(${size}: 3, ${edge}: $cursor, orderBy: $orderBy) {
              nodes { agent { agentId } } totalCount { value precision }
              pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
            }
          }`,
            { cursor, orderBy },
          );
          const { nodes, pageInfo, totalCount } = answer.agentStatuses;
          const ids = nodes.map(({ agent }) => agent.agentId);
          expect(totalCount).toEqual({ value: 8, precision: 'EXACT' });
          if (size === 'first') seen.push(...ids);
          else seen.unshift(...ids);
          if (!(size === 'first' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) return seen;
          cursor = size === 'first' ? pageInfo.endCursor : pageInfo.startCursor;
        }
      };
      expect(await walk('first', 'after')).toEqual(whole);
      expect(await walk('last', 'before')).toEqual(whole);
    },
  );
});

type Page = {
  nodes: { agent: { agentId: string } }[];
  totalCount: object;
  pageInfo: { startCursor: string; endCursor: string; hasNextPage: boolean; hasPreviousPage: boolean };
};

test('of capacity groups the most of each channel counts, never the sum', async () => {
  const group = (voice: number, email: number, load: number, capacity: number) => ({
    channels: { voice, email, fax: voice },
    allocation: 'allocated',
    load,
    capacity,
  });
  await gateway.mirror.append({
    records: [record({ start: 0, capacity: [group(1, 3, 2, 5), group(2, 1, 4, 4)] })],
    coverage: [settled(0, NOW)],
  });
  const { agentStatuses } = await gateway.ask<{ agentStatuses: { nodes: object[] } }>(
    '{ agentStatuses { nodes { channels { voice email sms other } load capacity } } }',
  );
  expect(agentStatuses.nodes).toEqual([
    { channels: { voice: 2, email: 3, sms: null, other: { fax: 2 } }, load: 4, capacity: 5 },
  ]);
});

test('what statuses point at is read for all of them together', async () => {
  const records = Array.from({ length: 40 }, (_, n) =>
    record({
      agentId: agentIdOf(n),
      agentName: `Agent ${n}`,
      sessionId: uuidAt(0, 0xf00 + n),
      eventId: uuidAt(n, 0xf00 + n),
      start: n,
      state: 'away',
      reasonName: n % 2 ? 'Lunch' : 'Break',
      capacity: [{ channels: { voice: n }, allocation: null, load: 1, capacity: 1 }],
    }),
  );
  await gateway.mirror.append({ records, coverage: [settled(0, NOW)] });
  const statements = async (document: string) => {
    const before = gateway.reader.statements();
    await gateway.ask(document);
    return gateway.reader.statements() - before;
  };
  const fields =
    'agent { name names { name } } event { agent { name } session { agent { name } } } session { agent { name } } reason { name } load';
  await statements(`{ agentStatuses(first: 1) { nodes { ${fields} } } }`);
  const few = await statements(`{ agentStatuses(first: 2) { nodes { ${fields} } } }`);
  expect(await statements(`{ agentStatuses(first: 40) { nodes { ${fields} } } }`)).toBe(few);
  const fewAgents = await statements(`{ agents(first: 2) { nodes { status { ${fields} } } } }`);
  expect(await statements(`{ agents(first: 40) { nodes { status { ${fields} } } } }`)).toBe(fewAgents);
  expect(Math.max(few, fewAgents)).toBeLessThan(16);
});

test('an agent has the status that the floor shows, now and then', async () => {
  await writeFloor(gateway, floorRecords(4, 300));
  await gateway.mirror.append({ coverage: [settled(0, NOW)] });
  for (const at of [iso(NOW - 1), iso(40 * MINUTE), iso(90 * MINUTE)]) {
    const { agents, agentStatuses } = await gateway.ask<{
      agents: { nodes: { status: object | null }[] };
      agentStatuses: { nodes: object[] };
    }>(
      `query ($at: DateTime) {
        agents { nodes { status(at: $at) { agent { agentId } stateRaw since inferred } } }
        agentStatuses(at: $at, orderBy: NAME_ASC) { nodes { agent { agentId } stateRaw since inferred } }
      }`,
      { at },
    );
    expect(agents.nodes.flatMap(({ status }) => status ?? [])).toEqual(agentStatuses.nodes);
  }
});
