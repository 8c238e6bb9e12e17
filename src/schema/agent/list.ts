import { compare, everything, mentions } from '../../mirror/index.ts';
import { builder } from '../builder.ts';
import type { ListField } from '../connection/field.ts';
import { defineConnection } from '../connection/types.ts';
import { Agent } from '../refs.ts';
import { AgentFilter } from './filter.ts';

export const AgentOrderBy = builder.enumType('AgentOrderBy', {
  description: 'Orders of agents; those without a name come first.',
  values: {
    NAME_ASC: { description: 'By name, whatever the case, from A to Z.' },
    NAME_DESC: { description: 'By name, whatever the case, from Z to A.' },
  },
});

export const AgentConnection = defineConnection('Agent', 'agents', Agent);

export const agentList: ListField<'agent'> = {
  connection: 'Query.agents',
  list: 'agent',
  filter: AgentFilter,
  orderings: {
    NAME_ASC: { ordering: 'NAME', descending: false },
    NAME_DESC: { ordering: 'NAME', descending: true },
  },
  defaultOrderBy: 'NAME_ASC',
  // Targets of transfers that were never seen themselves would haunt every list.
  always: (asked) => (mentions(asked, 'seen') ? everything : compare('seen', 'eq', 1)),
};
