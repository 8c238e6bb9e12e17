import type { Clock } from '../../clock/clock.ts';
import { type CoverageSlice, completeThrough, freshThrough, type PollerStatus } from '../../poller/index.ts';
import { readCoverage } from './coverage.ts';
import { readPollerStatus } from './mirrorFacts.ts';
import type { MirrorReader } from './reader.ts';

/** What every answer rests on: the feed's health and how far it has been read. One read of the mirror. */
export type Standing = {
  coverage: readonly CoverageSlice[];
  status: PollerStatus | null;
  freshThroughMs: number | null;
  completeThroughMs: number | null;
};

const load = (mirror: MirrorReader): Standing => {
  const coverage = readCoverage(mirror);
  return {
    coverage,
    status: readPollerStatus(mirror),
    freshThroughMs: freshThrough(coverage),
    completeThroughMs: completeThrough(coverage),
  };
};

type Commit = { version: number; ownChanges: number };
type Held = Commit & { stretch: number | null; standing: Standing };

const held = new WeakMap<MirrorReader, Held>();

/** Read once a commit, and asked for once a stretch: every batch of hundreds of streams rests on it. */
const standingInMirror = (mirror: MirrorReader): Standing => {
  const stretch = mirror.stretch();
  const last = held.get(mirror);
  if (last && stretch !== null && last.stretch === stretch) return last.standing;
  // The first counts commits of other connections, the second what was written through this one.
  const commit = mirror.get<Commit>(
    'select data_version as version, total_changes() as ownChanges from pragma_data_version',
  )!;
  const same = last?.version === commit.version && last.ownChanges === commit.ownChanges;
  const standing = same ? last.standing : load(mirror);
  held.set(mirror, { ...commit, stretch, standing });
  return standing;
};

export type Watermarks = Pick<Standing, 'freshThroughMs' | 'completeThroughMs'>;

/** How far the mirror has been read, as of this stretch's commit. */
export const readWatermarks = (mirror: MirrorReader): Watermarks => {
  const { freshThroughMs, completeThroughMs } = standingInMirror(mirror);
  return { freshThroughMs, completeThroughMs };
};

/** What the poller says of itself now goes before what it last stored: it may be unable to store. */
export const readStanding = ({
  mirror,
  liveStatus,
}: {
  mirror: MirrorReader;
  liveStatus(): PollerStatus | null;
}): Standing => {
  const standing = standingInMirror(mirror);
  return { ...standing, status: liveStatus() ?? standing.status };
};

/**
 * Now by upstream's clock, to the millisecond: all that the mirror holds is told in it, and a local clock that is minutes
 * off must not make a fresh feed look stale.
 */
export const upstreamNowMs = ({ status }: Standing, clock: Clock): number => {
  const offset = status?.clockOffset ?? { lowMs: 0, highMs: 0 };
  return Math.round(clock.nowMs() + (offset.lowMs + offset.highMs) / 2);
};

const MINUTE_MS = 60_000;
/** Behind by more than this the feed is not well, whatever the poller thinks of its last request. */
const LATE_MS = 2 * MINUTE_MS;

/** The one word for a stale banner. */
export const healthOf = (standing: Standing, clock: Clock) => {
  const health = standing.status?.health ?? 'STARTING';
  const { freshThroughMs } = standing;
  const late = freshThroughMs !== null && upstreamNowMs(standing, clock) - freshThroughMs > LATE_MS;
  return health === 'OK' && late ? 'DEGRADED' : health;
};

export const lagSecondsOf = (standing: Standing, clock: Clock): number | null =>
  standing.freshThroughMs === null
    ? null
    : Math.max(0, (upstreamNowMs(standing, clock) - standing.freshThroughMs) / 1000);
