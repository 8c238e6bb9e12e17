import { isDoubted, unsettledSpans } from './coverage.ts';
import type { AuditTask, CoverageSlice, Span } from './frame.ts';
import type { PollerSettings } from './settings.ts';
import { intersection, lengthMs, subtractSpans, unionSpans } from './spans.ts';
import {
  askFor,
  earliestClaimMs,
  firstWindowOf,
  lastWindowOf,
  latestClaimMs,
  type ServerNow,
} from './windows.ts';

/**
 * Which window to read next: a pure function of its input, which is what the mirror knows, the time, and hints that no
 * correctness rests on (what failed lately, which events stand open). Nothing is driven by timers, which leave holes.
 *
 * In this order: the present (HOT) · how far back upstream answers, when that is in doubt (REACH) · unread time about to
 * leave its reach (EXPIRING, oldest first) · last re-reads before that (REREAD) · missing records that the chain proves
 * (CHASE) · events that stood open (CLOSING, youngest first) · the rest of the unread past (BACKFILL, newest first) ·
 * re-reads that a slice's age calls for (REREAD, oldest first) · windows that failed before, piece by piece.
 *
 * Time whose answer was doubted is the past's to read again, never the present's: as soon as may be while the present is
 * believed, and at the ages of re-reads while it is doubted as well, for then nothing better comes of asking.
 */
export type ReadKind = 'HOT' | 'REACH' | 'EXPIRING' | 'CHASE' | 'CLOSING' | 'BACKFILL' | 'REREAD';
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
  /**
   * Time whose reading failed or was doubted, in ordered, disjoint pieces: what has to wait, what may be tried again, and
   * what of both failed. A window of the past lies in one piece or in none.
   */
  hard: { waiting: readonly Span[]; due: readonly Span[]; failing: readonly Span[] };
  /** The last answer about the present was not believed. */
  isPresentDoubted: boolean;
  /** The age at which to find out whether upstream still answers. */
  probeAgeMs: number | null;
  /** Whether the allowance for CHASE has anything left. */
  mayChase: boolean;
  /** Starts of open events that are due to be looked at again, ascending; empty when the allowance for it is spent. */
  openStartsMs: readonly number[];
};

const EXPIRING_WITHIN_MS = 3_600_000;
/** A hole right behind the present is left to the reading of the present for this long. */
const HOT_MARGIN_MS = 30_000;
/** What has just grown old enough to be past is not asked for by the fraction of a second. */
const SLIVER_MS = 10_000;
const CHASE_REACH_MS = 1_000;
/** Missing records this near to each other are looked for with one request. */
const CHASE_JOIN_MS = 30_000;

/**
 * The reading of the present; reaches back over what is unread right behind it, but not into what fails or is doubted:
 * one record that upstream chokes on must not hide everything after it.
 */
export const hotRead = (input: PlanInput): PlannedRead => {
  const { now, settings, limitMs } = input;
  const toMs = latestClaimMs(now);
  // However little upstream seems to reach back, and however little is known of its clock: nothing else would ever tell more.
  const earliestMs = Math.min(earliestClaimMs(now, settings.retentionReachMs), toMs - settings.lookbackMs);
  const longest = lastWindowOf({ fromMs: earliestMs, toMs }, settings.maxWindowMs, limitMs.hot);
  const firstMs = input.coverage[0]?.fromMs ?? toMs;
  const unread = unsettledSpans(input.coverage, Math.max(firstMs, longest.fromMs), toMs);
  const behind = subtractSpans(unread, input.coverage.filter(isDoubted))[0];
  const fromMs = Math.max(longest.fromMs, Math.min(toMs - settings.lookbackMs, behind?.fromMs ?? toMs));
  const failing = input.hard.failing.findLast((piece) => piece.toMs <= latestPastMs(input));
  return planned('HOT', { fromMs: Math.max(fromMs, failing?.toMs ?? fromMs), toMs });
};

/** The end of the past: what is younger is left to the reading of the present. */
const latestPastMs = ({ now, settings }: PlanInput): number =>
  Math.min(latestClaimMs(now), now.lowMs - settings.settleMs - HOT_MARGIN_MS);

/** The next window of the past; null when nothing is due. */
export const pastRead = (input: PlanInput): PlannedRead | null => {
  const { now, settings, coverage, hard } = input;
  const first = coverage[0];
  if (!first) return null;
  const earliestMs = earliestClaimMs(now, settings.retentionReachMs);
  const fromMs = Math.max(first.fromMs, earliestMs);
  const latestMs = latestPastMs(input);
  const probe = probeRead(input, latestMs);
  if (probe) return probe;

  const doubted = input.isPresentDoubted ? coverage.filter(isDoubted) : [];
  const unread = subtractSpans(
    unsettledSpans(coverage, fromMs, latestMs),
    unionSpans([...hard.waiting, ...doubted]),
  );
  const fresh = subtractSpans(unread, unionSpans(hard.due));
  const pieces = hard.due.flatMap((piece) => unread.flatMap((span) => intersection(span, piece) ?? []));
  const isExpiring = (span: Span | undefined) =>
    span !== undefined && span.fromMs < earliestMs + EXPIRING_WITHIN_MS;

  const expiring = [fresh[0], pieces[0]].find(isExpiring);
  if (expiring) {
    return planned('EXPIRING', firstWindowOf(expiring, settings.maxWindowMs, input.limitMs.past));
  }
  const due = dueAgain(input, fromMs, [...hard.waiting, ...hard.due]);
  if (due?.seals) return due.read;
  const newest = fresh.findLast((span) => span.toMs < latestMs || lengthMs(span) >= SLIVER_MS);
  return (
    (input.mayChase ? chaseRead(input, fromMs, latestMs) : null) ??
    closingRead(input, fromMs, latestMs) ??
    (newest ? fillRead(input, newest) : null) ??
    due?.read ??
    (pieces.at(-1) ? fillRead(input, pieces.at(-1)!) : null) ??
    dueAgain(input, fromMs, hard.waiting)?.read ??
    null
  );
};

const planned = (kind: ReadKind, claim: Span): PlannedRead => ({ kind, claim, ask: askFor(claim) });

const fillRead = ({ settings, limitMs }: PlanInput, span: Span): PlannedRead =>
  planned('BACKFILL', lastWindowOf(span, settings.maxWindowMs, limitMs.past));

/** Short, so that a limit on the length of windows does not answer in place of the age. */
const PROBE_MS = 60_000;

const probeRead = ({ now, probeAgeMs }: PlanInput, latestMs: number): PlannedRead | null => {
  if (probeAgeMs === null) return null;
  // The start that upstream sees is a second and a half earlier than the claim's, at most.
  const fromMs = Math.ceil((now.highMs - probeAgeMs) / 1_000) * 1_000 + 1_000;
  const toMs = Math.min(fromMs + PROBE_MS, latestMs);
  return fromMs < toMs ? planned('REACH', { fromMs, toMs }) : null;
};

/** `span` up to the first edge of a piece inside it. */
const beforeEdge = (span: Span, { waiting, due }: PlanInput['hard']): Span => {
  const edgesMs = [...waiting, ...due].flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
  return { ...span, toMs: Math.min(span.toMs, ...edgesMs.filter((atMs) => atMs > span.fromMs)) };
};

/** `span` from the last edge of a piece inside it. */
const afterEdge = (span: Span, { waiting, due }: PlanInput['hard']): Span => {
  const edgesMs = [...waiting, ...due].flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
  return { ...span, fromMs: Math.max(span.fromMs, ...edgesMs.filter((atMs) => atMs < span.toMs)) };
};

/** How much due time is let gather before it is worth a request. */
const patienceMs = (ageMs: number, maxWindowMs: number): number => Math.min(ageMs / 2, maxWindowMs);

/**
 * The oldest slices whose next re-read is due, as one window with what is due right behind them. What was doubted is read
 * apart from what was not, or its answer would be doubted for both.
 */
const dueAgain = (
  input: PlanInput,
  earliestMs: number,
  avoided: readonly Span[],
): { read: PlannedRead; seals: boolean } | null => {
  const { coverage, agesMs, now, settings } = input;
  const taken = unionSpans(avoided);
  let window: Span | null = null;
  let isOfDoubted = false;
  let seals = false;
  for (const slice of coverage) {
    const ageMs = agesMs[slice.stage];
    const isReRead = slice.level === 'SETTLED' || isDoubted(slice);
    if (!isReRead || ageMs === undefined || (window && isDoubted(slice) !== isOfDoubted)) {
      if (window) break;
      continue;
    }
    const dueUntilMs = now.lowMs - ageMs;
    const due = intersection(slice, { fromMs: earliestMs, toMs: dueUntilMs });
    const free = due && subtractSpans([due], taken)[0];
    if (!free) {
      if (window) break;
      continue;
    }
    if (window) {
      if (free.fromMs !== window.toMs) break;
      window = { fromMs: window.fromMs, toMs: free.toMs };
    } else if (dueUntilMs - free.fromMs >= patienceMs(ageMs, settings.maxWindowMs)) {
      window = free;
      isOfDoubted = isDoubted(slice);
      seals = slice.stage === agesMs.length - 1;
    }
  }
  if (!window) return null;
  const first = firstWindowOf(window, settings.maxWindowMs, input.limitMs.past);
  return { read: planned('REREAD', beforeEdge(first, input.hard)), seals };
};

const isWaiting = ({ hard }: PlanInput, atMs: number): boolean =>
  hard.waiting.some((piece) => piece.fromMs <= atMs && atMs < piece.toMs);

const chaseRead = (input: PlanInput, earliestMs: number, latestMs: number): PlannedRead | null => {
  const dueAt = input.audits
    .filter((task) => task.state === 'OPEN' && task.nextAttemptMs <= input.now.lowMs)
    .map((task) => task.expectedMs)
    .filter((atMs) => atMs !== null)
    .filter((atMs) => atMs - CHASE_REACH_MS >= earliestMs && atMs + CHASE_REACH_MS <= latestMs)
    .sort((a, b) => a - b);
  const free = dueAt.filter((atMs) => !isWaiting(input, atMs));
  const firstMs = free[0];
  if (firstMs === undefined) return null;
  let lastMs = firstMs;
  const longest = firstWindowOf(
    { fromMs: firstMs - CHASE_REACH_MS, toMs: latestMs },
    input.settings.maxWindowMs,
    input.limitMs.past,
  );
  const { toMs: limitMs } = beforeEdge({ fromMs: firstMs, toMs: longest.toMs }, input.hard);
  for (const atMs of free) {
    if (atMs - lastMs > CHASE_JOIN_MS || atMs + CHASE_REACH_MS > limitMs) break;
    lastMs = atMs;
  }
  return planned('CHASE', { fromMs: firstMs - CHASE_REACH_MS, toMs: lastMs + CHASE_REACH_MS });
};

/**
 * The youngest open events that are due, which are those on the wallboards, with all that one request reaches beside
 * them: where more are due than the allowance is for, it is the oldest that wait for their scheduled re-reads.
 */
const closingRead = (input: PlanInput, earliestMs: number, latestMs: number): PlannedRead | null => {
  const free = input.openStartsMs.filter(
    (startMs) => startMs >= earliestMs && startMs + 1 <= latestMs && !isWaiting(input, startMs),
  );
  const lastMs = free.at(-1);
  if (lastMs === undefined) return null;
  const longest = lastWindowOf(
    { fromMs: earliestMs, toMs: lastMs + 1 },
    input.settings.maxWindowMs,
    input.limitMs.past,
  );
  const { fromMs: limitMs } = afterEdge(longest, input.hard);
  const firstMs = free.find((startMs) => startMs >= limitMs) ?? lastMs;
  return planned('CLOSING', { fromMs: firstMs, toMs: lastMs + 1 });
};
