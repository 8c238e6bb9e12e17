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

type StandingInMirror = Standing & { stretch: number | null };

/** Of the last stretch: hundreds of streams of different filters ask in the same one. */
const lastRead = new WeakMap<MirrorReader, StandingInMirror>();

const standingInMirror = (mirror: MirrorReader): Standing => {
  const stretch = mirror.stretch();
  const last = lastRead.get(mirror);
  if (last && stretch !== null && last.stretch === stretch) return last;
  const coverage = readCoverage(mirror);
  const standing = {
    stretch,
    coverage,
    status: readPollerStatus(mirror),
    freshThroughMs: freshThrough(coverage),
    completeThroughMs: completeThrough(coverage),
  };
  lastRead.set(mirror, standing);
  return standing;
};

/** What the poller says of itself now goes before what it last stored: it may be unable to store. */
export const readStanding = ({
  mirror,
  liveStatus,
}: {
  mirror: MirrorReader;
  liveStatus(): PollerStatus | null;
}): Standing => {
  const { coverage, status, freshThroughMs, completeThroughMs } = standingInMirror(mirror);
  return { coverage, status: liveStatus() ?? status, freshThroughMs, completeThroughMs };
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
