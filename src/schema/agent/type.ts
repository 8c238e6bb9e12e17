import { type AgentNameRow, readAgentNames, unpackId } from '../../mirror/index.ts';
import { batched } from '../batch.ts';
import { builder } from '../builder.ts';
import { filterArgument, pageArguments, resolveNestedList } from '../connection/field.ts';
import { EventFilter } from '../event/filter.ts';
import { EventConnection, EventOrderBy, eventList } from '../event/list.ts';
import { Agent } from '../refs.ts';
import { SessionFilter } from '../session/filter.ts';
import { SessionConnection, SessionOrderBy, sessionList } from '../session/list.ts';
import { TransferFilter } from '../transfer/filter.ts';
import { TransferConnection, TransferOrderBy, transferList } from '../transfer/list.ts';
import { loadAgent } from './loader.ts';

const AgentName = builder.objectRef<AgentNameRow>('AgentName').implement({
  description: 'A name that an agent was seen with.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: 'The name.' }),
    from: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'Start of the first event that bears it.',
      resolve: (row) => row.fromMs,
    }),
    to: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'Start of the last event that bears it.',
      resolve: (row) => row.toMs,
    }),
  }),
});

const sessionsOf = { ...sessionList, connection: 'Agent.sessions' };
const eventsOf = { ...eventList, connection: 'Agent.events' };
const transfersOut = { ...transferList, connection: 'Agent.transfersOut' };
const transfersIn = { ...transferList, connection: 'Agent.transfersIn' };

builder.node(Agent, {
  description: 'Somebody who takes interactions.',
  id: { resolve: (agent) => unpackId(agent.agentId), description: 'Opaque id, for `node` and for caches.' },
  loadOne: (id: string, context) => loadAgent(id, context),
  fields: (t) => ({
    agentId: t.field({
      type: 'UUID',
      nullable: false,
      description: "Upstream's id of the agent.",
      resolve: (agent) => agent.agentId,
    }),
    platformAgentId: t.exposeInt('platformAgentId', {
      description: 'Id of the agent on the platform; null when upstream never gave one.',
    }),
    tenantAgentId: t.exposeInt('tenantAgentId', {
      description: 'Id of the agent in the tenant; null when upstream never gave one.',
    }),
    name: t.exposeString('name', {
      description: 'Name on the newest event that bears one; null when none does.',
    }),
    names: t.field({
      type: [AgentName],
      nullable: { list: false, items: false },
      description: 'Every name that the agent was seen with, newest first.',
      resolve: (agent, _args, { tenant }) =>
        batched(agent, 'names', (agents: readonly { id: number }[]) =>
          Map.groupBy(
            readAgentNames(
              tenant.mirror,
              agents.map((one) => one.id),
            ),
            (name) => name.agent,
          ),
        ).get(agent.id) ?? [],
    }),
    seen: t.boolean({
      nullable: false,
      description:
        'Whether the agent has events of their own; false: known only as the target of a transfer, and left out of lists unless asked for.',
      resolve: (agent) => agent.seen === 1,
    }),
    sessions: t.field({
      type: SessionConnection,
      nullable: false,
      description: 'Sessions of the agent.',
      args: {
        ...pageArguments(t.arg),
        filter: filterArgument(t.arg, SessionFilter),
        orderBy: t.arg({ type: SessionOrderBy, defaultValue: 'LOGIN_DESC', description: 'In which order.' }),
      },
      resolve: (agent, args, context) => resolveNestedList(sessionsOf, 'agent', agent, args, context),
    }),
    events: t.field({
      type: EventConnection,
      nullable: false,
      description: 'Events of the agent.',
      args: {
        ...pageArguments(t.arg),
        filter: filterArgument(t.arg, EventFilter),
        orderBy: t.arg({ type: EventOrderBy, defaultValue: 'START_DESC', description: 'In which order.' }),
      },
      resolve: (agent, args, context) => resolveNestedList(eventsOf, 'agent', agent, args, context),
    }),
    transfersOut: t.field({
      type: TransferConnection,
      nullable: false,
      description: 'What the agent handed over.',
      args: {
        ...pageArguments(t.arg),
        filter: filterArgument(t.arg, TransferFilter),
        orderBy: t.arg({ type: TransferOrderBy, defaultValue: 'START_DESC', description: 'In which order.' }),
      },
      resolve: (agent, args, context) => resolveNestedList(transfersOut, 'from_agent', agent, args, context),
    }),
    transfersIn: t.field({
      type: TransferConnection,
      nullable: false,
      description: 'What was handed to the agent.',
      args: {
        ...pageArguments(t.arg),
        filter: filterArgument(t.arg, TransferFilter),
        orderBy: t.arg({ type: TransferOrderBy, defaultValue: 'START_DESC', description: 'In which order.' }),
      },
      resolve: (agent, args, context) => resolveNestedList(transfersIn, 'to_agent', agent, args, context),
    }),
  }),
});
