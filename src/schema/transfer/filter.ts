import { AgentFilter } from '../agent/filter.ts';
import { EventFilter } from '../event/filter.ts';
import { comparison, defineFilter, defineManyFilter, relatedOne } from '../filter/filter.ts';
import { dateTimeOperators, secondsOperators, uuidOperators } from '../filter/operators.ts';
import { overlapsField, startedInField } from '../filter/range.ts';
import { relatedId } from '../filter/relatedId.ts';

export const TransferFilter = defineFilter(
  'TransferFilter',
  'Which transfers. What is given must all hold.',
  () => ({
    interactionId: comparison(
      uuidOperators,
      'interactionId',
      "Upstream's id of the interaction that was handed over.",
    ),
    fromAgentId: relatedId('fromAgent', 'agentId', "Upstream's id of the agent who handed it over."),
    toAgentId: relatedId('toAgent', 'agentId', "Upstream's id of the agent to whom it was handed."),
    fromAgent: relatedOne('fromAgent', () => AgentFilter, 'The agent who handed it over.'),
    toAgent: relatedOne('toAgent', () => AgentFilter, 'The agent to whom it was handed.'),
    event: relatedOne('event', () => EventFilter, 'The first event that carries it.'),
    start: comparison(dateTimeOperators, 'startMs', 'When it began.'),
    end: comparison(dateTimeOperators, 'endMs', 'When it ended; absent while no end is known.'),
    durationSeconds: comparison(
      secondsOperators,
      'durationMs',
      'Length in seconds; absent while no end is known.',
    ),
    overlaps: overlapsField('The transfer'),
    startedIn: startedInField('The transfer', 'startMs'),
  }),
);

export const TransfersFilter = defineManyFilter('TransfersFilter', 'transfers', () => TransferFilter);
