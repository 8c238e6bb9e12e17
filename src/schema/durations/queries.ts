import type { ArgBuilder } from '@pothos/core';
import type { GraphQLResolveInfo, SelectionNode } from 'graphql';
import { type DurationKey, readStanding, type Standing, upstreamNowMs } from '../../mirror/index.ts';
import { batched } from '../batch.ts';
import { type BuilderTypes, builder } from '../builder.ts';
import { filterArgument } from '../connection/field.ts';
import type { GatewayContext } from '../context.ts';
import { EventFilter } from '../event/filter.ts';
import { compileFilter, type FilterInput } from '../filter/filter.ts';
import { Agent } from '../refs.ts';
import type { DurationsAsked } from './asked.ts';
import { assumedRows } from './assumedRows.ts';
import type { Granularity } from './grid.ts';
import { tallyDurations, tallyDurationsOf } from './tally.ts';
import { StateDurationBucket } from './type.ts';

const GranularityEnum = builder.enumType('Granularity', {
  description: 'How finely time is cut; below a day on the wall clock of the time zone.',
  values: {
    FIVE_MINUTES: { description: 'Every 5 minutes.' },
    FIFTEEN_MINUTES: { description: 'Every quarter of an hour, the grid of workforce management.' },
    THIRTY_MINUTES: { description: 'Every half hour.' },
    HOUR: { description: 'Every hour.' },
    DAY: { description: 'From local midnight to local midnight: 23 or 25 hours when the clock changes.' },
    WHOLE: { description: 'One bucket for the whole range.' },
  },
});

const StateGroupKey = builder.enumType('StateGroupKey', {
  description: 'What durations are grouped by.',
  values: {
    AGENT: { description: 'The agent.' },
    STATE: { description: 'The state.' },
    PRESENCE: { description: 'The presence.' },
    REASON: { description: 'The reason.' },
    REASON_LIST: { description: 'The list of the reason.' },
    DIRECTION: { description: 'The direction.' },
    ALLOCATION: { description: 'The allocation.' },
  },
});

const durationArguments = (arg: ArgBuilder<BuilderTypes>) => ({
  from: arg({ type: 'DateTime', required: true, description: 'First instant of the range.' }),
  to: arg({ type: 'DateTime', required: true, description: 'First instant past the range.' }),
  granularity: arg({ type: GranularityEnum, description: 'How finely time is cut; WHOLE when left out.' }),
  timeZone: arg.string({
    defaultValue: 'UTC',
    description: 'IANA name of the zone whose wall clock is cut, e.g. Europe/Berlin.',
  }),
  groupBy: arg({
    type: [StateGroupKey],
    required: true,
    description: 'Keys of a group; none for the total.',
  }),
  filter: filterArgument(arg, EventFilter),
});

type Asked = {
  from: number;
  to: number;
  granularity?: Granularity | null | undefined;
  timeZone?: string | null | undefined;
  groupBy: readonly DurationKey[];
  filter?: FilterInput | null | undefined;
};

/** Fields that the rollup of quarter hours cannot answer. */
const EVENT_FIELDS = new Set(['events', 'averageDurationSeconds', 'percentileDurationSeconds']);

const asksForEvents = ({ fieldNodes, fragments }: GraphQLResolveInfo): boolean => {
  const visit = (selection: SelectionNode): boolean => {
    if (selection.kind === 'Field') return EVENT_FIELDS.has(selection.name.value);
    if (selection.kind === 'InlineFragment') return selection.selectionSet.selections.some(visit);
    return fragments[selection.name.value]?.selectionSet.selections.some(visit) ?? false;
  };
  return fieldNodes.some((node) => node.selectionSet?.selections.some(visit) ?? false);
};

const askedOf = (
  args: Asked,
  standing: Standing,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): DurationsAsked => ({
  fromMs: args.from,
  toMs: args.to,
  nowMs: upstreamNowMs(standing, context.clock),
  granularity: args.granularity ?? 'WHOLE',
  timeZone: args.timeZone ?? 'UTC',
  groupBy: args.groupBy,
  condition: compileFilter(EventFilter, args.filter, {
    nowMs: () => upstreamNowMs(standing, context.clock),
    atMs: null,
  }),
  needsEvents: asksForEvents(info),
});

builder.queryField('stateDurations', (t) =>
  t.field({
    type: [StateDurationBucket],
    nullable: { list: false, items: false },
    description:
      'Time in state by bucket and group, in the order of buckets, and in a bucket always in the same order of groups. An event is split where it crosses an edge; one that goes on counts up to `mirror.completeThrough`. Sums are exact to the millisecond. Without group keys every bucket is in the answer; with them, the groups that have something in it, and one row that is `unknown` for a bucket in which nothing was found though not all of it was read. What is added up is events: while sessions of one agent overlap both count, and an agent who is inferred to have logged out is in no event, so in no sum. `Agent.timeline` is the time of one agent without overlaps. Added up by a thread of its own, by the newest commit when its turn comes, which may be a later one than the rest of the operation sees. 10,000 rows at most.',
    args: durationArguments(t.arg),
    extensions: { assumedListSize: assumedRows },
    resolve: (_root, args, context, info) => {
      const standing = readStanding(context.tenant);
      return tallyDurations(context.tenant, standing, askedOf(args, standing, context, info));
    },
  }),
);

builder.objectField(Agent, 'stateDurations', (t) =>
  t.field({
    type: [StateDurationBucket],
    nullable: { list: false, items: false },
    description:
      "Time in state of the agent's events; see `Query.stateDurations`. For all agents of a page together 10,000 rows at most.",
    args: durationArguments(t.arg),
    extensions: { assumedListSize: assumedRows },
    resolve: async (agent, args, context, info) => {
      const { tenant } = context;
      const standing = readStanding(tenant);
      const asked = askedOf(args, standing, context, info);
      const key = `stateDurations:${JSON.stringify(args)}:${asked.needsEvents}`;
      const tallies = await batched(agent, key, (agents: readonly { id: number }[]) => {
        const ids = [...new Set(agents.map((one) => one.id))];
        return tallyDurationsOf(tenant, standing, ids, asked);
      });
      return tallies.get(agent.id) ?? [];
    },
  }),
);
