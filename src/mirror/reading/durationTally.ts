import type { DurationsRequest, DurationsRow } from './durations.ts';
import { readOldestReasons } from './oneReason.ts';
import type { MirrorReader } from './reader.ts';

/** What an aggregate was refused for: events or sums to look at, pieces that events are split into, rows to give back. */
export type TooLarge = 'EVENTS' | 'SUMS' | 'PIECES' | 'ROWS';

export class DurationsTooLargeError extends Error {
  readonly what: TooLarge;
  readonly most: number;
  constructor(what: TooLarge, most: number) {
    super(`more than ${most} ${what.toLowerCase()}`);
    this.what = what;
    this.most = most;
  }
}

type Cell = { key: (number | null)[]; ms: number; events: number; began: number; samples: number[] };

/** An event is split at every edge that it crosses; as many pieces take about as long as as many events. */
const PIECES_A_WALK = 8;

/** Sums what is added by (bucket, group); splits a span at the bucket edges it crosses. */
export const createTally = (reader: MirrorReader, request: DurationsRequest) => {
  const { edgesMs, groupBy, withSamples, maxRows } = request;
  const cells = Array.from({ length: edgesMs.length - 1 }, () => new Map<string, Cell>());
  const maxPieces = reader.maxWalkRows * PIECES_A_WALK;
  let rows = 0;
  let pieces = 0;
  const foldings = groupBy.map((part) =>
    part === 'REASON' || part === 'REASON_LIST' ? readOldestReasons(reader, part) : null,
  );

  /** The bucket that holds `atMs`: the last edge at or before it. */
  const bucketAt = (atMs: number) => {
    let low = 0;
    let high = edgesMs.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (edgesMs[middle]! <= atMs) low = middle;
      else high = middle;
    }
    return low;
  };

  const cellAt = (bucket: number, name: string, key: (number | null)[]): Cell => {
    pieces += 1;
    if (pieces > maxPieces) throw new DurationsTooLargeError('PIECES', maxPieces);
    const inBucket = cells[bucket]!;
    const known = inBucket.get(name);
    if (known) return known;
    rows += 1;
    if (rows > maxRows) throw new DurationsTooLargeError('ROWS', maxRows);
    const cell: Cell = { key, ms: 0, events: 0, began: 0, samples: [] };
    inBucket.set(name, cell);
    return cell;
  };

  const fold = (raw: (number | null)[]) =>
    raw.map((value, i) => {
      const folding = foldings[i];
      return folding && value !== null ? (folding.get(value) ?? null) : value;
    });

  return {
    addEvent(startMs: number, endMs: number, ended: boolean, rawKey: (number | null)[]) {
      const fromMs = Math.max(startMs, edgesMs[0]!);
      const toMs = Math.min(endMs, edgesMs[edgesMs.length - 1]!);
      const key = fold(rawKey);
      const name = key.join('|');
      for (let bucket = bucketAt(fromMs), at = fromMs; at < toMs || at === fromMs; bucket++) {
        const until = Math.min(toMs, edgesMs[bucket + 1]!);
        const cell = cellAt(bucket, name, key);
        cell.ms += Math.max(0, until - at);
        cell.events += 1;
        if (at === startMs) {
          cell.began += 1;
          if (withSamples && ended) cell.samples.push(endMs - startMs);
        }
        if (until >= toMs) break;
        at = until;
      }
    },
    addRollup(quarterMs: number, ms: number, began: number, rawKey: (number | null)[]) {
      const key = fold(rawKey);
      const cell = cellAt(bucketAt(quarterMs), key.join('|'), key);
      cell.ms += ms;
      cell.began += began;
    },
    /** By bucket, and in a bucket by the keys' codes and row ids, the absent first: the same whatever was read, and how. */
    rows(eventsKnown: boolean): DurationsRow[] {
      return cells.flatMap((inBucket, bucket) =>
        [...inBucket.values()]
          .sort((a, b) => compareKeys(a.key, b.key))
          .map(({ key, ms, events, began, samples }) => ({
            bucket,
            key,
            ms,
            events: eventsKnown ? events : null,
            began,
            samplesMs: withSamples ? samples.sort((a, b) => a - b) : null,
          })),
      );
    },
  };
};

const compareKeys = (a: readonly (number | null)[], b: readonly (number | null)[]): number => {
  for (const [i, one] of a.entries()) {
    const other = b[i]!;
    if (one !== other) return (one ?? -1) - (other ?? -1);
  }
  return 0;
};
