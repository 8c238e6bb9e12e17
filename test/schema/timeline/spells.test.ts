import { afterEach, expect, test } from 'vitest';
import { agentIdOf, DAY_MS, floorRecords, MINUTE_MS, settled, writeFloor } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { record, uuidAt } from '../../mirror/support/records.ts';

const HOUR_MS = 60 * MINUTE_MS;
const iso = (afterMidnightMs: number): string => new Date(DAY_MS + afterMidnightMs).toISOString();
const AGENT = agentIdOf(0);
const SESSION = uuidAt(0, 0xb00);

const open: Gateway[] = [];
afterEach(() => {
  for (const gateway of open.splice(0)) gateway.dispose();
});
/** It is three o'clock, and everything until then has been read. */
const begin = async (records: Parameters<typeof writeFloor>[1], maxWalkRows?: number): Promise<Gateway> => {
  const gateway = openGateway(maxWalkRows === undefined ? {} : { maxWalkRows });
  open.push(gateway);
  await writeFloor(gateway, records);
  await gateway.mirror.append({ coverage: [settled(0, 3 * HOUR_MS)] });
  gateway.clock.jumpWallClock(DAY_MS + 3 * HOUR_MS - gateway.clock.nowMs());
  return gateway;
};

const timeline = async <Spell>(gateway: Gateway, from: string, to: string, fields: string) =>
  (
    await gateway.ask<{ agent: { timeline: Spell[] } }>(
      `query ($id: UUID!, $from: DateTime!, $to: DateTime!) {
         agent(agentId: $id) { timeline(from: $from, to: $to) { ${fields} } } }`,
      { id: AGENT, from, to },
    )
  ).agent.timeline;

const ofSession = (start: number, more: { state?: string; end?: number } = {}) =>
  record({ agentId: AGENT, sessionId: SESSION, start, eventId: uuidAt(start, start % 65_536), ...more });

test('what lasts is open, what the range cuts off is not', async () => {
  const gateway = await begin([ofSession(0), ofSession(HOUR_MS, { state: 'busy' })]);
  const opens = async (to: number) =>
    (await timeline<{ to: string; open: boolean }>(gateway, iso(0), iso(to), 'to open')).map((one) => [
      one.to,
      one.open,
    ]);
  expect(await opens(9 * HOUR_MS)).toEqual([
    [iso(HOUR_MS), false],
    [iso(3 * HOUR_MS), true],
  ]);
  expect(await opens(2 * HOUR_MS)).toEqual([
    [iso(HOUR_MS), false],
    [iso(2 * HOUR_MS), false],
  ]);
});

test('a spell has the events that stood in it, also the one from before the range', async () => {
  const starts = [0, 10, 20, 30].map((minutes) => minutes * MINUTE_MS);
  const gateway = await begin(starts.map((start, i) => ofSession(start, { state: i < 3 ? 'idle' : 'busy' })));
  const spells = await timeline<{
    from: string;
    eventCount: number;
    firstEvent: { start: string };
    events: { start: string; session: { sessionId: string } }[];
  }>(
    gateway,
    iso(15 * MINUTE_MS),
    iso(HOUR_MS),
    'from eventCount firstEvent { start } events { start session { sessionId } }',
  );
  expect(spells).toEqual([
    {
      from: iso(15 * MINUTE_MS),
      eventCount: 2,
      firstEvent: { start: iso(starts[1]!) },
      events: [starts[1]!, starts[2]!].map((start) => ({
        start: iso(start),
        session: { sessionId: SESSION },
      })),
    },
    {
      from: iso(starts[3]!),
      eventCount: 1,
      firstEvent: { start: iso(starts[3]!) },
      events: [{ start: iso(starts[3]!), session: { sessionId: SESSION } }],
    },
  ]);
});

test('a reason under another name is the same one: neither a spell nor the clock of a status begins anew', async () => {
  const away = (minutes: number, reason: [id: string | null, name: string | null, list: string | null]) =>
    record({
      agentId: AGENT,
      sessionId: SESSION,
      start: minutes * MINUTE_MS,
      eventId: uuidAt(minutes * MINUTE_MS, minutes),
      state: 'away',
      reasonId: reason[0],
      reasonName: reason[1],
      reasonListName: reason[2],
    });
  const gateway = await begin([
    away(0, ['lunch', 'Lunch', 'Pauses']),
    away(10, ['lunch', 'Midday meal', 'Pauses']),
    away(20, ['lunch', 'Midday meal', 'Breaks']),
    away(30, ['tea', 'Midday meal', 'Breaks']),
    // Without ids it is the name that tells.
    away(40, [null, 'Tea', 'Breaks']),
    away(50, [null, 'Tea', 'Pauses']),
    away(60, [null, 'Coffee', 'Pauses']),
    away(70, [null, null, null]),
    away(80, [null, null, 'Pauses']),
  ]);
  const spells = await timeline<{ from: string; reason: { name: string | null } | null; eventCount: number }>(
    gateway,
    iso(0),
    iso(HOUR_MS * 2),
    'from reason { name } eventCount',
  );
  // Each under the name that it had last.
  expect(spells.map(({ from, reason, eventCount }) => [from, reason?.name ?? null, eventCount])).toEqual([
    [iso(0), 'Midday meal', 3],
    [iso(30 * MINUTE_MS), 'Midday meal', 1],
    [iso(40 * MINUTE_MS), 'Tea', 2],
    [iso(60 * MINUTE_MS), 'Coffee', 1],
    [iso(70 * MINUTE_MS), null, 2],
  ]);
  for (let minutes = 5; minutes < 90; minutes += 10) {
    const at = iso(minutes * MINUTE_MS);
    const { agent } = await gateway.ask<{ agent: { status: { since: string } } }>(
      'query ($id: UUID!, $at: DateTime!) { agent(agentId: $id) { status(at: $at) { since } } }',
      { id: AGENT, at },
    );
    expect(agent.status.since).toBe(spells.findLast(({ from }) => from <= at)?.from);
  }
});

test('too many events are refused by name, and looked at once for all agents', async () => {
  const gateway = await begin(floorRecords(3, 300), 100);
  const ask = async (first: number) => {
    const before = gateway.reader.statements();
    const { errors } = await gateway.run(
      `query ($from: DateTime!, $to: DateTime!) { agents(first: ${first}) { nodes { timeline(from: $from, to: $to) { state } } } }`,
      { from: iso(0), to: iso(2 * HOUR_MS) },
    );
    return { errors, statements: gateway.reader.statements() - before };
  };
  const { errors, statements } = await ask(8);
  expect(errors?.length).toBeGreaterThan(0);
  for (const { extensions } of errors!) {
    expect(extensions).toMatchObject({ code: 'RANGE_TOO_LARGE', argument: 'to', maxRows: 100 });
  }
  // Once for each of the eight it would be forty.
  expect(statements).toBeLessThanOrEqual(12);
  expect((await ask(1)).errors).toBeUndefined();
});

test('one event without a session, long ago, does not make every range a walk through all of history', async () => {
  const before = Array.from({ length: 100 }, (_, i) => ofSession((i + 1) * MINUTE_MS));
  const lone = record({ agentId: AGENT, start: 0, eventId: uuidAt(0, 7), sessionId: null, state: 'away' });
  const gateway = await begin([lone, ...before], 20);
  const spells = await timeline(
    gateway,
    iso(99.5 * MINUTE_MS),
    iso(2 * HOUR_MS),
    'from to stateRaw eventCount',
  );
  expect(spells).toEqual([
    { from: iso(99.5 * MINUTE_MS), to: iso(2 * HOUR_MS), stateRaw: 'idle', eventCount: 2 },
  ]);
});

test('an event without a session that spoke last before the range stands at its beginning', async () => {
  const gateway = await begin([
    ofSession(0),
    record({
      agentId: AGENT,
      start: MINUTE_MS,
      eventId: uuidAt(MINUTE_MS, 7),
      sessionId: null,
      state: 'away',
    }),
    ofSession(3 * MINUTE_MS, { state: 'busy' }),
  ]);
  expect(await timeline(gateway, iso(2 * MINUTE_MS), iso(4 * MINUTE_MS), 'from stateRaw')).toEqual([
    { from: iso(2 * MINUTE_MS), stateRaw: 'away' },
    { from: iso(3 * MINUTE_MS), stateRaw: 'busy' },
  ]);
});

test('the sessions of long ago are not looked at', async () => {
  const sessions = Array.from({ length: 60 }, (_, i) => {
    const start = i * MINUTE_MS;
    const sessionId = uuidAt(start, 0xc00 + i);
    return record({ agentId: AGENT, sessionId, start, login: start, eventId: uuidAt(start, i) });
  });
  const gateway = await begin(sessions, 10);
  const spells = await timeline(
    gateway,
    iso(58.5 * MINUTE_MS),
    iso(2 * HOUR_MS),
    'from session { sessionId }',
  );
  expect(spells).toEqual([
    { from: iso(58.5 * MINUTE_MS), session: { sessionId: sessions[58]!.sessionId } },
    { from: iso(59 * MINUTE_MS), session: { sessionId: sessions[59]!.sessionId } },
  ]);
});

test('a spell is as sure as its least sure instant, and one that ends before that is not less sure for it', async () => {
  const gateway = await begin([ofSession(0), ofSession(HOUR_MS, { state: 'busy' })]);
  const provisional = { ...settled(3 * HOUR_MS, 3 * HOUR_MS + MINUTE_MS), level: 'PROVISIONAL' as const };
  await gateway.mirror.append({ coverage: [provisional] });
  gateway.clock.jumpWallClock(MINUTE_MS);
  const sureness = async (to: number) =>
    (await timeline<{ certainty: string }>(gateway, iso(0), iso(to), 'certainty')).map(
      (one) => one.certainty,
    );
  expect(await sureness(3 * HOUR_MS)).toEqual(['SETTLED', 'SETTLED']);
  expect(await sureness(3 * HOUR_MS + MINUTE_MS)).toEqual(['SETTLED', 'PROVISIONAL']);
});
