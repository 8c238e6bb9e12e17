import {
  agentsOfEvents,
  type Condition,
  conditionSql,
  countEvents,
  countRollupRows,
  type DurationKey,
  type DurationsRow,
  type MirrorReader,
  readDurations,
  readDurationsFromRollup,
  rollupCanAnswer,
  type Standing,
  WalkTooLongError,
} from '../../mirror/index.ts';
import { siblings } from '../batch.ts';
import { clientError } from '../errors.ts';
import { checkRange } from '../filter/range.ts';
import { coverageOf } from '../mirror/type.ts';
import { bucketsAtMost, findTimeZone, type Granularity, layGrid } from './grid.ts';

/** One row of the answer: what one group did in one bucket. */
export type DurationBucket = {
  fromMs: number;
  toMs: number;
  offsetMs: number;
  /** Group keys that were asked for, by name; null for absent. */
  keys: ReadonlyMap<DurationKey, number | null>;
  ms: number;
  events: number;
  began: number;
  /** Share of the bucket that is settled, 0 to 1. */
  coverage: number;
  /** The bucket reaches past what is complete. */
  partial: boolean;
  samplesMs: readonly number[];
};

export type DurationsAsked = {
  fromMs: number;
  toMs: number;
  granularity: Granularity;
  timeZone: string;
  groupBy: readonly DurationKey[];
  condition: Condition;
  /** Whether the fields asked for need every event, not only the sums of the rollup. */
  needsEvents: boolean;
};

const MAX_BUCKETS = 3_000;
const MAX_RANGE_MS = 400 * 86_400_000;

const check = ({ fromMs, toMs, granularity, timeZone, groupBy }: DurationsAsked): string => {
  checkRange({ from: fromMs, to: toMs }, 'to');
  const zone = findTimeZone(timeZone);
  if (zone === null) {
    throw clientError('BAD_USER_INPUT', `"${timeZone}" is no IANA time zone; write e.g. Europe/Berlin.`, {
      argument: 'timeZone',
    });
  }
  if (new Set(groupBy).size !== groupBy.length) {
    throw clientError('BAD_USER_INPUT', '`groupBy` names a key twice.', { argument: 'groupBy' });
  }
  const buckets = bucketsAtMost(fromMs, toMs, granularity);
  if (toMs - fromMs > MAX_RANGE_MS || buckets > MAX_BUCKETS) {
    throw clientError(
      'RANGE_TOO_LARGE',
      `The range makes ${buckets} buckets; ${MAX_BUCKETS} buckets and 400 days are the most. Ask for a shorter range or a coarser granularity.`,
      { argument: 'to' },
    );
  }
  return zone;
};

/** Share of [fromMs, toMs) that is settled. */
const settledShare = (standing: Standing, fromMs: number, toMs: number): number => {
  const settledMs = coverageOf(standing, fromMs, toMs)
    .filter(({ level }) => level === 'SETTLED' || level === 'SEALED')
    .reduce((sum, slice) => sum + slice.toMs - slice.fromMs, 0);
  return settledMs / (toMs - fromMs);
};

type Bucket = Pick<DurationBucket, 'fromMs' | 'toMs' | 'offsetMs' | 'coverage' | 'partial'>;

const layBuckets = (standing: Standing, asked: DurationsAsked, zone: string) => {
  const { edgesMs, offsetsMs } = layGrid(asked.fromMs, asked.toMs, asked.granularity, zone);
  const buckets = offsetsMs.slice(0, edgesMs.length - 1).map((offsetMs, i): Bucket => {
    const [fromMs, toMs] = [edgesMs[i]!, edgesMs[i + 1]!];
    const partial = toMs > (standing.completeThroughMs ?? Number.NEGATIVE_INFINITY);
    return { fromMs, toMs, offsetMs, coverage: settledShare(standing, fromMs, toMs), partial };
  });
  return { edgesMs, buckets };
};

const requestOf = (standing: Standing, asked: DurationsAsked, edgesMs: number[]) => {
  const unfiltered = asked.condition.kind === 'all' && asked.condition.of.length === 0;
  return {
    edgesMs,
    groupBy: [...asked.groupBy],
    where: unfiltered ? null : conditionSql('event', asked.condition, 'event'),
    openUntilMs: standing.completeThroughMs ?? standing.freshThroughMs ?? asked.fromMs,
    withSamples: asked.needsEvents,
  };
};

/** The rows of the answer: what was found, and without group keys every bucket, with 0 where nothing was. */
const rowsOf = (
  buckets: readonly Bucket[],
  groupBy: readonly DurationKey[],
  found: readonly DurationsRow[],
): DurationBucket[] => {
  const byBucket = Map.groupBy(found, (row) => row.bucket);
  return buckets.flatMap((bucket, i) => {
    const nothing = { bucket: i, key: [], ms: 0, events: 0, began: 0, samplesMs: [] };
    const rows: readonly DurationsRow[] = byBucket.get(i) ?? (groupBy.length === 0 ? [nothing] : []);
    return rows.map((row) => ({
      ...bucket,
      keys: new Map(groupBy.map((key, k) => [key, row.key[k] ?? null])),
      ms: row.ms,
      events: row.events ?? 0,
      began: row.began,
      samplesMs: row.samplesMs ?? [],
    }));
  });
};

/**
 * Time in state by bucket and group. Without group keys every bucket is in the answer, with 0 where nothing happened;
 * with them, the groups that have time or events in it. Throws BAD_USER_INPUT, RANGE_TOO_LARGE.
 */
export const tallyDurations = (
  reader: MirrorReader,
  standing: Standing,
  asked: DurationsAsked,
): DurationBucket[] => {
  const { edgesMs, buckets } = layBuckets(standing, asked, check(asked));
  const agents = agentsOfEvents(reader, asked.condition);
  const only = agents && { agents, maxEvents: Number.POSITIVE_INFINITY };
  const request = { ...requestOf(standing, asked, edgesMs), only };
  const fromRollup = !asked.needsEvents && rollupCanAnswer(request);
  if (!only) checkWork(reader, asked, fromRollup);
  const found = fromRollup ? readDurationsFromRollup(reader, request) : readDurations(reader, request);
  return [...siblings(rowsOf(buckets, asked.groupBy, found))];
};

/** An aggregate of the floor may look at more than a list, as it sends little; but all others wait meanwhile. */
const EVENTS_A_WALK = 4;
const ROLLUP_ROWS_A_WALK = 20;

const checkWork = (reader: MirrorReader, asked: DurationsAsked, fromRollup: boolean): void => {
  const { fromMs, toMs } = asked;
  const most = reader.maxWalkRows * (fromRollup ? ROLLUP_ROWS_A_WALK : EVENTS_A_WALK);
  if ((fromRollup ? countRollupRows : countEvents)(reader, fromMs, toMs, most + 1) <= most) return;
  throw clientError(
    'RANGE_TOO_LARGE',
    fromRollup
      ? `The floor has more than ${most} sums of a quarter hour in the range. Ask for a shorter range.`
      : `The floor has more than ${most} events in the range. Ask for a shorter range or for named agents; without a filter, \`events\`, averages and percentiles, on whole quarter hours, far longer ranges are answered.`,
    { argument: 'to', maxRows: most },
  );
};

/** Three hundred agents' day by quarter hours. */
const MAX_BUCKETS_OF_AGENTS = 30_000;

/** The same for each of these agents (agent.id) by itself, in one read. */
export const tallyDurationsOf = (
  reader: MirrorReader,
  standing: Standing,
  agents: readonly number[],
  asked: DurationsAsked,
): Map<number, DurationBucket[]> => {
  const { edgesMs, buckets } = layBuckets(standing, asked, check(asked));
  if (buckets.length * agents.length > MAX_BUCKETS_OF_AGENTS) {
    throw clientError(
      'RANGE_TOO_LARGE',
      `${buckets.length} buckets for each of ${agents.length} agents are too many. Ask for fewer agents, a shorter range or a coarser granularity.`,
      { argument: 'to' },
    );
  }
  const only = { agents, maxEvents: reader.maxWalkRows };
  const request = { ...requestOf(standing, asked, edgesMs), only };
  const found = Map.groupBy(
    readOrRefuse(reader, { ...request, groupBy: ['AGENT', ...request.groupBy] }),
    ({ key: [agent] }) => agent,
  );
  const tallies = agents.map((agent) => {
    const own = (found.get(agent) ?? []).map(({ key: [_agent, ...key], ...row }) => ({ ...row, key }));
    return [agent, rowsOf(buckets, asked.groupBy, own)] as const;
  });
  siblings(tallies.flatMap(([, rows]) => rows));
  return new Map(tallies);
};

const readOrRefuse = (...asked: Parameters<typeof readDurations>): DurationsRow[] => {
  try {
    return readDurations(...asked);
  } catch (thrown) {
    if (!(thrown instanceof WalkTooLongError)) throw thrown;
    throw clientError(
      'RANGE_TOO_LARGE',
      `The agents have more than ${thrown.maxRows} events in the range. Ask for fewer agents or a shorter range, or for \`Query.stateDurations\` grouped by AGENT.`,
      { argument: 'to', maxRows: thrown.maxRows },
    );
  }
};
