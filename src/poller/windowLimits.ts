import type { ReadFailure } from '../upstream/index.ts';
import type { Span } from './frame.ts';
import type { PlannedRead } from './schedule.ts';
import type { PollerSettings } from './settings.ts';
import { lengthMs, subtractSpans } from './spans.ts';

/** How long a window is worth asking for, as upstream's answers have taught, for the present and for the past. */
export type WindowLimits = {
  limitMs(monotonicMs: number): { hot: number; past: number };
  succeeded(plan: PlannedRead, monotonicMs: number): void;
  /** true: shorter windows are asked for from now on. */
  failed(plan: PlannedRead, code: ReadFailure['code']): boolean;
};

export const SHORTEST_MS = 1_000;
export const SHORTEST_HOT_MS = 10_000;
/** No upstream limits its windows to less than this. */
export const SHORTEST_REFUSED_MS = 60_000;
/** Answers in a row after which a longer window is tried again. */
const GROW_AFTER = 3;
/** A limit of upstream's that was found out is believed for so long. */
const CEILING_MEMORY_MS = 3_600_000;

export const createWindowLimits = ({
  maxWindowMs,
  settleMs,
}: Pick<PollerSettings, 'maxWindowMs' | 'settleMs'>): WindowLimits => {
  const limit = { hot: maxWindowMs, past: maxWindowMs };
  const answered = { hot: 0, past: 0 };
  const timeouts = { hot: 0, past: 0 };
  let hotFaults = 0;
  let ceiling = { lengthMs: maxWindowMs, untilMs: 0 };
  /**
   * A refused window and what of it has not been answered yet in parts: once all is, its length was what was wrong, and
   * no longer window is asked for but once an hour.
   */
  let refused: { left: Span[]; longestMs: number } | null = null;

  const laneOf = (plan: PlannedRead) => (plan.kind === 'HOT' ? 'hot' : 'past');

  const halve = (plan: PlannedRead, shortestMs: number): boolean => {
    const lane = laneOf(plan);
    answered[lane] = 0;
    if (lengthMs(plan.claim) <= shortestMs) return false;
    // Whole seconds, as upstream is asked: a read then covers no parts of seconds that nobody claims.
    limit[lane] = Math.max(shortestMs, Math.ceil(lengthMs(plan.claim) / 2_000) * 1_000);
    return true;
  };

  const learnFromAnswer = (claim: Span, monotonicMs: number) => {
    if (!refused) return;
    const left = subtractSpans(refused.left, [claim]);
    const isPart =
      left.length !== refused.left.length || left.some((span, i) => !isSame(span, refused?.left[i]));
    if (!isPart) return;
    refused = { left, longestMs: Math.max(refused.longestMs, lengthMs(claim)) };
    if (left.length > 0) return;
    ceiling = { lengthMs: refused.longestMs, untilMs: monotonicMs + CEILING_MEMORY_MS };
    refused = null;
  };

  return {
    limitMs(monotonicMs) {
      const ceilingMs = monotonicMs < ceiling.untilMs ? ceiling.lengthMs : maxWindowMs;
      // Of readings of the present that fail time and again every second is short: what upstream chokes on is soon too
      // old for that one, while the end of an outage is met with the long one.
      const isShort = hotFaults >= 2 && hotFaults % 2 === 0;
      const hotMs = Math.min(limit.hot, ceilingMs);
      return {
        hot: isShort ? Math.min(hotMs, settleMs + SHORTEST_HOT_MS) : hotMs,
        past: Math.min(limit.past, ceilingMs),
      };
    },
    succeeded(plan, monotonicMs) {
      const lane = laneOf(plan);
      timeouts[lane] = 0;
      if (lane === 'hot') hotFaults = 0;
      answered[lane] += 1;
      if (answered[lane] >= GROW_AFTER && limit[lane] < maxWindowMs) {
        answered[lane] = 0;
        limit[lane] = Math.min(maxWindowMs, limit[lane] * 2);
      }
      learnFromAnswer(plan.claim, monotonicMs);
    },
    failed(plan, code) {
      const lane = laneOf(plan);
      const shortestMs = lane === 'hot' ? SHORTEST_HOT_MS : SHORTEST_MS;
      switch (code) {
        case 'TOO_LARGE':
          return halve(plan, shortestMs);
        case 'BAD_REQUEST':
          if (lengthMs(plan.claim) > SHORTEST_REFUSED_MS) refused ??= { left: [plan.claim], longestMs: 0 };
          else refused = null;
          return halve(plan, lane === 'hot' ? SHORTEST_HOT_MS : SHORTEST_REFUSED_MS);
        case 'TIMED_OUT':
        case 'UNREADABLE':
          timeouts[lane] += 1;
          return timeouts[lane] >= 2 && halve(plan, shortestMs);
        case 'SERVER_ERROR':
        case 'UNREACHABLE':
          if (lane === 'hot') hotFaults += 1;
          return false;
        default:
          return false;
      }
    },
  };
};

const isSame = (a: Span, b: Span | undefined): boolean => a.fromMs === b?.fromMs && a.toMs === b.toMs;
