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

/** Whether the condition on statuses asks for facts of which a change's images hold only the row they stand in. */
export const speaksOfWhatChangesUnseen = (condition: Condition): boolean =>
  some(
    condition,
    (one) =>
      one.kind === 'related' &&
      one.relation !== 'reason' &&
      some(one.of, (inner) => 'field' in inner && !FIXED.has(inner.field)),
  );

/**
 * A status changes with the agent, its session and its reason, so a stream can follow those. What lies behind them (the
 * agent's other events, say) changes without any change of the status: a board would silently go wrong.
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
