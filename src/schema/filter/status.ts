import { AgentFilter } from '../agent/filter.ts';
import { ReasonFilter } from '../reason/filter.ts';
import { SessionFilter } from '../session/filter.ts';
import { codedFields } from './coded.ts';
import { comparison, defineFilter, flag, relatedOne } from './filter.ts';
import { dateTimeOperators } from './operators.ts';

/** Over the entity `status`: rows of agent_status, and the images of a status change. */
export const AgentStatusFilter = defineFilter(
  'AgentStatusFilter',
  'Which statuses. What is given must all hold.',
  () => ({
    ...codedFields('presence', 'state', 'allocation', 'direction'),
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
    inferred: flag('inferred', 'Whether the agent is inferred to have logged out.'),
  }),
);
