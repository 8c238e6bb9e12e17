import {
  type Condition,
  everything,
  type MirrorReader,
  type RowKey,
  readAgents,
  readCoverage,
  readCurrentStatuses,
  readStatusesAt,
  readStatusesOf,
  type StatusFacts,
} from '../../mirror/index.ts';
import { batched } from '../batch.ts';
import { builder } from '../builder.ts';
import { filterArgument, pageArguments } from '../connection/field.ts';
import { defineConnection } from '../connection/types.ts';
import type { GatewayContext } from '../context.ts';
import { hashCondition } from '../cursors/pageCursor.ts';
import { clientError } from '../errors.ts';
import { compileFilter } from '../filter/filter.ts';
import { AgentStatusFilter } from '../filter/status.ts';
import { Agent } from '../refs.ts';
import { pageOfRows } from './page.ts';
import { createCertainty, type StatusRow, statusRow } from './row.ts';
import { AgentStatus } from './type.ts';

const AgentStatusOrderBy = builder.enumType('AgentStatusOrderBy', {
  description: 'Orders of statuses.',
  values: {
    SINCE_ASC: { description: 'Longest in their state first.' },
    SINCE_DESC: { description: 'Latest change first.' },
    NAME_ASC: { description: 'By the name of the agent, whatever the case.' },
    NAME_DESC: { description: 'By the name of the agent, backwards.' },
  },
});

const AgentStatusConnection = defineConnection('AgentStatus', 'statuses of agents', AgentStatus);

/** `null` is now. An instant to come has no status yet. */
const instantOf = (at: number | null | undefined, context: GatewayContext) => {
  const nowMs = context.clock.nowMs();
  if (at === null || at === undefined) return { kind: 'NOW' as const, nowMs };
  if (at > nowMs) {
    throw clientError('BAD_USER_INPUT', '`at` lies in the future; leave it out for now.', { argument: 'at' });
  }
  return { kind: 'AT' as const, atMs: at };
};

/** Every agent's status, at the instant. Before the mirror began nothing is known of anybody, which is said of each. */
const rowsAt = (
  reader: MirrorReader,
  instant: ReturnType<typeof instantOf>,
  condition: Condition,
  agents: readonly number[] | null,
): StatusRow[] => {
  const certaintyOf = createCertainty(reader, instant);
  if (instant.kind === 'NOW') {
    const facts = agents ? readStatusesOf(reader, agents) : readCurrentStatuses(reader, condition);
    return facts.map((one) => statusRow(one, instant.nowMs, certaintyOf(one), false));
  }
  const begun = readCoverage(reader)[0]?.fromMs ?? Number.POSITIVE_INFINITY;
  const facts: StatusFacts[] =
    instant.atMs < begun
      ? agents
        ? readStatusesOf(reader, agents)
        : readCurrentStatuses(reader, everything)
      : readStatusesAt(reader, instant.atMs, condition, agents);
  return facts.map((one) => statusRow(one, instant.atMs, certaintyOf(one), true));
};

builder.queryField('agentStatuses', (t) =>
  t.field({
    type: AgentStatusConnection,
    nullable: false,
    description:
      "What every agent is doing now, or was doing at any instant of the mirror's history, by everything that is known of it today. Agents without events by then are not in the list.",
    args: {
      at: t.arg({ type: 'DateTime', description: 'The instant; now when left out.' }),
      filter: filterArgument(t.arg, AgentStatusFilter),
      orderBy: t.arg({ type: AgentStatusOrderBy, description: 'The order; SINCE_ASC when left out.' }),
      ...pageArguments(t.arg),
    },
    resolve: (_root, args, context) => {
      const reader = context.tenant.mirror;
      const condition = compileFilter(AgentStatusFilter, args.filter);
      const instant = instantOf(args.at, context);
      const orderBy = args.orderBy ?? 'SINCE_ASC';
      const rows = rowsAt(reader, instant, condition, null);
      const names = orderBy.startsWith('NAME')
        ? readAgents(
            reader,
            rows.map((row) => row.agent),
          )
        : null;
      const keyOf = (row: StatusRow): RowKey => [
        names ? (names.get(row.agent)?.nameKey ?? '') : row.sinceMs,
        row.agent,
      ];
      const scope = {
        connection: `Query.agentStatuses@${args.at ?? 'now'}`,
        orderBy,
        filterHash: hashCondition(condition),
      };
      return pageOfRows(reader, rows, { keyOf, descending: orderBy.endsWith('DESC') }, scope, args);
    },
  }),
);

builder.objectField(Agent, 'status', (t) =>
  t.field({
    type: AgentStatus,
    description:
      "What the agent is doing now, or was doing at any instant of the mirror's history; null when the agent had no events by then.",
    args: { at: t.arg({ type: 'DateTime', description: 'The instant; now when left out.' }) },
    resolve: (agent, args, context) =>
      batched(agent, `status:${args.at ?? 'now'}`, (agents) => {
        const ids = agents.map((one) => one.id);
        const rows = rowsAt(context.tenant.mirror, instantOf(args.at, context), everything, ids);
        return new Map(rows.map((row) => [row.agent, row]));
      }).get(agent.id),
  }),
);
