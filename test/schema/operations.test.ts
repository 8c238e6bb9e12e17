import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, openGateway } from '../fixtures/gateway.ts';
import { firstResult, foundNothing, writeWholeFloor } from '../fixtures/operations.ts';

const folder = join(import.meta.dirname, '../../schema/operations');
const names = readdirSync(folder).flatMap((name) => (name.endsWith('.graphql') ? [name.slice(0, -8)] : []));

/** As GraphiQL has its tabs: the document, without variables and with those beside it. */
const runs = names.flatMap((name) => {
  const file = join(folder, `${name}.variables.json`);
  const plain = { name, with: 'without variables', variables: {} };
  return existsSync(file)
    ? [plain, { name, with: 'with its variables', variables: JSON.parse(readFileSync(file, 'utf8')) }]
    : [plain];
});
const textOf = (name: string): string => readFileSync(join(folder, `${name}.graphql`), 'utf8');

let gateway: Gateway;
let empty: Gateway;
beforeAll(async () => {
  gateway = openGateway();
  empty = openGateway();
  await writeWholeFloor(gateway);
});
afterAll(() => {
  gateway.dispose();
  empty.dispose();
});

test('all are run', () => {
  expect(names).toHaveLength(12);
  expect(runs).toHaveLength(13);
});

test.each(runs)('$name runs as pasted, $with, and finds something', async ({ name, variables }) => {
  const result = await firstResult(gateway, textOf(name), variables);
  expect(result.errors).toBeUndefined();
  expect(foundNothing(result)).toEqual([]);
});

test.each(runs)('$name, $with, would be seen to find nothing', async ({ name, variables }) => {
  const result = await firstResult(empty, textOf(name), variables);
  expect(result.errors).toBeUndefined();
  expect(foundNothing(result)).toHaveLength(1);
});
