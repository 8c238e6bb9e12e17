import { sessionEndSourceCodes } from '../../mirror/index.ts';
import { AgentFilter } from '../agent/filter.ts';
import { SessionEndSourceEnum } from '../enums/endSource.ts';
import { EventsFilter } from '../event/filter.ts';
import { comparison, defineFilter, defineManyFilter, relatedMany, relatedOne } from '../filter/filter.ts';
import { dateTimeOperators, enumOperators, secondsOperators, uuidOperators } from '../filter/operators.ts';
import { overlapsField, startedInField } from '../filter/range.ts';
import { relatedId } from '../filter/relatedId.ts';

const endSourceOperators = enumOperators(
  'SessionEndSourceFilter',
  SessionEndSourceEnum,
  sessionEndSourceCodes,
);

export const SessionFilter = defineFilter(
  'SessionFilter',
  'Which sessions. What is given must all hold.',
  () => ({
    sessionId: comparison(uuidOperators, 'sessionId', "Upstream's id of the session."),
    agentId: relatedId('agent', 'agentId', "Upstream's id of the agent whose session it is."),
    agent: relatedOne('agent', () => AgentFilter, 'The agent whose session it is.'),
    loginTimestamp: comparison(
      dateTimeOperators,
      'loginMs',
      'When the agent logged in; absent where upstream never said.',
    ),
    began: comparison(
      dateTimeOperators,
      'beganMs',
      'When it began, which LOGIN orders by: `loginTimestamp`, or else what stands in for it.',
    ),
    end: comparison(dateTimeOperators, 'endMs', 'When the session ended; absent while it lasts.'),
    endSource: comparison(endSourceOperators, 'endSource', 'How the end was inferred.'),
    durationSeconds: comparison(
      secondsOperators,
      'durationMs',
      'Length in seconds; absent while the session lasts.',
    ),
    overlaps: overlapsField('The session'),
    startedIn: startedInField('The session', 'beganMs'),
    events: relatedMany('events', EventsFilter, 'The events of the session.'),
  }),
);

export const SessionsFilter = defineManyFilter('SessionsFilter', 'sessions', () => SessionFilter);
