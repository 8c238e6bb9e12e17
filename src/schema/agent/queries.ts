import { findAgents, packId, unpackId } from '../../mirror/index.ts';
import { builder } from '../builder.ts';
import { filterArgument, pageArguments, resolveList } from '../connection/field.ts';
import { inOrder } from '../node/inOrder.ts';
import { Agent } from '../refs.ts';
import { AgentFilter } from './filter.ts';
import { AgentConnection, AgentOrderBy, agentList } from './list.ts';

builder.queryFields((t) => ({
  agent: t.loadable({
    type: Agent,
    nullable: true,
    description: 'One agent; null when no record speaks of them.',
    args: {
      agentId: t.arg({ type: 'UUID', required: true, description: "Upstream's id of the agent." }),
    },
    load: (ids: string[], { tenant }) =>
      Promise.resolve(
        inOrder(ids, findAgents(tenant.mirror, ids.map(packId)), (agent) =>
          unpackId(agent.agentId),
        ) as never[],
      ),
    resolve: (_root, { agentId }) => agentId,
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
    resolve: (_root, args, { tenant }) => resolveList(agentList, args, tenant.mirror),
  }),
}));
