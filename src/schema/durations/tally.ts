import {
  type Condition,
  conditionSql,
  type DurationKey,
  type DurationsRow,
  type MirrorReader,
  readDurations,
  readDurationsFromRollup,
  rollupCanAnswer,
} from '../../mirror/index.ts';
import { siblings } from '../batch.ts';
import { clientError } from '../errors.ts';
import { checkRange } from '../filter/filter.ts';
import type { Standing } from '../mirror/standing.ts';
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

/**
 * Time in state by bucket and group. Without group keys every bucket is in the answer, with 0 where nothing happened;
 * with them, the groups that have time or events in it. Throws BAD_USER_INPUT, RANGE_TOO_LARGE.
 */
export const tallyDurations = (
  reader: MirrorReader,
  standing: Standing,
  asked: DurationsAsked,
): DurationBucket[] => {
  const { fromMs, toMs, granularity, groupBy } = asked;
  const zone = check(asked);
  const { edgesMs, offsetsMs } = layGrid(fromMs, toMs, granularity, zone);
  const unfiltered = asked.condition.kind === 'all' && asked.condition.of.length === 0;
  const request = {
    edgesMs,
    groupBy: [...groupBy],
    where: unfiltered ? null : conditionSql('event', asked.condition, 'event'),
    openUntilMs: standing.completeThroughMs ?? standing.freshThroughMs ?? fromMs,
    withSamples: asked.needsEvents,
  };
  const rows =
    !asked.needsEvents && rollupCanAnswer(request)
      ? readDurationsFromRollup(reader, request)
      : readDurations(reader, request);
  const byBucket = Map.groupBy(rows, (row) => row.bucket);
  const buckets: DurationBucket[] = [];
  for (let bucket = 0; bucket < edgesMs.length - 1; bucket++) {
    const [bucketFromMs, bucketToMs] = [edgesMs[bucket]!, edgesMs[bucket + 1]!];
    const found: DurationsRow[] = byBucket.get(bucket) ?? [];
    const nothing = { bucket, key: [], ms: 0, events: 0, began: 0, samplesMs: [] };
    const shown = found.length === 0 && groupBy.length === 0 ? [nothing] : found;
    const coverage = settledShare(standing, bucketFromMs, bucketToMs);
    for (const row of shown) {
      buckets.push({
        fromMs: bucketFromMs,
        toMs: bucketToMs,
        offsetMs: offsetsMs[bucket]!,
        keys: new Map(groupBy.map((key, i) => [key, row.key[i] ?? null])),
        ms: row.ms,
        events: row.events ?? 0,
        began: row.began,
        coverage,
        partial: bucketToMs > (standing.completeThroughMs ?? Number.NEGATIVE_INFINITY),
        samplesMs: row.samplesMs ?? [],
      });
    }
  }
  return [...siblings(buckets)];
};
