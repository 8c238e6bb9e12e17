import { type Condition, compare, oneOf } from '../../mirror/index.ts';
import { AgentFilter } from '../agent/filter.ts';
import { clientError } from '../errors.ts';
import { ReasonFilter } from '../reason/filter.ts';
import { SessionFilter } from '../session/filter.ts';
import { codedFields } from './coded.ts';
import { comparison, defineFilter, type FilterField, flag, relatedOne } from './filter.ts';
import { dateTimeOperators, secondsOperators } from './operators.ts';
import { relatedId } from './relatedId.ts';

const flipped = { eq: 'eq', lt: 'gt', lte: 'gte', gt: 'lt', gte: 'lte' } as const;

/** Comparisons of how long the status has lasted at an instant, as comparisons of when it began. */
const asSince = (condition: Condition, atMs: number): Condition => {
  const instant = (lengthMs: unknown) => atMs - Number(lengthMs);
  switch (condition.kind) {
    case 'all':
    case 'any':
      return { kind: condition.kind, of: condition.of.map((one) => asSince(one, atMs)) };
    case 'not':
      return { kind: 'not', of: asSince(condition.of, atMs) };
    case 'compare':
      return compare('sinceMs', flipped[condition.operator], instant(condition.value));
    case 'oneOf':
      return oneOf('sinceMs', condition.values.map(instant));
    case 'isNull':
      return { kind: 'isNull', field: 'sinceMs' };
    default:
      throw new Error(`a length of time has no ${condition.kind}`);
  }
};

const duration: FilterField = {
  type: () => secondsOperators.ref,
  description:
    'Seconds since presence, state, reason or direction last changed, at the instant asked for. Only in agentStatuses: it grows by itself, which is no change that a stream could tell of.',
  compile: (value, path, work) => {
    const { atMs } = work.time;
    if (atMs === null) {
      throw clientError(
        'BAD_USER_INPUT',
        `\`${path}\` grows by itself, so only agentStatuses can ask for it. Filter by \`since\`, or compute it from \`since\`.`,
        { argument: path },
      );
    }
    // GraphQL has coerced it to the operators' input.
    const lengths = secondsOperators.compile('lengthMs', value as Record<string, unknown>, path, work);
    return asSince(lengths, atMs);
  },
};

/** Over the entity `status`: rows of agent_status, and the images of a status change. */
export const AgentStatusFilter = defineFilter(
  'AgentStatusFilter',
  'Which statuses. What is given must all hold.',
  () => ({
    ...codedFields('presence', 'state', 'allocation', 'direction'),
    agentId: relatedId('agent', 'agentId', "Upstream's id of the agent whose status it is."),
    sessionId: relatedId(
      'session',
      'sessionId',
      "Upstream's id of the session that it stands in; false where there is none.",
    ),
    agent: relatedOne('agent', () => AgentFilter, 'The agent whose status it is.'),
    session: relatedOne(
      'session',
      () => SessionFilter,
      'The session that it stands in; false where there is none.',
    ),
    reason: relatedOne('reason', () => ReasonFilter, 'The reason that was given; false where none was.'),
    since: comparison(
      dateTimeOperators,
      'sinceMs',
      'When presence, state, reason or direction last changed.',
    ),
    sinceEvent: comparison(dateTimeOperators, 'sinceEventMs', 'When the event that stands now began.'),
    durationSeconds: duration,
    inferred: flag('inferred', 'Whether the agent is inferred to have logged out.'),
  }),
);
