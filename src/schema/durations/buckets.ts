import type { DurationKey, DurationsRow, Standing } from '../../mirror/index.ts';
import { coverageBetween } from '../../poller/index.ts';
import type { DurationsAsked } from './asked.ts';
import { layGrid } from './grid.ts';

/** A stretch of the grid, and how well it is known. */
export type Bucket = {
  fromMs: number;
  toMs: number;
  offsetMs: number;
  /** Share of the bucket that is settled, 0 to 1. */
  coverage: number;
  /** The bucket reaches past what is complete. */
  partial: boolean;
};

/** One row of the answer: what one group did in one bucket. */
export type DurationBucket = Bucket & {
  /** Group keys that were asked for, by name; null for absent. */
  keys: ReadonlyMap<DurationKey, number | null>;
  ms: number;
  events: number;
  began: number;
  samplesMs: readonly number[];
  /** Nothing was found in the bucket, and not all of it is known: of no group. */
  unknown: boolean;
};

/** Share of [fromMs, toMs) that is settled. */
const settledShare = ({ coverage }: Standing, fromMs: number, toMs: number): number => {
  const settledMs = coverageBetween(coverage, fromMs, toMs)
    .filter(({ level }) => level === 'SETTLED' || level === 'SEALED')
    .reduce((sum, slice) => sum + slice.toMs - slice.fromMs, 0);
  return settledMs / (toMs - fromMs);
};

export const layBuckets = (
  standing: Standing,
  asked: DurationsAsked,
  zone: string,
): { edgesMs: number[]; buckets: Bucket[] } => {
  const { edgesMs, offsetsMs } = layGrid(asked.fromMs, asked.toMs, asked.granularity, zone);
  const buckets = offsetsMs.slice(0, edgesMs.length - 1).map((offsetMs, i): Bucket => {
    const [fromMs, toMs] = [edgesMs[i]!, edgesMs[i + 1]!];
    const partial = toMs > (standing.completeThroughMs ?? Number.NEGATIVE_INFINITY);
    return { fromMs, toMs, offsetMs, coverage: settledShare(standing, fromMs, toMs), partial };
  });
  return { edgesMs, buckets };
};

/**
 * The rows of the answer. A bucket in which nothing was found has none if all of it is known, and with group keys; one
 * that says so otherwise: with nothing at all, what nobody knows would look like what nobody did.
 */
export const rowsOf = (
  buckets: readonly Bucket[],
  groupBy: readonly DurationKey[],
  found: readonly DurationsRow[],
): DurationBucket[] => {
  const byBucket = Map.groupBy(found, (row) => row.bucket);
  return buckets.flatMap((bucket, i): DurationBucket[] => {
    const rows = byBucket.get(i);
    if (!rows) {
      const unknown = bucket.coverage < 1;
      return groupBy.length > 0 && !unknown
        ? []
        : [{ ...bucket, keys: NO_KEYS, ms: 0, events: 0, began: 0, samplesMs: [], unknown }];
    }
    return rows.map((row) => ({
      ...bucket,
      keys: new Map(groupBy.map((key, k) => [key, row.key[k] ?? null])),
      ms: row.ms,
      events: row.events ?? 0,
      began: row.began,
      samplesMs: row.samplesMs ?? [],
      unknown: false,
    }));
  });
};

const NO_KEYS: DurationBucket['keys'] = new Map();
