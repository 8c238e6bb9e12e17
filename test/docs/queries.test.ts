import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExecutionResult, getOperationAST, parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSchema } from '../../src/schema/index.ts';
import { agentIdOf, DAY_MS, floorRecords, settled, writeFloor } from '../fixtures/floor.ts';
import { firstResult } from '../fixtures/follower.ts';
import { type Gateway, openGateway } from '../fixtures/gateway.ts';
import { record, uuidAt } from '../mirror/support/records.ts';
import { queriesOf } from './queries.ts';

const HOUR_MS = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();

let gateway: Gateway;
let beginning: string;
beforeAll(async () => {
  gateway = openGateway();
  const { mirror } = await gateway.ask<{ mirror: { streamCursor: string } }>('{ mirror { streamCursor } }');
  beginning = mirror.streamCursor;
  await writeFloor(gateway, floorRecords(13, 200));
  // Somebody stays away.
  const sessionId = uuidAt(3 * HOUR_MS, 0xe00);
  const away = { agentId: agentIdOf(1), sessionId, start: 3 * HOUR_MS, state: 'away', reasonName: 'Break' };
  await gateway.mirror.append({ records: [record(away)], coverage: [settled(0, 9 * HOUR_MS)] });
  gateway.clock.jumpWallClock(DAY_MS + 9 * HOUR_MS - gateway.clock.nowMs());
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

const firstOf = async (text: string, variableValues: Record<string, unknown>): Promise<ExecutionResult> => {
  const document = parse(text);
  const schema = createSchema();
  expect(validate(schema, document)).toEqual([]);
  if (getOperationAST(document)?.operation !== 'subscription') return gateway.run(text, variableValues);
  return firstResult(gateway, text, variableValues);
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
  const { data, errors } = await firstOf(text, ofThisFloor(text, variables));
  expect(errors).toBeUndefined();
  for (const answer of Object.values(data ?? {})) {
    expect(JSON.stringify(answer)).not.toMatch(/^(null|\[\])$|"(nodes|timeline|chain)":\[\]/);
  }
});
