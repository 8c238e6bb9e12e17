import { type FragmentDefinitionNode, Kind, parse } from 'graphql';
import { expect, test } from 'vitest';
import { createSchema } from '../../../src/schema/index.ts';
import { costOf } from '../../../src/server/pipeline/cost.ts';
import { defaultServerSettings } from '../../../src/server/settings.ts';

const cost = (text: string, variables: Record<string, unknown> = {}): number => {
  const { definitions } = parse(text);
  const operation = definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION)!;
  const fragments = new Map(
    definitions
      .filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION)
      .map((one) => [one.name.value, one]),
  );
  return costOf(createSchema(), operation, fragments, variables, defaultServerSettings.limits).objects;
};

const DAY = 'from: "2026-11-23T00:00:00Z", to: "2026-11-24T00:00:00Z"';

test('time in state costs its buckets, times the groups that its keys are taken to make', () => {
  const whole = cost(`{ stateDurations(${DAY}, groupBy: []) { durationMs } }`);
  expect(whole).toBe(1);
  expect(cost(`{ stateDurations(${DAY}, groupBy: [STATE]) { durationMs } }`)).toBe(3);
  const quarters = cost(
    `{ stateDurations(${DAY}, granularity: FIFTEEN_MINUTES, groupBy: [STATE]) { durationMs } }`,
  );
  expect(quarters).toBeGreaterThanOrEqual(96 * 3);
  expect(quarters).toBeLessThan(110 * 3);
  // What is below a row is paid for each.
  expect(cost(`{ stateDurations(${DAY}, groupBy: [AGENT]) { agent { name } } }`)).toBe(80);
});

test('variables cost what the values written out do', () => {
  const written = `{ stateDurations(${DAY}, granularity: HOUR, groupBy: [AGENT, STATE]) { durationMs } }`;
  const named = `query ($from: DateTime!, $to: DateTime!, $cut: Granularity, $keys: [StateGroupKey!]!) {
    stateDurations(from: $from, to: $to, granularity: $cut, groupBy: $keys) { durationMs } }`;
  expect(
    cost(named, {
      from: Date.parse('2026-11-23T00:00:00Z'),
      to: Date.parse('2026-11-24T00:00:00Z'),
      cut: 'HOUR',
      keys: ['AGENT', 'STATE'],
    }),
  ).toBe(cost(written));
});

test('many keys cost no more than the most rows that there are, and agents pay each', () => {
  const all = 'AGENT, STATE, PRESENCE, REASON, DIRECTION, ALLOCATION';
  expect(
    cost(`{ stateDurations(${DAY}, granularity: FIVE_MINUTES, groupBy: [${all}]) { durationMs } }`),
  ).toBe(10_000);
  expect(
    cost(`{ agents(first: 100) { nodes { stateDurations(${DAY}, groupBy: [STATE]) { durationMs } } } }`),
  ).toBe(1 + 100 * (1 + 3));
});

test('coverage costs a slice a minute, and never more than an answer holds', () => {
  expect(cost(`{ coverage(${DAY}) { from } }`)).toBe(24 * 60);
  expect(cost('{ coverage(from: "2026-01-01T00:00:00Z", to: "2026-12-31T00:00:00Z") { from } }')).toBe(
    10_000,
  );
  expect(cost('{ coverage(from: "2026-12-31T00:00:00Z", to: "2026-01-01T00:00:00Z") { from } }')).toBe(1);
});

test('what is not valid is left to the resolver to refuse by name', () => {
  expect(
    cost(
      '{ stateDurations(from: "yesterday", to: "2026-11-24T00:00:00Z", groupBy: [STATE]) { durationMs } }',
    ),
  ).toBe(1);
});
