import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExecutionResult, getOperationAST, parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSchema } from '../../src/schema/index.ts';
import { floorRecords, settled, writeFloor } from '../fixtures/floor.ts';
import { firstResult } from '../fixtures/follower.ts';
import { type Gateway, openGateway } from '../fixtures/gateway.ts';

const folder = join(import.meta.dirname, '../../schema/operations');
const names = readdirSync(folder).filter((name) => name.endsWith('.graphql'));

let gateway: Gateway;
beforeAll(async () => {
  gateway = openGateway();
  await writeFloor(gateway, floorRecords(13, 200));
  await gateway.mirror.append({ coverage: [settled(0, 9 * 3_600_000)] });
});
afterAll(() => gateway.dispose());

const firstOf = async (text: string): Promise<ExecutionResult> => {
  const document = parse(text);
  const operation = getOperationAST(document);
  expect(validate(createSchema(), document)).toEqual([]);
  if (operation?.operation !== 'subscription') return gateway.run(text);
  return firstResult(gateway, text);
};

test.each(names)('%s runs as pasted, without variables, and finds something', async (name) => {
  const { data, errors } = await firstOf(readFileSync(join(folder, name), 'utf8'));
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data).length).toBeGreaterThan(60);
});
