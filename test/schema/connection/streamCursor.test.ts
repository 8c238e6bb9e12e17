import { expect, onTestFinished, test } from 'vitest';
import { everything } from '../../../src/mirror/index.ts';
import { openPages, WHOLE } from '../../../src/schema/connection/pages.ts';
import { decodeStreamCursor } from '../../../src/schema/cursors/streamCursor.ts';
import { floorRecords, writeFloor } from '../../fixtures/floor.ts';
import { openGateway } from '../../fixtures/gateway.ts';

const openFloor = async () => {
  const gateway = openGateway();
  onTestFinished(() => gateway.dispose());
  await writeFloor(gateway, floorRecords(5, 100));
  return gateway;
};

test("a page's stream cursor is of the commit that its rows were read from, however late it is asked for", async () => {
  const gateway = await openFloor();
  const page = openPages(
    gateway.reader,
    {
      connection: 'Query.events',
      list: 'event',
      ordering: 'START',
      orderBy: 'START_DESC',
      descending: true,
      condition: everything,
      parents: null,
    },
    {},
  )(WHOLE);
  const head = gateway.reader.headSeq();
  page.rows();
  await gateway.mirror.append({ records: floorRecords(6, 20) });
  expect(gateway.reader.headSeq()).toBeGreaterThan(head);
  expect(decodeStreamCursor(gateway.reader, page.streamCursor())).toBe(head);
});

test('all lists of one operation give one stream cursor', async () => {
  const gateway = await openFloor();
  const { agents, events } = await gateway.ask<{
    agents: { streamCursor: string; nodes: { events: { streamCursor: string } }[] };
    events: { streamCursor: string };
  }>('{ agents { streamCursor nodes { events { streamCursor } } } events { streamCursor } }');
  const cursors = [agents, events, ...agents.nodes.map((one) => one.events)].map((one) => one.streamCursor);
  expect(new Set(cursors).size).toBe(1);
  expect(cursors.length).toBeGreaterThan(5);
});
