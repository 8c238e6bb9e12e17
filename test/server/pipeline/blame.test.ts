import { describe, expect, test } from 'vitest';
import { createSchema } from '../../../src/schema/index.ts';
import { post } from '../support/httpClient.ts';
import { startServer } from '../support/startServer.ts';

const schema = createSchema();

/** Refused before anything is read: there is no mirror behind this server. */
const refusals = async (query: string, variables: Record<string, unknown> = {}) => {
  const { url } = await startServer({ schema });
  const { body } = await post(url, { query, variables });
  return (body.errors ?? []).map(({ message, extensions }) => ({
    message,
    code: extensions?.['code'],
    argument: extensions?.['argument'],
  }));
};

const INPUT = 'BAD_USER_INPUT';
const INVALID = 'GRAPHQL_VALIDATION_FAILED';
const OBJECT_ID = Buffer.from('Agent:0a62f710-04cd-11ea-b2ef-8f1a0e1b5a7c').toString('base64');

describe('a value that is wrong is refused by the name of its argument', () => {
  test.each([
    ['agent(agentId: "x") { name }', INPUT, 'agentId'],
    [`agent(agentId: "${OBJECT_ID}") { name }`, INPUT, 'agentId'],
    ['agentStatuses(at: "yesterday") { nodes { at } }', INPUT, 'at'],
    ['agentStatuses(at: 5) { nodes { at } }', INPUT, 'at'],
    ['stateChanges(after: "") { cursor }', 'CURSOR_MALFORMED', 'after'],
    ['events(filter: { start: { gt: "foo" } }) { nodes { id } }', INPUT, 'filter.start.gt'],
    [
      'events(filter: { or: [{}, { agentId: { in: ["x"] } }] }) { nodes { id } }',
      INPUT,
      'filter.or[1].agentId.in[0]',
    ],
    [
      'events(filter: { overlaps: { from: "2026-11-23T00:00:00Z", to: "x" } }) { nodes { id } }',
      INPUT,
      'filter.overlaps.to',
    ],
    [
      'events(filter: { overlaps: { from: "2026-11-23T00:00:00Z" } }) { nodes { id } }',
      INVALID,
      'filter.overlaps',
    ],
    ['events(filter: { state: { eq: SLEEPING } }) { nodes { id } }', INVALID, 'filter.state.eq'],
    ['events(filter: { stat: { eq: AWAY } }) { nodes { id } }', INVALID, 'filter.stat'],
    ['events(first: "5") { nodes { id } }', INVALID, 'first'],
    ['events(frist: 5) { nodes { id } }', INVALID, 'frist'],
    ['events(orderBy: LONGEST) { nodes { id } }', INVALID, 'orderBy'],
    ['agent { name }', INVALID, 'agentId'],
    ['agents { nodes { events(after: 5) { nodes { id } } } }', INVALID, 'after'],
  ])('in the document: %s', async (field, code, argument) => {
    const [refusal, ...others] = await refusals(`{ ${field} }`);
    expect(refusal).toMatchObject({ code, argument });
    expect(refusal?.message).toContain(`\`${argument}\`: `);
    expect(others).toEqual([]);
  });

  test.each([
    ['($v: UUID!) { agent(agentId: $v) { name } }', 'x', INPUT, 'agentId'],
    ['($v: UUID!) { agent(agentId: $v) { name } }', OBJECT_ID, INPUT, 'agentId'],
    ['($v: UUID!) { agent(agentId: $v) { name } }', null, INPUT, 'agentId'],
    ['($v: UUID!) { agent(agentId: $v) { name } }', undefined, INPUT, 'agentId'],
    ['($v: DateTime) { agentStatuses(at: $v) { nodes { at } } }', '2026-11-23', INPUT, 'at'],
    ['($v: Cursor!) { stateChanges(after: $v) { cursor } }', '', 'CURSOR_MALFORMED', 'after'],
    [
      '($v: EventFilter) { events(filter: $v) { nodes { id } } }',
      { start: { gt: 'foo' } },
      INPUT,
      'filter.start.gt',
    ],
    [
      '($v: EventFilter) { events(filter: $v) { nodes { id } } }',
      { and: [{}, { not: { agentId: { in: ['x'] } } }] },
      INPUT,
      'filter.and[1].not.agentId.in[0]',
    ],
    ['($v: EventFilter) { events(filter: $v) { nodes { id } } }', { nobody: 1 }, INPUT, 'filter'],
    [
      '($v: DateTime) { events(filter: { start: { gt: $v } }) { nodes { id } } }',
      'foo',
      INPUT,
      'filter.start.gt',
    ],
    [
      '($v: [UUID!]) { events(filter: { or: [{ agentId: { in: $v } }] }) { nodes { id } } }',
      ['x'],
      INPUT,
      'filter.or[0].agentId.in[0]',
    ],
    ['($v: [ID!]!) { nodes(ids: $v) { id } }', ['x', null], INPUT, 'ids[1]'],
    [
      '($v: Int) { agents { nodes { ...A } } } fragment A on Agent { events(first: $v) { nodes { id } } }',
      'x',
      INPUT,
      'first',
    ],
    ['($v: String) { events(first: $v) { nodes { id } } }', '5', INVALID, 'first'],
    ['($v: Int = "x") { events(first: $v) { nodes { id } } }', 5, INVALID, 'first'],
  ])('in a variable: %s of %j', async (operation, value, code, argument) => {
    const [refusal, ...others] = await refusals(`query ${operation}`, { v: value });
    expect(refusal).toMatchObject({ code, argument });
    expect(refusal?.message).toContain(`\`${argument}\`: `);
    expect(others).toEqual([]);
  });
});

test('each of several wrong values is named', async () => {
  const wrong = await refusals(
    'query ($a: UUID!, $f: EventFilter) { agent(agentId: $a) { name } events(filter: $f) { nodes { id } } }',
    { a: 'x', f: { start: { gt: 'foo' }, or: [{ end: { lt: 'bar' } }], agentId: { eq: 'y' } } },
  );
  expect(wrong.map(({ argument }) => argument).sort()).toEqual([
    'agentId',
    'filter.agentId.eq',
    'filter.or[0].end.lt',
    'filter.start.gt',
  ]);
  expect(wrong.find(({ argument }) => argument === 'filter.or[0].end.lt')?.message).toContain('"bar"');
});

test("an object's id where upstream's own is due is told for what it is", async () => {
  const [refusal] = await refusals('query ($v: UUID!) { agent(agentId: $v) { name } }', { v: OBJECT_ID });
  expect(refusal?.message).toContain('`node`');
});

test('thousands of wrong values in one variable are refused at once', async () => {
  const ids = Array.from({ length: 10_000 }, () => 'x');
  const wrong = await refusals(
    'query ($v: [UUID!]) { events(filter: { agentId: { in: $v } }) { nodes { id } } }',
    {
      v: ids,
    },
  );
  expect(wrong.length).toBeLessThan(30);
  expect(wrong[19]?.argument).toBe('filter.agentId.in[19]');
});

test('null in place of a default is refused by name, though only execution finds it', async () => {
  const [refusal] = await refusals(
    'query ($v: UUID = "0a62f710-04cd-11ea-b2ef-8f1a0e1b5a7c") { agent(agentId: $v) { name } }',
    { v: null },
  );
  expect(refusal).toMatchObject({ code: INPUT, argument: 'agentId' });
});

test('an error that is about no argument names none', async () => {
  expect(await refusals('{ nothing }')).toMatchObject([{ code: INVALID, argument: undefined }]);
});
