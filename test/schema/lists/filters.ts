import fc from 'fast-check';
import { agentIdOf, DAY_MS, MINUTE_MS } from '../../fixtures/floor.ts';
import { uuidAt } from '../../mirror/support/records.ts';
import type { Filter } from './oracle.ts';

const instant = fc.integer({ min: -5, max: 130 }).map((n) => new Date(DAY_MS + n * MINUTE_MS).toISOString());
const range = fc
  .tuple(fc.integer({ min: -5, max: 125 }), fc.integer({ min: 1, max: 40 }))
  .map(([from, length]) => ({
    from: new Date(DAY_MS + from * MINUTE_MS).toISOString(),
    to: new Date(DAY_MS + (from + length) * MINUTE_MS).toISOString(),
  }));

const few = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { maxLength: 3 });

/** One operator of a scalar. */
const operators = <Value>(value: fc.Arbitrary<Value>, names: readonly string[]): fc.Arbitrary<Filter> =>
  fc
    .constantFrom(...names)
    .chain(
      (name): fc.Arbitrary<Filter> =>
        name === 'isNull'
          ? fc.record({ isNull: fc.boolean() })
          : name === 'in' || name === 'notIn'
            ? few(value).map((values) => ({ [name]: values }))
            : value.map((one) => ({ [name]: one })),
    );

const EQUALITY = ['eq', 'ne', 'in', 'notIn', 'isNull'];
const ORDERED = [...EQUALITY, 'lt', 'lte', 'gt', 'gte'];
const TEXT = [...ORDERED, 'contains', 'startsWith'];

const text = fc.constantFrom(
  '',
  'an',
  'ANN',
  'bob',
  'äda',
  'Ö',
  '%',
  '_',
  '50%',
  'zoë',
  'Lunch',
  'sleep',
  'idle',
);
const seconds = fc.integer({ min: -1, max: 10 }).map((n) => n * 60);
const agentId = fc.nat(11).map(agentIdOf);

const field = (name: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<Filter> =>
  value.map((one) => ({ [name]: one }));

const agentLeaf = fc.oneof(
  field('agentId', operators(agentId, EQUALITY)),
  field('platformAgentId', operators(fc.integer({ min: -1, max: 8 }), ORDERED)),
  field('name', operators(text, TEXT)),
  field('seen', fc.boolean()),
);

const sessionLeaf = fc.oneof(
  field(
    'sessionId',
    operators(
      fc.nat(90).map((n) => uuidAt((n % 10) * 1000, 0xb00 + n)),
      EQUALITY,
    ),
  ),
  field('durationSeconds', operators(seconds, ORDERED)),
  field('overlaps', range),
  field('startedIn', range),
  field('agent', agentLeaf),
  field('end', operators(instant, ORDERED)),
);

const transferLeaf = fc.oneof(
  field(
    'interactionId',
    operators(
      fc.nat(5).map((n) => uuidAt(0, 0xc00 + n)),
      EQUALITY,
    ),
  ),
  field('fromAgent', agentLeaf),
  field('toAgent', agentLeaf),
  field('overlaps', range),
  field('startedIn', range),
  field('durationSeconds', operators(seconds, ORDERED)),
  field('end', operators(instant, EQUALITY)),
);

const eventLeaf = fc.oneof(
  field('state', operators(fc.constantFrom('IDLE', 'BUSY', 'AWAY', 'UNKNOWN'), EQUALITY)),
  field('stateRaw', operators(fc.constantFrom('idle', 'Sleeping', 'sing', 'I', 'S', ''), TEXT)),
  field('presence', operators(fc.constantFrom('READY', 'NOT_READY', 'OFFLINE'), EQUALITY)),
  field('eventType', operators(fc.constantFrom('AGENT_READY', 'UNKNOWN'), EQUALITY)),
  field('start', operators(instant, ORDERED)),
  field('end', operators(instant, ORDERED)),
  field('durationSeconds', operators(seconds, ORDERED)),
  field('overlaps', range),
  field('startedIn', range),
  field('agent', agentLeaf),
  field('session', sessionLeaf),
  field('reason', field('name', operators(text, TEXT))),
  field('transfers', fc.oneof(field('some', transferLeaf), field('none', transferLeaf))),
);

/** A leaf, leaves together, or leaves under `and`, `or` and `not`. */
const nested = (leaf: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> => {
  const { tree } = fc.letrec<{ tree: Filter }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
      fc.constant<Filter>({}),
      leaf,
      fc.tuple(leaf, leaf).map(([a, b]) => ({ ...a, ...b })),
      field('and', fc.array(tie('tree'), { maxLength: 2 })),
      field('or', fc.array(tie('tree'), { maxLength: 2 })),
      field('not', tie('tree')),
    ),
  }));
  return tree;
};

/** Filters of each list, as clients write them. */
export const filters = {
  event: nested(eventLeaf),
  session: nested(
    fc.oneof(sessionLeaf, field('events', fc.oneof(field('some', eventLeaf), field('none', eventLeaf)))),
  ),
  agent: nested(
    fc.oneof(
      agentLeaf,
      field('sessions', fc.oneof(field('some', sessionLeaf), field('none', sessionLeaf))),
      field('events', fc.oneof(field('some', eventLeaf), field('none', eventLeaf))),
      field('transfersOut', fc.oneof(field('some', transferLeaf), field('none', transferLeaf))),
    ),
  ),
  transfer: nested(transferLeaf),
};
