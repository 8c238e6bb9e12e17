import type { Clock } from '../../clock/clock.ts';
import type { MirrorReader } from '../../mirror/index.ts';
import type { Step } from '../stepped.ts';
import type { Batch } from './source.ts';

/**
 * Equal streams get the same batch objects, so that whoever serves them executes and serialises each batch once. Kept is
 * only what stands at the head of the log: who lags is alone there, and must not pin a history in memory.
 */
type Shared = {
  headSeq: number;
  /** By position, then by key. */
  steps: Map<number, Map<string, Step<unknown>>>;
  heartbeat: { seq: number; madeMs: number; batch: Batch<never> } | null;
  snapshots: Map<string, { madeMs: number; batches: WeakRef<readonly Batch<unknown>[]> }>;
};

const shares = new WeakMap<MirrorReader, Shared>();

const sharedAt = (mirror: MirrorReader, headSeq: number): Shared => {
  const known = shares.get(mirror);
  if (known?.headSeq === headSeq) return known;
  const shared: Shared = { headSeq, steps: new Map(), heartbeat: null, snapshots: new Map() };
  shares.set(mirror, shared);
  return shared;
};

/** Changes before the head within which streams count as following it. */
const NEAR_HEAD = 4_096;

/** The step that any stream of this key takes from there. */
export const shareStep = <Event>(
  mirror: MirrorReader,
  key: string,
  afterSeq: number,
  take: () => Step<Event>,
): Step<Event> => {
  const headSeq = mirror.headSeq();
  if (headSeq <= afterSeq) return { event: null, seq: afterSeq, more: false };
  if (headSeq - afterSeq > NEAR_HEAD) return take();
  const { steps } = sharedAt(mirror, headSeq);
  const byKey = steps.get(afterSeq) ?? new Map<string, Step<unknown>>();
  steps.set(afterSeq, byKey);
  // The key names topic, filter and batch size, so what stands under it was made of the same changes.
  const known = byKey.get(key) as Step<Event> | undefined;
  if (known) return known;
  const step = take();
  byKey.set(key, step);
  return step;
};

/** Streams that fell quiet together beat together. */
const TOGETHER_MS = 1_000;

export const shareHeartbeat = (
  mirror: MirrorReader,
  clock: Clock,
  seq: number,
  make: () => Batch<never>,
): Batch<never> => {
  const shared = sharedAt(mirror, mirror.headSeq());
  const madeMs = clock.monotonicMs();
  const { heartbeat } = shared;
  if (heartbeat?.seq === seq && madeMs - heartbeat.madeMs < TOGETHER_MS) return heartbeat.batch;
  const batch = make();
  shared.heartbeat = { seq, madeMs, batch };
  return batch;
};

/** A floor that reconnects as one reads its snapshot once. Gone when the last of those who receive it is done. */
export const shareSnapshot = <Change>(
  mirror: MirrorReader,
  clock: Clock,
  key: string,
  take: () => readonly Batch<Change>[],
): readonly Batch<Change>[] => {
  const { snapshots } = sharedAt(mirror, mirror.headSeq());
  const nowMs = clock.monotonicMs();
  const known = snapshots.get(key);
  const batches = known && nowMs - known.madeMs < TOGETHER_MS ? known.batches.deref() : undefined;
  // As above, and the head is the same: these are the batches that `take` would make.
  if (batches) return batches as readonly Batch<Change>[];
  const taken = take();
  snapshots.set(key, { madeMs: nowMs, batches: new WeakRef(taken) });
  return taken;
};
