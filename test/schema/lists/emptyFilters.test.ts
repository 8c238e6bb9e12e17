import { parse, subscribe } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSchema } from '../../../src/schema/index.ts';
import { floorRecords, writeFloor } from '../../fixtures/floor.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';

/** What a filter lets through by mistake, or what nobody can know: refused, by lists and by streams. */
let gateway: Gateway;
beforeAll(async () => {
  gateway = openGateway();
  await writeFloor(gateway, floorRecords(5, 300));
});
afterAll(() => gateway.dispose());

const blamed = async (document: string) => {
  const { extensions } = await gateway.refuse(document);
  return [extensions['code'], extensions['argument']];
};

const opened = (field: string, variables: string) =>
  subscribe({
    schema: createSchema(),
    document: parse(`subscription ${variables} { ${field} { cursor } }`),
    contextValue: gateway.context(),
  });

describe('a comparison that is empty', () => {
  test.each([
    ['an operator without its variable', 'agentId: { eq: $id }', 'filter.agentId'],
    ['two operators without their variable', 'agentId: { eq: $id, ne: $id }', 'filter.agentId'],
    ['a related row without its variable', 'agent: { agentId: { eq: $id } }', 'filter.agent.agentId'],
    ['what must not hold without its variable', 'not: { agentId: { eq: $id } }', 'filter.not.agentId'],
    ['an alternative without its variable', 'or: [{ sessionId: { eq: $id } }]', 'filter.or[0].sessionId'],
    ['no operator at all', 'state: {}', 'filter.state'],
    ['a length without an operator', 'durationSeconds: {}', 'filter.durationSeconds'],
    ['related rows without a condition', 'transfers: {}', 'filter.transfers'],
    ['related rows with null', 'transfers: { some: null }', 'filter.transfers'],
  ])('does not let everything through: %s', async (_what, filter, argument) => {
    const refused = ['BAD_USER_INPUT', argument];
    const variables = filter.includes('$id') ? '($id: UUID)' : '';
    expect(await blamed(`query ${variables} { events(filter: { ${filter} }) { nodes { id } } }`)).toEqual(
      refused,
    );
    const stream = await opened(`eventChanges(filter: { ${filter} })`, variables);
    expect(stream).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT', argument } }] });
  });

  test('is refused of statuses and transfers too', async () => {
    expect(
      await blamed('query ($id: UUID) { agentStatuses(filter: { agentId: { eq: $id } }) { nodes { at } } }'),
    ).toEqual(['BAD_USER_INPUT', 'filter.agentId']);
    for (const field of [
      'stateChanges(filter: { agentId: { in: $ids } })',
      'transferChanges(filter: { toAgentId: { in: $ids } })',
    ]) {
      expect(await opened(field, '($ids: [UUID!])')).toMatchObject({
        errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
      });
    }
  });

  test('is another thing than a field that is not given, which is no condition', async () => {
    const all = await gateway.ask('{ events { totalCount { value } } }');
    expect(
      await gateway.ask(
        `query ($state: AgentStateFilter, $filter: EventFilter) {
          events(filter: { state: $state, agentId: null, agent: { status: null }, not: $filter, and: [{}] }) { totalCount { value } }
        }`,
      ),
    ).toEqual(all);
  });
});

describe('a time to come', () => {
  const AHEAD = '{ from: "2026-11-23T09:00:06Z", to: "2031-01-01T00:00:00Z" }';

  test.each([
    ['events', `events(filter: { overlaps: ${AHEAD} }) { nodes { id } }`],
    ['sessions', `sessions(filter: { overlaps: ${AHEAD} }) { nodes { id } }`],
    ['transfers', `transfers(filter: { overlaps: ${AHEAD} }) { nodes { id } }`],
    ['sessions.some', `agents(filter: { sessions: { some: { overlaps: ${AHEAD} } } }) { nodes { id } }`],
    ['session', `agentStatuses(filter: { session: { overlaps: ${AHEAD} } }) { nodes { at } }`],
    [
      'time in state',
      `stateDurations(from: "2026-11-23T00:00:00Z", to: "2026-11-23T01:00:00Z", groupBy: [], filter: { overlaps: ${AHEAD} }) { durationMs }`,
    ],
  ])('is overlapped by nothing that is known: %s', async (what, field) => {
    const inside = what.startsWith('session') && what !== 'sessions' ? `${what}.` : '';
    expect(await blamed(`{ ${field} }`)).toEqual(['BAD_USER_INPUT', `filter.${inside}overlaps.from`]);
  });

  test.each(['eventChanges', 'transferChanges'])('is no filter of the stream %s', async (stream) => {
    expect(await opened(`${stream}(filter: { overlaps: ${AHEAD} })`, '')).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', argument: 'filter.overlaps.from' } }],
    });
  });

  test('may be one in which something begins: nothing has, which is true', async () => {
    expect(await gateway.ask(`{ events(filter: { startedIn: ${AHEAD} }) { nodes { id } } }`)).toEqual({
      events: { nodes: [] },
    });
  });

  test('is not one that has begun, by any clock that is near', async () => {
    for (const from of ['2026-11-23T00:30:00Z', '2026-11-23T09:00:04Z']) {
      const { events } = await gateway.ask<{ events: { nodes: { end: string | null }[] } }>(
        `{ events(orderBy: DURATION_DESC, first: 1, filter: { overlaps: { from: "${from}", to: "2031-01-01T00:00:00Z" } }) { nodes { end } } }`,
      );
      expect(events.nodes).toEqual([{ end: null }]);
    }
  });

  test('begins when upstream says so, whatever our clock', async () => {
    gateway.clock.jumpWallClock(10_000);
    await gateway.ask(`{ events(filter: { overlaps: ${AHEAD} }) { nodes { id } } }`);
    gateway.clock.jumpWallClock(-10_000);
  });
});
