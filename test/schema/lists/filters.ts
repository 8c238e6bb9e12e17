import fc from 'fast-check';
import { agentIdOf, DAY_MS, floorRecords, MINUTE_MS } from '../../fixtures/floor.ts';
import { GENESIS_MS } from '../../mirror/support/mirrorFile.ts';
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
/** From the floor to the clock of the tests. */
const hours = fc.integer({ min: 0, max: 10 * 60 }).map((n) => n * 60);
const agentId = fc.nat(11).map(agentIdOf);

const field = (name: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<Filter> =>
  value.map((one) => ({ [name]: one }));

/** Frames are read five seconds apart. */
const readAt = fc.integer({ min: -1, max: 4 }).map((n) => new Date(GENESIS_MS + n * 5_000).toISOString());
const sessionId = fc
  .tuple(fc.nat(9), fc.integer({ min: 1, max: 2 }))
  .map(([agent, nth]) => uuidAt(nth * 1000, 0xb00 + agent * 10 + nth));
/** Of the floors that filters are tried on. */
const eventId = fc.constantFrom(
  ...[3, 7].flatMap((seed) => floorRecords(seed, 30).map((one) => one.eventId)),
);
const enumeration = (...names: string[]) => operators(fc.constantFrom(...names, 'UNKNOWN'), EQUALITY);
const oneOf = (...names: string[]) => operators(fc.constantFrom(...names), ['eq', 'ne', 'in', 'notIn']);

/** What an agent says without other rows. */
const agentAlone = fc.oneof(
  field('agentId', operators(agentId, EQUALITY)),
  field('platformAgentId', operators(fc.integer({ min: -1, max: 8 }), ORDERED)),
  field('tenantAgentId', operators(fc.integer({ min: -1, max: 4 }), ORDERED)),
  field('name', operators(text, TEXT)),
  field('seen', fc.boolean()),
);

const coded = [
  field('state', enumeration('IDLE', 'BUSY', 'AWAY')),
  field('stateRaw', operators(fc.constantFrom('idle', 'Sleeping', 'sing', 'I', 'S', ''), TEXT)),
  field('presence', enumeration('READY', 'NOT_READY', 'OFFLINE')),
  field('presenceRaw', operators(fc.constantFrom('ready', 'not-', 'R'), TEXT)),
  field('allocation', enumeration('NOT_ALLOCATED', 'ALLOCATED', 'FULLY_ALLOCATED')),
  field('allocationRaw', operators(fc.constantFrom('allocated', 'not', ''), TEXT)),
  field('direction', enumeration('INBOUND', 'OUTBOUND', 'AGENT_INITIATED')),
  field('directionRaw', operators(fc.constantFrom('inbound', 'OUT', ''), TEXT)),
];
const reason = field('reason', field('name', operators(text, TEXT)));

/** A status now; how long it lasts, only agentStatuses can be asked for. */
const statusLeaf = fc.oneof(
  ...coded,
  field('agentId', operators(agentId, EQUALITY)),
  field('agent', agentAlone),
  field('sessionId', operators(sessionId, EQUALITY)),
  field(
    'session',
    fc.oneof(field('end', operators(instant, ORDERED)), field('began', operators(instant, ORDERED))),
  ),
  reason,
  field('since', operators(instant, ORDERED)),
  field('sinceEvent', operators(instant, ORDERED)),
  field('inferred', fc.boolean()),
);

const agentLeaf = fc.oneof(
  { weight: 3, arbitrary: agentAlone },
  field('status', fc.oneof(fc.constant<Filter>({}), statusLeaf)),
);

const sessionLeaf = fc.oneof(
  field('sessionId', operators(sessionId, EQUALITY)),
  field('durationSeconds', operators(seconds, ORDERED)),
  field('overlaps', range),
  field('startedIn', range),
  field('agent', agentLeaf),
  field('agentId', operators(agentId, EQUALITY)),
  field('loginTimestamp', operators(instant, ORDERED)),
  field('began', operators(instant, ORDERED)),
  field('end', operators(instant, ORDERED)),
  field('endSource', oneOf('OPEN', 'SUPERSEDED', 'LAST_EVENT_ENDED', 'OFFLINE_EVENT')),
);

const transferAlone = fc.oneof(
  field(
    'interactionId',
    operators(
      fc.nat(5).map((n) => uuidAt(0, 0xc00 + n)),
      EQUALITY,
    ),
  ),
  field('fromAgent', agentLeaf),
  field('toAgent', agentLeaf),
  field('fromAgentId', operators(agentId, EQUALITY)),
  field('toAgentId', operators(agentId, EQUALITY)),
  field('overlaps', range),
  field('startedIn', range),
  field('durationSeconds', operators(seconds, ORDERED)),
  field('start', operators(instant, ORDERED)),
  field('end', operators(instant, EQUALITY)),
);

const eventLeaf = fc.oneof(
  ...coded,
  field('eventType', enumeration('AGENT_READY', 'AGENT_NOT_READY')),
  field('eventTypeRaw', operators(fc.constantFrom('agent-ready', 'agent-dancing', 'not'), TEXT)),
  field('eventId', operators(eventId, EQUALITY)),
  field('start', operators(instant, ORDERED)),
  field('end', operators(instant, ORDERED)),
  field('endSource', oneOf('REPORTED', 'NEXT_EVENT_ID', 'SUCCESSOR', 'SUPERSEDED', 'OPEN')),
  field('durationSeconds', operators(seconds, ORDERED)),
  field('revision', operators(fc.integer({ min: 0, max: 4 }), ORDERED)),
  field('observedAt', operators(readAt, ORDERED)),
  field('overlaps', range),
  field('startedIn', range),
  field('agent', agentLeaf),
  field('agentId', operators(agentId, EQUALITY)),
  field('session', sessionLeaf),
  field('sessionId', operators(sessionId, EQUALITY)),
  reason,
  field('transfers', fc.oneof(field('some', transferAlone), field('none', transferAlone))),
);

const transferLeaf = fc.oneof({ weight: 9, arbitrary: transferAlone }, field('event', eventLeaf));

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
      field('transfersIn', fc.oneof(field('some', transferLeaf), field('none', transferLeaf))),
    ),
  ),
  transfer: nested(transferLeaf),
  /** As streams take them too. */
  status: nested(statusLeaf),
  statusNow: nested(
    fc.oneof({ weight: 5, arbitrary: statusLeaf }, field('durationSeconds', operators(hours, ORDERED))),
  ),
};
