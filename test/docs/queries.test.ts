import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentIdOf, DAY_MS, floorRecords } from '../fixtures/floor.ts';
import { type Gateway, openGateway } from '../fixtures/gateway.ts';
import { firstResult, foundNothing, writeWholeFloor } from '../fixtures/operations.ts';
import { queriesOf } from './queries.ts';

const HOUR_MS = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();

let gateway: Gateway;
let beginning: string;
beforeAll(async () => {
  gateway = openGateway();
  const { mirror } = await gateway.ask<{ mirror: { streamCursor: string } }>('{ mirror { streamCursor } }');
  beginning = mirror.streamCursor;
  await writeWholeFloor(gateway);
});
afterAll(() => gateway.dispose());

const anInteraction = floorRecords(13, 200).flatMap((one) => one.transfers)[0]!.interactionId;

/** The day, the agent and the cursor of this floor, in place of the reader's. */
const ofThisFloor = (text: string, variables: Record<string, unknown>): Record<string, unknown> => {
  const { from, agentId, interactionId } = variables;
  return {
    ...variables,
    ...(from === undefined ? {} : { from: iso(DAY_MS), to: iso(DAY_MS + 9 * HOUR_MS) }),
    ...(agentId === undefined ? {} : { agentId: agentIdOf(1) }),
    ...(interactionId === undefined ? {} : { interactionId: anInteraction }),
    ...(text.includes('$after: Cursor!') ? { after: beginning } : {}),
  };
};

const documented = ['README.md', 'docs/schema.md'].flatMap(queriesOf);

const read = (file: string): string => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');

test('the page names every error code that a client can meet, and no other', () => {
  const codesOf = (text: string, mark: string) =>
    [...text.matchAll(new RegExp(`${mark}([A-Z][A-Z_]+)${mark}`, 'g'))].map(([, code]) => code).sort();
  const source = read('src/schema/errors.ts');
  const union = source.slice(
    source.indexOf('type ErrorCode'),
    source.indexOf(';', source.indexOf('type ErrorCode')),
  );
  const page = read('docs/schema.md');
  const table = page
    .slice(page.indexOf('## Errors'))
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const first = table.map((line) => line.split('|')[1]).join(' ');
  expect(codesOf(first, '`')).toEqual(codesOf(union, "'"));
});

test('the pages have their queries', () => {
  expect(documented.length).toBeGreaterThanOrEqual(13);
});

test.each(documented)('$file: $name runs, and finds something', async ({ text, variables }) => {
  const result = await firstResult(gateway, text, ofThisFloor(text, variables));
  expect(result.errors).toBeUndefined();
  expect(foundNothing(result)).toEqual([]);
});
