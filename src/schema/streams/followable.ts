import type { Condition } from '../../mirror/index.ts';
import { clientError } from '../errors.ts';

const parts = (condition: Condition): readonly Condition[] => {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of;
    case 'not':
    case 'related':
      return [condition.of];
    default:
      return [];
  }
};

const some = (condition: Condition, holds: (one: Condition) => boolean): boolean =>
  holds(condition) || parts(condition).some((part) => some(part, holds));

/** What never changes of an agent or a session; reasons never change at all. */
const FIXED: ReadonlySet<string> = new Set(['agentId', 'sessionId']);

/**
 * Whether the condition on statuses asks for facts of the agent or the session that can change: of those a change's
 * images hold only the row that they stand in, and what they were before cannot be told.
 */
export const speaksOfFacts = (condition: Condition, relation: 'agent' | 'session'): boolean =>
  some(
    condition,
    (one) =>
      one.kind === 'related' &&
      one.relation === relation &&
      some(one.of, (inner) => 'field' in inner && !FIXED.has(inner.field)),
  );

/**
 * The log of statuses also tells when the agent or the session of one is told otherwise (a name, a login), and reasons
 * never change, so a stream can follow those. What lies behind them (the agent's other events, say) changes without a
 * word in that log: a board would silently go wrong.
 */
export const checkFollowable = (condition: Condition): void => {
  const reachesFar = some(
    condition,
    (one) => one.kind === 'related' && some(one.of, ({ kind }) => kind === 'related' || kind === 'overlaps'),
  );
  if (reachesFar) {
    throw clientError(
      'BAD_USER_INPUT',
      'A stream of statuses can be filtered by the status, its agent, session and reason, not by what lies behind those (events, sessions or transfers of the agent): that changes without any change of the status. Ask agentStatuses.',
      { argument: 'filter' },
    );
  }
};
