import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brokenPromises } from '../../.ci/schemaDiff.ts';

const released = `
  type Query { event(eventId: ID!): Event }
  type Event { start: String! end: String state: State }
  enum State { IDLE BUSY }
`;
const changelog = (...lines: string[]) =>
  [
    '# Changelog',
    '',
    '## 0.2.0, unreleased',
    ...lines,
    '',
    '## 0.1.0',
    '- Breaking: `Event.start` long ago',
  ].join('\n');

test('a schema that only grew breaks nothing', async () => {
  const grown = released.replace('end: String', 'end: String endSource: String');
  expect(await brokenPromises(released, grown, changelog())).toEqual([]);
});

test.each([
  ['a field that is gone', released.replace('end: String', ''), 'Event.end'],
  ['a field that may be null now', released.replace('start: String!', 'start: String'), 'Event.start'],
  ['an argument that is required now', released.replace('ID!)', 'ID!, at: String!)'), 'Query.event.at'],
  ['an enum value that is gone', released.replace(' BUSY', ''), 'State.BUSY'],
])(
  '%s breaks clients, unless the newest section of the changelog owns up to it',
  async (_, changed, path) => {
    expect(await brokenPromises(released, changed, changelog())).toEqual([
      expect.stringContaining(`${path}: `),
    ]);
    expect(
      await brokenPromises(released, changed, changelog(`- Breaking: \`${path}\` for a reason.`)),
    ).toEqual([]);
  },
);

test('the published schema, less one field of one type, breaks clients of the released one', async () => {
  const published = readFileSync(join(import.meta.dirname, '../../schema/released.graphql'), 'utf8');
  const spell = published.indexOf('type Spell {');
  const field = published.indexOf('  open: Boolean!', spell);
  expect(Math.min(spell, field)).toBeGreaterThan(0);
  const less =
    published.slice(0, field) + published.slice(field).replace('  open: Boolean!', '  since: DateTime!');
  expect(await brokenPromises(published, published, changelog())).toEqual([]);
  expect(await brokenPromises(published, less, changelog())).toEqual([
    expect.stringContaining('Spell.open: '),
  ]);
});
