import { afterAll, describe, expect, test } from 'vitest';
import type { Frame } from '../../../src/poller/index.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { ANN, DAY_MS, record, settled, uuidAt } from '../../mirror/support/records.ts';
import { busyFloor } from './busyFloor.ts';
import { applyTo, floorOf, follow, pullAll, STATE_CHANGES, type Status } from './follow.ts';

const open: Gateway[] = [];
afterAll(() => {
  for (const gateway of open) gateway.dispose();
});
const openFloor = (): Gateway => {
  const gateway = openGateway();
  open.push(gateway);
  return gateway;
};

const SESSION = uuidAt(5_000, 0xb01);
const standing = record({
  eventId: uuidAt(60_000, 1),
  agentId: ANN,
  start: 60_000,
  state: 'busy',
  agentName: 'Ann',
});
const late = { eventId: uuidAt(30_000, 3), agentId: ANN, start: 30_000, state: 'away' };

/** What stands, what becomes known later without any change of the status, and the kind that a board is told. */
const cases: {
  what: string;
  filter: unknown;
  first: Frame['records'];
  later: Frame['records'];
  kinds: string[];
}[] = [
  {
    what: 'a rewritten record renames the agent out of the filter',
    filter: { agent: { name: { eq: 'Ann' } } },
    first: [standing],
    later: [{ ...standing, agentName: 'Bob' }],
    kinds: ['LEFT'],
  },
  {
    what: 'a rewritten record renames the agent into the filter',
    filter: { agent: { name: { eq: 'Bob' } } },
    first: [standing],
    later: [{ ...standing, agentName: 'Bob' }],
    kinds: ['ENTERED'],
  },
  {
    what: 'a late record names the agent of a standing event without a name',
    filter: { agent: { name: { eq: 'Ann' } } },
    first: [
      record({ eventId: uuidAt(10_000, 2), agentId: ANN, start: 10_000, state: 'idle', agentName: 'Ann' }),
      { ...standing, agentName: null },
    ],
    later: [record({ ...late, agentName: 'Bob' })],
    kinds: ['LEFT'],
  },
  {
    what: 'a late record brings the first platformAgentId',
    filter: { agent: { platformAgentId: { isNull: true } } },
    first: [{ ...standing, platformAgentId: null }],
    later: [record({ ...late, platformAgentId: 77 })],
    kinds: ['LEFT'],
  },
  {
    what: 'a late record brings the login of the session',
    filter: { session: { loginTimestamp: { isNull: true } } },
    first: [{ ...standing, sessionId: SESSION, loginMs: null }],
    later: [record({ ...late, sessionId: SESSION, login: 4_000 })],
    kinds: ['LEFT'],
  },
  {
    what: 'a late record brings an earlier login of the session',
    filter: { session: { loginTimestamp: { lt: new Date(standing.startMs - 55_500).toISOString() } } },
    first: [{ ...standing, sessionId: SESSION, loginMs: standing.startMs - 55_000 }],
    later: [record({ ...late, sessionId: SESSION, login: 4_000 })],
    kinds: ['ENTERED'],
  },
  {
    what: 'everybody: a new name reaches the board',
    filter: {},
    first: [standing],
    later: [{ ...standing, agentName: 'Bob' }],
    kinds: ['REVISED'],
  },
  {
    what: 'a rename is nothing to who left the filter long ago',
    filter: { state: { eq: 'AWAY' } },
    first: [standing],
    later: [{ ...standing, agentName: 'Bob' }],
    kinds: [],
  },
];

describe('what becomes known of the agent or the session without a change of the status is told', () => {
  test.each(cases)('$what', async ({ filter, first, later, kinds }) => {
    const gateway = openFloor();
    await gateway.mirror.append({ records: first, coverage: [settled(0, 600_000)] });
    const stream = await follow(gateway, STATE_CHANGES, { filter, snapshot: true });
    const board = new Map<string, Status>();
    for (const batch of await stream.until('SNAPSHOT_END')) applyTo(board, batch);
    await gateway.mirror.append({ records: later });
    const told = await stream.until('HEARTBEAT');
    for (const batch of told) applyTo(board, batch);
    expect(told.flatMap(({ changes }) => changes.map(({ kind }) => kind))).toEqual(kinds);
    expect(board).toEqual(await floorOf(gateway, filter));
  });

  test('once: the same record again tells nothing', async () => {
    const gateway = openFloor();
    await gateway.mirror.append({ records: [standing] });
    await gateway.mirror.append({ records: [{ ...standing, agentName: 'Bob' }] });
    const { mirror } = await gateway.ask<{ mirror: { streamCursor: string } }>('{ mirror { streamCursor } }');
    await gateway.mirror.append({ records: [{ ...standing, agentName: 'Bob' }] });
    expect(await pullAll(gateway, mirror.streamCursor)).toEqual([]);
  });
});

const filters: { name: string; filter: unknown }[] = [
  { name: 'a name', filter: { agent: { name: { startsWith: 'agent' } } } },
  {
    name: 'another name, or away',
    filter: { or: [{ agent: { name: { eq: 'Renamed' } } }, { state: { eq: 'AWAY' } }] },
  },
  { name: 'an id of the platform', filter: { agent: { platformAgentId: { isNull: false } } } },
  { name: 'no id of the platform', filter: { not: { agent: { platformAgentId: { gt: 0 } } } } },
  { name: 'a login', filter: { session: { loginTimestamp: { isNull: true } } } },
  {
    name: 'a late login',
    filter: { session: { loginTimestamp: { gt: new Date(DAY_MS + 300_000).toISOString() } } },
  },
  { name: 'a session that lasts', filter: { session: { end: { isNull: true } } } },
  { name: 'an end of a session', filter: { session: { endSource: { eq: 'OFFLINE_EVENT' } } } },
];
const seeds = [1, 2, 3, 4, 5, 6];

describe.each(filters)('a board of $name is what agentStatuses says, whenever one looks', ({ filter }) => {
  test.each(seeds)('following and lagging (seed %i)', async (seed) => {
    const gateway = openFloor();
    const frames = busyFloor(seed, 45, { unsure: true });
    for (const frame of frames.slice(0, 10)) await gateway.mirror.append(frame);
    const stream = await follow(gateway, STATE_CHANGES, { filter, snapshot: true, batchSize: 3 });
    const board = new Map<string, Status>();
    for (const batch of await stream.until('SNAPSHOT_END')) applyTo(board, batch);
    // Up to date at times, and some frames behind at others.
    for (const [i, frame] of frames.slice(10).entries()) {
      await gateway.mirror.append(frame);
      if (i % 5 === 4) {
        for (const batch of await stream.until('HEARTBEAT')) applyTo(board, batch);
        expect(board).toEqual(await floorOf(gateway, filter));
      } else if (i % 5 > 2) applyTo(board, await stream.next());
    }
  });
});
