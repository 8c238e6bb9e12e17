import { afterAll, beforeAll, expect, test } from 'vitest';
import { floorRecords, writeFloor } from '../fixtures/floor.ts';
import { type Gateway, openGateway } from '../fixtures/gateway.ts';

let gateway: Gateway;
let events: { id: string; eventId: string }[];
beforeAll(async () => {
  gateway = openGateway();
  await writeFloor(gateway, floorRecords(5, 20));
  const page = await gateway.ask<{ events: { nodes: typeof events } }>(
    '{ events(first: 2) { nodes { id eventId } } }',
  );
  events = page.events.nodes;
});
afterAll(() => gateway.dispose());

const one = 'query ($id: ID!) { node(id: $id) { id } }';
const many = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
const blamed = async (document: string, variables: Record<string, unknown>) => {
  const { extensions } = await gateway.refuse(document, variables);
  return [extensions['code'], extensions['argument']];
};

test('an id is taken as it was given and not otherwise, and of many the wrong one is named', async () => {
  const [{ id, eventId }, other] = [events[0]!, events[1]!];
  expect(await gateway.ask(one, { id })).toEqual({ node: { id } });
  const touched = [`${id}!!!!`, ` ${id}`, `${id}\n`, `${id}=`, id.slice(0, -1), id.slice(1)];
  for (const wrong of [...touched, eventId, '', 'x', Buffer.from('Agent:x').toString('base64')]) {
    expect(await blamed(one, { id: wrong })).toEqual(['BAD_USER_INPUT', 'id']);
    expect(await blamed(many, { ids: [id, other.id, wrong] })).toEqual(['BAD_USER_INPUT', 'ids[2]']);
  }
});

test('an id that the mirror does not hold is null in its place', async () => {
  const nobody = Buffer.from('Event:0a62f710-04cd-11ea-b2ef-8f1a0e1b5a7c').toString('base64');
  const ids = [events[1]!.id, nobody, events[0]!.id];
  expect(await gateway.ask(many, { ids })).toEqual({
    nodes: [{ id: ids[0] }, null, { id: ids[2] }],
  });
});

test('a thousand ids are the most', async () => {
  const ids = Array.from({ length: 1001 }, () => events[0]!.id);
  expect(await blamed(many, { ids })).toEqual(['BAD_USER_INPUT', 'ids']);
});
