import { builder } from '../builder.ts';
import { filterArgument, pageArguments, resolveList } from '../connection/field.ts';
import { Agent } from '../refs.ts';
import { AgentFilter } from './filter.ts';
import { AgentConnection, AgentOrderBy, agentList } from './list.ts';
import { loadAgent } from './loader.ts';

builder.queryFields((t) => ({
  agent: t.field({
    type: Agent,
    nullable: true,
    description: 'One agent; null when no record speaks of them.',
    args: {
      agentId: t.arg({ type: 'UUID', required: true, description: "Upstream's id of the agent." }),
    },
    resolve: (_root, { agentId }, context) => loadAgent(agentId, context),
  }),
  agents: t.field({
    type: AgentConnection,
    nullable: false,
    description: 'Agents; those without events of their own only where the filter speaks of `seen`.',
    args: {
      ...pageArguments(t.arg),
      filter: filterArgument(t.arg, AgentFilter),
      orderBy: t.arg({ type: AgentOrderBy, defaultValue: 'NAME_ASC', description: 'In which order.' }),
    },
    resolve: (_root, args, context) => resolveList(agentList, args, context),
  }),
}));
