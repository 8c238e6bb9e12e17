import { endSourceCodes } from '../../mirror/index.ts';
import { AgentFilter } from '../agent/filter.ts';
import { EventEndSource } from '../enums/endSource.ts';
import { codedFields } from '../filter/coded.ts';
import { comparison, defineFilter, defineManyFilter, relatedMany, relatedOne } from '../filter/filter.ts';
import {
  dateTimeOperators,
  enumOperators,
  intOperators,
  secondsOperators,
  uuidOperators,
} from '../filter/operators.ts';
import { overlapsField, startedInField } from '../filter/range.ts';
import { relatedId } from '../filter/relatedId.ts';
import { ReasonFilter } from '../reason/filter.ts';
import { SessionFilter } from '../session/filter.ts';
import { TransfersFilter } from '../transfer/filter.ts';

const endSourceOperators = enumOperators('EventEndSourceFilter', EventEndSource, endSourceCodes);

export const EventFilter = defineFilter('EventFilter', 'Which events. What is given must all hold.', () => ({
  eventId: comparison(uuidOperators, 'eventId', "Upstream's id of the event."),
  ...codedFields('eventType', 'presence', 'state', 'allocation', 'direction'),
  agentId: relatedId('agent', 'agentId', "Upstream's id of the agent whose event it is."),
  sessionId: relatedId(
    'session',
    'sessionId',
    "Upstream's id of the session that it belongs to; false where it belongs to none.",
  ),
  agent: relatedOne('agent', () => AgentFilter, 'The agent whose event it is.'),
  session: relatedOne(
    'session',
    () => SessionFilter,
    'The session that it belongs to; false where it belongs to none.',
  ),
  reason: relatedOne('reason', () => ReasonFilter, 'The reason that was given; false where none was.'),
  start: comparison(dateTimeOperators, 'startMs', 'When it began.'),
  end: comparison(dateTimeOperators, 'endMs', 'When it ended; absent while it lasts.'),
  endSource: comparison(endSourceOperators, 'endSource', 'Where the end comes from.'),
  durationSeconds: comparison(secondsOperators, 'durationMs', 'Length in seconds; absent while it lasts.'),
  revision: comparison(
    intOperators,
    'revision',
    'How often upstream said something new about it, counted from 1.',
  ),
  observedAt: comparison(dateTimeOperators, 'observedMs', 'When the gateway read this revision.'),
  overlaps: overlapsField('The event'),
  startedIn: startedInField('The event', 'startMs'),
  transfers: relatedMany('transfers', TransfersFilter, 'The transfers that it carries.'),
}));

export const EventsFilter = defineManyFilter('EventsFilter', 'events', () => EventFilter);
