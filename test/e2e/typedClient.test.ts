import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  AgentTimelineDocument,
  EventsPageDocument,
  FloorNowDocument,
  MirrorHealthDocument,
} from '../generated/graphql.ts';
import { askTyped } from './support/graphqlClient.ts';
import { startGateway, temporaryFolder } from './support/program.ts';
import { until } from './support/until.ts';

it('the published operations, as typed documents, page through a running gateway', async () => {
  const { url } = await startGateway({ RTA_DATABASE: join(temporaryFolder(), 'mirror.sqlite') });
  await until('an hour of the simulated floor is there', async () => {
    const { mirror } = await askTyped(url, MirrorHealthDocument, {});
    return mirror.health === 'OK' && (mirror.counts.events ?? 0) > 500;
  });

  const first = await askTyped(url, EventsPageDocument, { first: 20, filter: { state: { in: ['BUSY'] } } });
  const after = first.events.pageInfo.endCursor;
  const second = await askTyped(url, EventsPageDocument, {
    first: 20,
    after,
    filter: { state: { in: ['BUSY'] } },
  });
  const nodes = [...first.events.edges, ...second.events.edges].map(({ node }) => node);
  expect(new Set(nodes.map(({ eventId }) => eventId)).size).toBe(40);
  expect(nodes.map(({ start }) => start)).toEqual(
    nodes
      .map(({ start }) => start)
      .sort()
      .reverse(),
  );
  expect(nodes.every(({ state }) => state === 'BUSY')).toBe(true);

  const { agentStatuses } = await askTyped(url, FloorNowDocument, {});
  expect(agentStatuses.nodes.map(({ since }) => since)).toEqual(
    agentStatuses.nodes.map(({ since }) => since).sort(),
  );

  const { agents } = await askTyped(url, AgentTimelineDocument, {});
  const spells = agents.nodes[0]!.timeline;
  expect(spells.length).toBeGreaterThan(0);
  expect(spells.map(({ from }) => from)).toEqual(spells.map(({ from }) => from).sort());
});
