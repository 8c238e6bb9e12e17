import type { Clock } from '../../clock/clock.ts';
import type { MirrorReader, StatusFacts } from '../../mirror/index.ts';
import type { Step } from '../stepped.ts';
import type { Snapshot } from './snapshot.ts';
import type { Batch } from './source.ts';

/**
 * Equal streams get the same batch objects, so that whoever serves them executes and serialises each batch once. Kept is
 * only what begins near the head of the log, for who lags is alone there, and no batch is kept for its own sake: one that
 * nobody is being handed any more may be made again, but must not pin a history in memory while the head stands still.
 */
type Shared = {
  headSeq: number;
  /** By position and key, those taken last. */
  steps: Map<string, KeptStep>;
  heartbeat: { seq: number; madeMs: number; batch: Batch<never> } | null;
  snapshots: Map<string, { madeMs: number; snapshot: WeakRef<Snapshot> }>;
  /** What stands there of each agent that a snapshot has spoken of. */
  facts: Map<number, StatusFacts>;
};

type KeptStep = { event: WeakRef<object> | null; seq: number; more: boolean };

const shares = new WeakMap<MirrorReader, Shared>();

const sharedAt = (mirror: MirrorReader, headSeq: number): Shared => {
  const known = shares.get(mirror);
  if (known?.headSeq === headSeq) return known;
  const shared: Shared = {
    headSeq,
    steps: new Map(),
    heartbeat: null,
    snapshots: new Map(),
    facts: new Map(),
  };
  shares.set(mirror, shared);
  return shared;
};

/** Changes before the head within which streams count as following it. */
const NEAR_HEAD = 4_096;
/** More than streams of different filters are likely to take between two commits; some hundred bytes each. */
const KEPT_STEPS = 4_096;

/** The step that any stream of this key takes from there. */
export const shareStep = <Event extends object>(
  mirror: MirrorReader,
  key: string,
  afterSeq: number,
  take: () => Step<Event>,
): Step<Event> => {
  const headSeq = mirror.headSeq();
  if (headSeq <= afterSeq) return { event: null, seq: afterSeq, more: false };
  if (headSeq - afterSeq > NEAR_HEAD) return take();
  const { steps } = sharedAt(mirror, headSeq);
  const place = `${afterSeq}|${key}`;
  const known = steps.get(place);
  if (known) {
    const { event: ref, seq, more } = known;
    // The key names topic, filter and batch size, so what stands under it was made of the same changes.
    const event = (ref?.deref() ?? null) as Event | null;
    if (event !== null || ref === null) return { event, seq, more };
  }
  const { event, seq, more } = take();
  if (steps.size >= KEPT_STEPS) steps.delete(steps.keys().next().value!);
  steps.set(place, { event: event && new WeakRef(event), seq, more });
  return { event, seq, more };
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
export const shareSnapshot = (
  mirror: MirrorReader,
  clock: Clock,
  key: string,
  take: () => Snapshot,
): Snapshot => {
  const { snapshots } = sharedAt(mirror, mirror.headSeq());
  const nowMs = clock.monotonicMs();
  const known = snapshots.get(key);
  const snapshot = known && nowMs - known.madeMs < TOGETHER_MS ? known.snapshot.deref() : undefined;
  if (snapshot) return snapshot;
  const taken = take();
  snapshots.set(key, { madeMs: nowMs, snapshot: new WeakRef(taken) });
  return taken;
};

/** The same facts as the same objects, for snapshots of hundreds of filters that wait for slow consumers. */
export const shareFacts = (mirror: MirrorReader, read: readonly StatusFacts[]): readonly StatusFacts[] => {
  const { facts } = sharedAt(mirror, mirror.headSeq());
  return read.map((one) => {
    const known = facts.get(one.agent);
    if (known) return known;
    facts.set(one.agent, one);
    return one;
  });
};
