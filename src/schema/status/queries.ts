import type { ObjectRef } from '@pothos/core';
import { type RowKey, readNameKeys, readStanding, type StatusOrder } from '../../mirror/index.ts';
import { batched, siblings } from '../batch.ts';
import { type BuilderTypes, builder } from '../builder.ts';
import { pageArguments } from '../connection/field.ts';
import type { Connection } from '../connection/pages.ts';
import { defineConnection } from '../connection/types.ts';
import { hashCondition } from '../cursors/pageCursor.ts';
import { compileFilter } from '../filter/filter.ts';
import { AgentStatusFilter } from '../filter/status.ts';
import { Agent } from '../refs.ts';
import { pageOfCurrent } from './currentPage.ts';
import { instantOf, refuseStatusNow } from './instant.ts';
import { pageOfRows } from './page.ts';
import { type Certainty, knowledgeOf, type StatusRow, statusRow } from './row.ts';
import { pastRows, rowsOfAgents } from './rowsAt.ts';
import { AgentStatus, CertaintyEnum } from './type.ts';

const AgentStatusOrderBy = builder.enumType('AgentStatusOrderBy', {
  description: 'Orders of statuses.',
  values: {
    SINCE_ASC: { description: 'Longest in their state first.' },
    SINCE_DESC: { description: 'Latest change first.' },
    NAME_ASC: { description: 'By the name of the agent, whatever the case.' },
    NAME_DESC: { description: 'By the name of the agent, backwards.' },
  },
});

type StatusConnection = Connection<StatusRow> & { atMs: number; certainty: Certainty };

const AgentStatusConnection = defineConnection('AgentStatus', 'statuses of agents', AgentStatus);
// Only `agentStatuses` below gives such connections, and its resolver returns this type.
const ofInstant = AgentStatusConnection as ObjectRef<BuilderTypes, StatusConnection>;

builder.objectFields(ofInstant, (t) => ({
  at: t.field({
    type: 'DateTime',
    nullable: false,
    description: 'The instant that the list speaks of.',
    resolve: ({ atMs }) => atMs,
  }),
  certainty: t.field({
    type: CertaintyEnum,
    nullable: false,
    description:
      'What is known of the floor as a whole at the instant. SETTLED: it was read after the settle time. PROVISIONAL: records may still arrive, as they always may now. UNKNOWN: nobody knows, before the mirror began, inside a gap, or after minutes of silence of the feed: that no row satisfies a filter then says nothing. Each row has a certainty of its own besides.',
    resolve: ({ certainty }) => certainty,
  }),
}));

builder.queryField('agentStatuses', (t) =>
  t.field({
    type: ofInstant,
    nullable: false,
    description:
      "What every agent is doing now, or was doing at any instant of the mirror's history, by everything that is known of it today. Agents without events by then are not in the list, but for those whose session had begun and speaks later: these are UNKNOWN. Before the mirror began and inside a gap everybody is.",
    args: {
      at: t.arg({ type: 'DateTime', description: 'The instant; now when left out.' }),
      filter: t.arg({
        type: AgentStatusFilter.ref,
        description:
          "Only rows that satisfy this. With `at`, what it asks of the status itself is asked of that instant; an agent's name is the one of today, and `agent.status`, which is the status now, is refused.",
      }),
      orderBy: t.arg({
        type: AgentStatusOrderBy,
        defaultValue: 'SINCE_ASC',
        description: 'In which order.',
      }),
      ...pageArguments(t.arg),
    },
    resolve: (_root, args, context): StatusConnection => {
      const reader = context.tenant.mirror;
      const standing = readStanding(context.tenant);
      const instant = instantOf(args.at, standing, context);
      refuseStatusNow(args.filter, instant);
      const knowledge = knowledgeOf(standing, instant);
      const { atMs, kind, nowMs } = instant;
      const conditionAt = (filterAtMs: number) =>
        compileFilter(AgentStatusFilter, args.filter, { nowMs: () => nowMs, atMs: filterAtMs });
      const condition = conditionAt(atMs);
      const orderBy = args.orderBy ?? 'SINCE_ASC';
      const order: StatusOrder = {
        by: orderBy.startsWith('NAME') ? 'NAME' : 'SINCE',
        descending: orderBy.endsWith('DESC'),
      };
      const scope = {
        connection: `Query.agentStatuses@${args.at ?? 'now'}`,
        orderBy,
        // Of no instant: "longer than five minutes" is another instant on every page.
        filterHash: hashCondition(conditionAt(0)),
      };
      const answer = { atMs, certainty: knowledge.ofAll };
      if (kind === 'NOW') {
        const rowOf = (one: Parameters<typeof statusRow>[0]) => statusRow(one, atMs, knowledge);
        return { ...pageOfCurrent(reader, { condition, order, rowOf }, scope, args), ...answer };
      }
      const rows = pastRows(reader, standing, instant, knowledge, condition);
      const names = order.by === 'NAME' ? readNameKeys(reader) : null;
      const keyOf = (row: StatusRow): RowKey => [
        names ? (names.get(row.agent) ?? '') : row.sinceMs,
        row.agent,
      ];
      return {
        ...pageOfRows(reader, rows, { keyOf, descending: order.descending }, scope, args),
        ...answer,
      };
    },
  }),
);

builder.objectField(Agent, 'status', (t) =>
  t.field({
    type: AgentStatus,
    description:
      "What the agent is doing now, or was doing at any instant of the mirror's history; null when the agent had no events by then and no session that had begun.",
    args: { at: t.arg({ type: 'DateTime', description: 'The instant; now when left out.' }) },
    resolve: (agent, args, context) =>
      batched(agent, `status:${args.at ?? 'now'}`, (agents) => {
        const ids = agents.map((one) => one.id);
        const standing = readStanding(context.tenant);
        const instant = instantOf(args.at, standing, context);
        const rows = rowsOfAgents(context.tenant.mirror, standing, instant, ids);
        return new Map(siblings(rows).map((row) => [row.agent, row]));
      }).get(agent.id),
  }),
);
