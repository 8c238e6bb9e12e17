import { unsettledSpans } from './coverage.ts';
import type { AuditTask, CoverageSlice, Span } from './frame.ts';
import type { PollerSettings } from './settings.ts';
import { intersection, subtractSpans } from './spans.ts';
import {
  askFor,
  earliestClaimMs,
  firstWindowOf,
  lastWindowOf,
  latestClaimMs,
  type ServerNow,
} from './windows.ts';

/**
 * Which window to read next: a pure function of what the mirror knows and the time. Nothing is remembered between two
 * calls, so that a restart changes nothing; and nothing is driven by timers, which leave holes.
 *
 * In this order: the present (HOT) · unread time about to leave upstream's reach (EXPIRING, oldest first) · last
 * re-reads before that (REREAD) · missing records that the chain proves (CHASE) ·
 * events that stood open (CLOSING) · the rest of the unread past (BACKFILL,
 * newest first) · re-reads that a slice's age calls for (REREAD, oldest first).
 */
export type ReadKind = 'HOT' | 'EXPIRING' | 'CHASE' | 'CLOSING' | 'BACKFILL' | 'REREAD';
/** `claim` is what a complete answer settles, `ask` what is requested for it. */
export type PlannedRead = { kind: ReadKind; claim: Span; ask: Span };

export type PlanInput = {
  coverage: readonly CoverageSlice[];
  audits: readonly AuditTask[];
  now: ServerNow;
  settings: PollerSettings;
  /** Ages of re-reads, ascending; the last one seals. */
  agesMs: readonly number[];
  /** The longest window to ask for, by lane: shorter than upstream's after an answer that was too large. */
  limitMs: { hot: number; past: number };
  /** Time whose reading failed and has to wait. Ordered, disjoint. */
  barred: readonly Span[];
  /** Whether the allowance for CHASE has anything left. */
  mayChase: boolean;
  /** Starts of open events that are due to be looked at again, ascending; empty when the allowance for it is spent. */
  openStartsMs: readonly number[];
};

const EXPIRING_WITHIN_MS = 3_600_000;
/** A hole right behind the present is left to the reading of the present for this long. */
const HOT_MARGIN_MS = 30_000;
const CHASE_REACH_MS = 1_000;
/** Missing records this near to each other are looked for with one request. */
const CHASE_JOIN_MS = 30_000;

/** The reading of the present; reaches back over what is unread right behind it. null before anything can be asked for. */
export const hotRead = (input: PlanInput): PlannedRead | null => {
  const { now, settings, limitMs } = input;
  const toMs = latestClaimMs(now);
  const earliestMs = earliestClaimMs(now, settings.retentionReachMs);
  const longest = lastWindowOf({ fromMs: earliestMs, toMs }, settings.maxWindowMs, limitMs.hot);
  if (longest.fromMs >= toMs) return null;
  const firstMs = input.coverage[0]?.fromMs ?? toMs;
  const behind = unsettledSpans(input.coverage, Math.max(firstMs, longest.fromMs), toMs)[0];
  const fromMs = Math.max(longest.fromMs, Math.min(toMs - settings.lookbackMs, behind?.fromMs ?? toMs));
  return planned('HOT', { fromMs, toMs });
};

/** The next window of the past; null when nothing is due. */
export const pastRead = (input: PlanInput): PlannedRead | null => {
  const { now, settings, coverage } = input;
  const first = coverage[0];
  if (!first) return null;
  const earliestMs = earliestClaimMs(now, settings.retentionReachMs);
  const fromMs = Math.max(first.fromMs, earliestMs);
  const latestMs = Math.min(latestClaimMs(now), now.lowMs - settings.settleMs - HOT_MARGIN_MS);
  const unread = subtractSpans(unsettledSpans(coverage, fromMs, latestMs), input.barred);

  const expiring = unread[0];
  if (expiring && expiring.fromMs < earliestMs + EXPIRING_WITHIN_MS) {
    return planned('EXPIRING', firstWindowOf(expiring, settings.maxWindowMs, input.limitMs.past));
  }
  const due = dueAgain(input, fromMs);
  if (due?.seals) return due.read;
  const chase = input.mayChase ? chaseRead(input, fromMs, latestMs) : null;
  if (chase) return chase;
  const closing = closingRead(input, fromMs, latestMs);
  if (closing) return closing;
  const newest = unread.at(-1);
  if (newest) {
    return planned('BACKFILL', lastWindowOf(newest, settings.maxWindowMs, input.limitMs.past));
  }
  return due?.read ?? null;
};

const planned = (kind: ReadKind, claim: Span): PlannedRead => ({ kind, claim, ask: askFor(claim) });

/** How much due time is let gather before it is worth a request. */
const patienceMs = (ageMs: number, maxWindowMs: number): number => Math.min(ageMs / 2, maxWindowMs);

/** The oldest slices whose next re-read is due, as one window with what is due right behind them. */
const dueAgain = (input: PlanInput, earliestMs: number): { read: PlannedRead; seals: boolean } | null => {
  const { coverage, agesMs, now, settings } = input;
  let window: Span | null = null;
  let seals = false;
  for (const slice of coverage) {
    const ageMs = agesMs[slice.stage];
    if (slice.level !== 'SETTLED' || ageMs === undefined) {
      if (window) break;
      continue;
    }
    const dueUntilMs = now.lowMs - ageMs;
    const due = intersection(slice, { fromMs: earliestMs, toMs: dueUntilMs });
    const free = due && subtractSpans([due], input.barred)[0];
    if (!free) {
      if (window) break;
      continue;
    }
    if (window) {
      if (free.fromMs !== window.toMs) break;
      window = { fromMs: window.fromMs, toMs: free.toMs };
    } else if (dueUntilMs - free.fromMs >= patienceMs(ageMs, settings.maxWindowMs)) {
      window = free;
      seals = slice.stage === agesMs.length - 1;
    }
  }
  if (!window) return null;
  return {
    read: planned('REREAD', firstWindowOf(window, settings.maxWindowMs, input.limitMs.past)),
    seals,
  };
};

const chaseRead = (input: PlanInput, earliestMs: number, latestMs: number): PlannedRead | null => {
  const dueAt = input.audits
    .filter((task) => task.state === 'OPEN' && task.nextAttemptMs <= input.now.lowMs)
    .map((task) => task.expectedMs)
    .filter((atMs) => atMs !== null)
    .filter((atMs) => atMs - CHASE_REACH_MS >= earliestMs && atMs + CHASE_REACH_MS <= latestMs)
    .sort((a, b) => a - b);
  const free = dueAt.filter((atMs) => !input.barred.some((bar) => bar.fromMs <= atMs && atMs < bar.toMs));
  const firstMs = free[0];
  if (firstMs === undefined) return null;
  let lastMs = firstMs;
  const { toMs: limitMs } = firstWindowOf(
    { fromMs: firstMs - CHASE_REACH_MS, toMs: latestMs },
    input.settings.maxWindowMs,
    input.limitMs.past,
  );
  for (const atMs of free) {
    if (atMs - lastMs > CHASE_JOIN_MS || atMs + CHASE_REACH_MS > limitMs) break;
    lastMs = atMs;
  }
  return planned('CHASE', { fromMs: firstMs - CHASE_REACH_MS, toMs: lastMs + CHASE_REACH_MS });
};

/** The oldest open events that are due, with all that one request reaches beside them. */
const closingRead = (input: PlanInput, earliestMs: number, latestMs: number): PlannedRead | null => {
  const free = input.openStartsMs.filter(
    (startMs) =>
      startMs >= earliestMs &&
      startMs + 1 <= latestMs &&
      !input.barred.some((bar) => bar.fromMs <= startMs && startMs < bar.toMs),
  );
  const firstMs = free[0];
  if (firstMs === undefined) return null;
  const { toMs: limitMs } = firstWindowOf(
    { fromMs: firstMs, toMs: latestMs },
    input.settings.maxWindowMs,
    input.limitMs.past,
  );
  const lastMs = free.findLast((startMs) => startMs < limitMs) ?? firstMs;
  return planned('CLOSING', { fromMs: firstMs, toMs: lastMs + 1 });
};
