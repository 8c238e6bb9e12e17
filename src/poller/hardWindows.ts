import type { ReadFailure } from '../upstream/index.ts';
import type { GapCause, Span } from './frame.ts';
import type { PlannedRead } from './schedule.ts';
import { lengthMs, unionSpans } from './spans.ts';

/**
 * Windows that upstream does not answer while it answers others. Kept in memory only: after a restart they are simply
 * tried again.
 */
export type HardWindows = {
  /** The longest window worth asking for. */
  limitMs(): { hot: number; past: number };
  /** Time that has to wait. */
  barred(monotonicMs: number): Span[];
  succeeded(plan: PlannedRead): void;
  /** A doubtful answer: ask again, but not at once. */
  doubtful(plan: PlannedRead, monotonicMs: number): void;
  failed(plan: PlannedRead, failure: ReadFailure, monotonicMs: number, ageMs: number): GivenUp | null;
};

/** What is to be said of a window in the coverage, for now or for ever. */
export type GivenUp = { span: Span; cause: GapCause };

const SHORTEST_MS = 1_000;
const SHORTEST_HOT_MS = 10_000;
/** Answers in a row after which a longer window is tried again. */
const GROW_AFTER = 3;
const DOUBT_MS = 30_000;
const HOUR_MS = 3_600_000;
/** Of a window that upstream says is too old, this much is given up before the rest is tried. */
const EXPIRED_STEP_MS = 60_000;

type Bar = { span: Span; untilMs: number; attempts: number };

export const createHardWindows = (maxWindowMs: number, retentionReachMs: number): HardWindows => {
  const limit = { hot: maxWindowMs, past: maxWindowMs };
  const answered = { hot: 0, past: 0 };
  const timeouts = { hot: 0, past: 0 };
  let bars: Bar[] = [];

  const laneOf = (plan: PlannedRead) => (plan.kind === 'HOT' ? 'hot' : 'past');

  const halve = (plan: PlannedRead): boolean => {
    const lane = laneOf(plan);
    const shortestMs = lane === 'hot' ? SHORTEST_HOT_MS : SHORTEST_MS;
    answered[lane] = 0;
    if (lengthMs(plan.claim) <= shortestMs) return false;
    limit[lane] = Math.max(shortestMs, Math.ceil(lengthMs(plan.claim) / 2));
    return true;
  };

  const bar = (span: Span, monotonicMs: number, firstWaitMs: number): number => {
    const before = bars.filter((known) => known.span.fromMs < span.toMs && span.fromMs < known.span.toMs);
    const attempts = 1 + Math.max(0, ...before.map((known) => known.attempts));
    bars = bars.filter((known) => !before.includes(known));
    const untilMs = monotonicMs + Math.min(HOUR_MS, firstWaitMs * 2 ** (attempts - 1));
    bars.push({ span, untilMs, attempts });
    return attempts;
  };

  const lift = (span: Span) => {
    bars = bars.filter((known) => known.span.toMs <= span.fromMs || known.span.fromMs >= span.toMs);
  };

  return {
    limitMs: () => ({ ...limit }),
    barred: (monotonicMs) =>
      unionSpans(bars.filter((known) => known.untilMs > monotonicMs).map((known) => known.span)),
    succeeded(plan) {
      const lane = laneOf(plan);
      timeouts[lane] = 0;
      answered[lane] += 1;
      if (answered[lane] >= GROW_AFTER && limit[lane] < maxWindowMs) {
        answered[lane] = 0;
        limit[lane] = Math.min(maxWindowMs, limit[lane] * 2);
      }
      if (bars.length > 0) lift(plan.claim);
    },
    doubtful(plan, monotonicMs) {
      bar(plan.claim, monotonicMs, DOUBT_MS);
    },
    failed(plan, failure, monotonicMs, ageMs) {
      switch (failure.code) {
        case 'TOO_LARGE':
          if (halve(plan)) return null;
          if (plan.kind !== 'HOT') bar(plan.claim, monotonicMs, HOUR_MS);
          return { span: plan.claim, cause: 'UNREADABLE' };
        case 'UNREADABLE':
        case 'TIMED_OUT': {
          const lane = laneOf(plan);
          timeouts[lane] += 1;
          if (timeouts[lane] >= 2) halve(plan);
          if (plan.kind === 'HOT') return null;
          const attempts = bar(plan.claim, monotonicMs, 5_000);
          return attempts >= 5 ? { span: plan.claim, cause: 'UNREADABLE' } : null;
        }
        case 'UNSTABLE':
          if (plan.kind !== 'HOT') bar(plan.claim, monotonicMs, 5_000);
          return null;
        case 'BAD_REQUEST': {
          if (plan.kind === 'HOT') return null;
          if (ageMs > retentionReachMs - HOUR_MS) {
            const toMs = Math.min(plan.claim.toMs, plan.claim.fromMs + EXPIRED_STEP_MS);
            return { span: { fromMs: plan.claim.fromMs, toMs }, cause: 'EXPIRED' };
          }
          const attempts = bar(plan.claim, monotonicMs, 5_000);
          if (attempts === 1 && halve(plan)) return null;
          bar(plan.claim, monotonicMs, HOUR_MS);
          return { span: plan.claim, cause: 'REFUSED' };
        }
        default:
          return null;
      }
    },
  };
};
