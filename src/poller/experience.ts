import type { ReadFailure, WindowRead } from '../upstream/index.ts';
import { type Doubt, doubtOf } from './doubts.ts';
import { createEmptiness } from './emptiness.ts';
import type { Span } from './frame.ts';
import type { PollStateSource } from './frameLog.ts';
import { createHardWindows, type GivenUp } from './hardWindows.ts';
import { createOpenEvents } from './openEvents.ts';
import { createReach } from './reach.ts';
import type { PlanInput, PlannedRead } from './schedule.ts';
import type { PollerSettings } from './settings.ts';
import { createWindowLimits } from './windowLimits.ts';
import { earliestClaimMs, type ServerNow } from './windows.ts';

/**
 * What upstream's answers teach about upstream: which windows it does not answer, how long those may be that it does, how
 * far back it reaches, which events stand open, how busy the floor is. It makes the poller ask better, and no correctness
 * rests on it: but for the reach it is held in memory only.
 */
export type Experience = {
  /** To be told of each answer once, in order. Why it is not believed, or null. `observedMs`: server time when asked for. */
  answered(plan: PlannedRead, read: WindowRead, observedMs: number, at: Moment): Doubt | null;
  /**
   * To be told of each failure. What is to be given up for now: nothing that may only be too old, and nothing of the
   * present.
   */
  failed(plan: PlannedRead, failure: ReadFailure, at: Moment): GivenUp | null;
  /** What planning goes by. `known`: the time that the mirror covers; null while it is empty. */
  hints(known: Span | null, at: Moment): Hints;
  /** Starts of events that stand open and are due to be looked at again, ascending. */
  openStartsMs(now: ServerNow): number[];
  /** The longest window of the past that is worth asking for. */
  pastLimitMs(monotonicMs: number): number;
  /** How far back upstream answers: the documented reach, until it has proved to answer for less. */
  reachMs(): number;
  /** As far back as it makes sense to ask: less than `reachMs` while that is in doubt. */
  askableMs(): number;
  /** What the next process is to be told of the reach; null: it is as documented. */
  foundReachMs(): number | null;
};

/** `now`: by the server's clock. */
export type Moment = { now: ServerNow; monotonicMs: number };

export type Hints = Pick<PlanInput, 'limitMs' | 'hard' | 'isPresentDoubted' | 'probeAgeMs'>;

/** Reads for the window's own sake; the present, a probe and a look for single records have turns of their own. */
const fillsThePast = ({ kind }: PlannedRead) =>
  kind === 'BACKFILL' || kind === 'EXPIRING' || kind === 'REREAD';
const askedBy = ({ kind }: PlannedRead) => (kind === 'REACH' ? 'PROBE' : 'READ');

export const createExperience = (settings: PollerSettings, source: PollStateSource): Experience => {
  const limits = createWindowLimits(settings);
  const hard = createHardWindows();
  const reach = createReach(settings.retentionReachMs, source.lastStatus()?.foundReachMs ?? null);
  const emptiness = createEmptiness();
  const openEvents = createOpenEvents();
  openEvents.preload(source.openEvents());
  let isPresentDoubted = false;

  return {
    answered(plan, read, observedMs, { now, monotonicMs }) {
      const doubt = doubtOf(plan, read, observedMs - plan.claim.toMs, monotonicMs, emptiness);
      openEvents.observe(read.records);
      limits.succeeded(plan, monotonicMs);
      // By the bound that probes are asked for and refused by: between two bounds the bisection would never end.
      const seenMs = plan.kind === 'REACH' ? now.highMs : observedMs;
      reach.answered(seenMs - plan.ask.fromMs, askedBy(plan), monotonicMs);
      if (plan.kind === 'HOT') {
        isPresentDoubted = doubt !== null;
        if (!isPresentDoubted) hard.presentIsWell();
      }
      if (doubt) {
        openEvents.doubted(plan.claim, observedMs);
        if (fillsThePast(plan)) hard.doubtful(plan, doubt, isPresentDoubted, monotonicMs);
      } else {
        openEvents.asked(plan.claim, observedMs);
        hard.succeeded(plan);
      }
      return doubt;
    },
    failed(plan, { code }, { now, monotonicMs }) {
      if (plan.kind === 'REACH' && code !== 'BAD_REQUEST') {
        reach.probeFailed(monotonicMs);
        return null;
      }
      const isOld =
        plan.kind !== 'HOT' &&
        code === 'BAD_REQUEST' &&
        reach.refused(now.highMs - plan.ask.fromMs, askedBy(plan), monotonicMs);
      if (plan.kind === 'REACH') return null;
      if (isOld) {
        hard.suspended(plan, monotonicMs);
        return null;
      }
      const isShortened = limits.failed(plan, code);
      return plan.kind === 'HOT' ? null : hard.failed(plan, code, isShortened, monotonicMs);
    },
    hints(known, { now, monotonicMs }) {
      const earliestMs = earliestClaimMs(now, reach.reachMs());
      hard.forgetBefore(earliestMs);
      return {
        limitMs: limits.limitMs(monotonicMs),
        hard: hard.pieces(monotonicMs),
        isPresentDoubted,
        probeAgeMs: reach.probeAgeMs(
          now.lowMs - Math.max(known?.fromMs ?? now.lowMs, earliestMs),
          monotonicMs,
        ),
      };
    },
    openStartsMs: ({ lowMs }) =>
      openEvents.due(lowMs, lowMs - reach.askableMs(), lowMs - settings.lookbackMs),
    pastLimitMs: (monotonicMs) => limits.limitMs(monotonicMs).past,
    reachMs: reach.reachMs,
    askableMs: reach.askableMs,
    foundReachMs: reach.foundMs,
  };
};
