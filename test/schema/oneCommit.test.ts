import { isPromise } from 'node:util/types';
import { execute, parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSchema } from '../../src/schema/index.ts';
import { floorRecords, writeFloor } from '../fixtures/floor.ts';
import { type Gateway, openGateway } from '../fixtures/gateway.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = openGateway();
  await writeFloor(gateway, floorRecords(9, 300));
});
afterAll(() => gateway.dispose());

test('lists are resolved without a promise', () => {
  const result = execute({
    schema: createSchema(),
    document: parse(
      `{ agents { nodes { names { name } events { nodes { agent { name } } totalCount { value } } } }
         transfers { nodes { interaction { broken } } } }`,
    ),
    contextValue: gateway.context(),
  });
  expect(isPromise(result)).toBe(false);
});

test('everything that one operation reads is of one commit, whatever is written meanwhile', async () => {
  const document = parse(
    `{ a: events(first: 1000) { totalCount { value } streamCursor }
       b: events(first: 1000) { nodes { id } streamCursor } }`,
  );
  for (let i = 0; i < 5; i += 1) {
    const context = gateway.context();
    const { mirror } = context.tenant;
    // Written by another connection, between two statements of the operation.
    let written = false;
    const interrupted = {
      ...mirror,
      all: <Row>(sql: string, ...params: Parameters<typeof mirror.all>[1][]) => {
        const rows = mirror.all<Row>(sql, ...params);
        if (!written) void gateway.mirror.append({ records: floorRecords(50 + i, 3) });
        written = true;
        return rows;
      },
    };
    const { data } = await execute({
      schema: createSchema(),
      document,
      contextValue: { ...context, tenant: { ...context.tenant, mirror: interrupted } },
    });
    expect(written).toBe(true);
    // What the document above asks for.
    const { a, b } = data as unknown as {
      a: { totalCount: { value: number }; streamCursor: string };
      b: { nodes: unknown[]; streamCursor: string };
    };
    expect(a.totalCount.value).toBe(b.nodes.length);
    expect(a.streamCursor).toBe(b.streamCursor);
  }
  const after = await gateway.ask<{ events: { totalCount: { value: number } } }>(
    '{ events { totalCount { value } } }',
  );
  expect(after.events.totalCount.value).toBe(315);
});
