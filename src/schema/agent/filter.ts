import { EventsFilter } from '../event/filter.ts';
import { comparison, defineFilter, flag, relatedMany, relatedOne } from '../filter/filter.ts';
import { intOperators, stringOperators, uuidOperators } from '../filter/operators.ts';
import { AgentStatusFilter } from '../filter/status.ts';
import { SessionsFilter } from '../session/filter.ts';
import { TransfersFilter } from '../transfer/filter.ts';

export const AgentFilter = defineFilter('AgentFilter', 'Which agents. What is given must all hold.', () => ({
  agentId: comparison(uuidOperators, 'agentId', "Upstream's id of the agent."),
  platformAgentId: comparison(intOperators, 'platformAgentId', 'Id of the agent on the platform.'),
  tenantAgentId: comparison(intOperators, 'tenantAgentId', 'Id of the agent in the tenant.'),
  name: comparison(stringOperators, 'name', 'Name on the newest event of the agent.'),
  seen: flag(
    'seen',
    'Whether the agent has events of their own. Lists of agents leave out those without unless the filter speaks of `seen`.',
  ),
  status: relatedOne(
    'status',
    () => AgentStatusFilter,
    "The agent's status now; false for an agent without events.",
  ),
  sessions: relatedMany('sessions', SessionsFilter, 'The sessions of the agent.'),
  events: relatedMany('events', EventsFilter, 'The events of the agent.'),
  transfersOut: relatedMany('transfersOut', TransfersFilter, 'What the agent handed over.'),
  transfersIn: relatedMany('transfersIn', TransfersFilter, 'What was handed to the agent.'),
}));
