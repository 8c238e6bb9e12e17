import {
  type Condition,
  conditionPredicate,
  everything,
  type RowKey,
  readAgents,
  readCurrentStatuses,
  readStanding,
  readStatusesAt,
  readStatusesOf,
  type Standing,
  upstreamNowMs,
} from '../../mirror/index.ts';
import { batched, siblings } from '../batch.ts';
import { builder } from '../builder.ts';
import { filterArgument, pageArguments } from '../connection/field.ts';
import { defineConnection } from '../connection/types.ts';
import type { GatewayContext } from '../context.ts';
import { hashCondition } from '../cursors/pageCursor.ts';
import { clientError } from '../errors.ts';
import { compileFilter } from '../filter/filter.ts';
import { AgentStatusFilter } from '../filter/status.ts';
import { AHEAD_MS } from '../now.ts';
import { Agent } from '../refs.ts';
import { pageOfRows } from './page.ts';
import { type Instant, knowledgeOf, type StatusRow, statusRow } from './row.ts';
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

/** Absent is now. An instant to come has no status yet. */
const instantOf = (at: number | null | undefined, standing: Standing, { clock }: GatewayContext): Instant => {
  const nowMs = upstreamNowMs(standing, clock);
  if (at === null || at === undefined) return { kind: 'NOW', atMs: nowMs, nowMs };
  if (at > nowMs + AHEAD_MS) {
    throw clientError('BAD_USER_INPUT', '`at` lies in the future; leave it out for now.', { argument: 'at' });
  }
  return { kind: 'PAST', atMs: at, nowMs };
};

/** The statuses at an instant of all agents with events by then, or of these. */
const rowsAt = (
  { tenant: { mirror } }: GatewayContext,
  standing: Standing,
  instant: Instant,
  condition: Condition,
  agents: readonly number[] | null,
): StatusRow[] => {
  const knowledge = knowledgeOf(standing, instant);
  const { atMs } = instant;
  if (knowledge.blank) {
    // Of whom nothing is known, nothing but the agent can satisfy a filter.
    const facts = agents ? readStatusesOf(mirror, agents) : readCurrentStatuses(mirror, everything);
    const satisfies = conditionPredicate('status', condition);
    return facts
      .map((one) => statusRow(one, atMs, knowledge))
      .filter((row) => satisfies({ ...row, sinceMs: null, sinceEventMs: null }, mirror));
  }
  const facts =
    instant.kind === 'PAST'
      ? readStatusesAt(mirror, atMs, condition, agents)
      : agents
        ? readStatusesOf(mirror, agents)
        : readCurrentStatuses(mirror, condition);
  return facts.map((one) => statusRow(one, atMs, knowledge));
};

builder.queryField('agentStatuses', (t) =>
  t.field({
    type: AgentStatusConnection,
    nullable: false,
    description:
      "What every agent is doing now, or was doing at any instant of the mirror's history, by everything that is known of it today. Agents without events by then are not in the list; before the mirror began and inside a gap everybody is, as UNKNOWN.",
    args: {
      at: t.arg({ type: 'DateTime', description: 'The instant; now when left out.' }),
      filter: filterArgument(t.arg, AgentStatusFilter),
      orderBy: t.arg({
        type: AgentStatusOrderBy,
        defaultValue: 'SINCE_ASC',
        description: 'In which order.',
      }),
      ...pageArguments(t.arg),
    },
    resolve: (_root, args, context) => {
      const reader = context.tenant.mirror;
      const standing = readStanding(context.tenant);
      const instant = instantOf(args.at, standing, context);
      const { nowMs } = instant;
      const conditionAt = (atMs: number) =>
        compileFilter(AgentStatusFilter, args.filter, { nowMs: () => nowMs, atMs });
      const condition = conditionAt(instant.atMs);
      const orderBy = args.orderBy ?? 'SINCE_ASC';
      const rows = rowsAt(context, standing, instant, condition, null);
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
        // Of no instant: "longer than five minutes" is another instant on every page.
        filterHash: hashCondition(conditionAt(0)),
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
        const standing = readStanding(context.tenant);
        const rows = rowsAt(context, standing, instantOf(args.at, standing, context), everything, ids);
        return new Map(siblings(rows).map((row) => [row.agent, row]));
      }).get(agent.id),
  }),
);
