import { type ExecutionResult, getOperationAST, parse, subscribe, validate } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSchema } from '../../src/schema/index.ts';
import { agentIdOf, DAY_MS, floorRecords, settled, writeFloor } from '../fixtures/floor.ts';
import { type Gateway, openGateway } from '../fixtures/gateway.ts';
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
  await gateway.mirror.append({ coverage: [settled(0, 9 * HOUR_MS)] });
});
afterAll(() => gateway.dispose());

/** The day, the agent and the cursor of this floor, in place of the reader's. */
const ofThisFloor = (text: string, variables: Record<string, unknown>): Record<string, unknown> => {
  const { from, agentId } = variables;
  return {
    ...variables,
    ...(from === undefined ? {} : { from: iso(DAY_MS), to: iso(DAY_MS + 9 * HOUR_MS) }),
    ...(agentId === undefined ? {} : { agentId: agentIdOf(1) }),
    ...(text.includes('$after: Cursor!') ? { after: beginning } : {}),
  };
};

const firstOf = async (text: string, variableValues: Record<string, unknown>): Promise<ExecutionResult> => {
  const document = parse(text);
  const schema = createSchema();
  expect(validate(schema, document)).toEqual([]);
  if (getOperationAST(document)?.operation !== 'subscription') return gateway.run(text, variableValues);
  const results = await subscribe({ schema, document, variableValues, contextValue: gateway.context() });
  if (!(Symbol.asyncIterator in results)) return results;
  const first = await results.next();
  await results.return(undefined);
  if (first.done) throw new Error('the stream ended at once');
  return first.value;
};

const documented = ['README.md', 'docs/schema.md'].flatMap(queriesOf);

test('the pages have their queries', () => {
  expect(documented.length).toBeGreaterThanOrEqual(9);
});

test.each(documented)('$file: $name runs, and finds something', async ({ text, variables }) => {
  const { data, errors } = await firstOf(text, ofThisFloor(text, variables));
  expect(errors).toBeUndefined();
  for (const answer of Object.values(data ?? {})) {
    expect(JSON.stringify(answer)).not.toMatch(/^(null|\[\]|\{"nodes":\[\].*)$/);
  }
});
