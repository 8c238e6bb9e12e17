import {
  type Aggregates,
  agentsOfEvents,
  conditionSql,
  type DurationsRequest,
  type DurationsRow,
  type MirrorReader,
  type Standing,
} from '../../mirror/index.ts';
import { siblings } from '../batch.ts';
import { clientError } from '../errors.ts';
import { checkAsked, type DurationsAsked } from './asked.ts';
import { type DurationBucket, layBuckets, rowsOf } from './buckets.ts';
import { MAX_ROWS, refusalOf, tooManyRows } from './limits.ts';

type Mirror = { mirror: MirrorReader; aggregates: Aggregates };

const requestOf = (
  standing: Standing,
  asked: DurationsAsked,
  edgesMs: number[],
  agents: readonly number[] | null,
): DurationsRequest => {
  const unfiltered = asked.condition.kind === 'all' && asked.condition.of.length === 0;
  return {
    edgesMs,
    groupBy: [...asked.groupBy],
    agents,
    where: unfiltered ? null : conditionSql('event', asked.condition, 'event'),
    openUntilMs: standing.completeThroughMs ?? standing.freshThroughMs ?? asked.fromMs,
    withSamples: asked.needsEvents,
    maxRows: MAX_ROWS,
  };
};

const read = async (aggregates: Aggregates, request: DurationsRequest): Promise<DurationsRow[]> => {
  try {
    return await aggregates.durations(request);
  } catch (thrown) {
    throw refusalOf(thrown);
  }
};

/** Time in state by bucket and group, of the whole floor. Throws BAD_USER_INPUT, RANGE_TOO_LARGE, RATE_LIMITED. */
export const tallyDurations = async (
  { mirror, aggregates }: Mirror,
  standing: Standing,
  asked: DurationsAsked,
): Promise<DurationBucket[]> => {
  const { edgesMs, buckets } = layBuckets(standing, asked, checkAsked(asked));
  const agents = agentsOfEvents(mirror, asked.condition);
  const found = await read(aggregates, requestOf(standing, asked, edgesMs, agents));
  return [...siblings(rowsOf(buckets, asked.groupBy, found))];
};

/** The same for each of these agents (agent.id) by itself, in one read. */
export const tallyDurationsOf = async (
  { aggregates }: Mirror,
  standing: Standing,
  agents: readonly number[],
  asked: DurationsAsked,
): Promise<Map<number, DurationBucket[]>> => {
  const { edgesMs, buckets } = layBuckets(standing, asked, checkAsked(asked));
  if (asked.groupBy.length === 0 && buckets.length * agents.length > MAX_ROWS) {
    throw clientError(
      'RANGE_TOO_LARGE',
      `${buckets.length} buckets for each of ${agents.length} agents are more than ${MAX_ROWS} rows. Ask for fewer agents, a shorter range or a coarser \`granularity\`.`,
      { argument: 'to', maxRows: MAX_ROWS },
    );
  }
  const request = requestOf(standing, asked, edgesMs, agents);
  const rows = await read(aggregates, { ...request, groupBy: ['AGENT', ...request.groupBy] });
  const found = Map.groupBy(rows, ({ key: [agent] }) => agent);
  let told = 0;
  const tallies = agents.map((agent) => {
    const own = (found.get(agent) ?? []).map(({ key: [_agent, ...key], ...row }) => ({ ...row, key }));
    const ofAgent = rowsOf(buckets, asked.groupBy, own);
    told += ofAgent.length;
    if (told > MAX_ROWS) throw tooManyRows();
    return [agent, ofAgent] as const;
  });
  siblings(tallies.flatMap(([, rows]) => rows));
  return new Map(tallies);
};
