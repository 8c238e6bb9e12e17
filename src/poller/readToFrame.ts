import type { AgentStateRecord, QuarantinedRow, WindowRead } from '../upstream/index.ts';
import { auditChain } from './audit.ts';
import type { HoleCauses } from './causes.ts';
import {
  breakChainAt,
  claimDoubtful,
  claimGap,
  claimRead,
  doubtFrom,
  expire,
  fillHoles,
  mendChainAt,
} from './claims.ts';
import { coverageDelta, sliceAt } from './coverage.ts';
import type { CoverageSlice, Frame, GapCause, PollerStatus, Span } from './frame.ts';
import type { PollState, PollStateSource } from './frameLog.ts';
import { readAroundLate } from './late.ts';
import type { PlannedRead } from './schedule.ts';
import type { PollerSettings } from './settings.ts';
import { intersection } from './spans.ts';
import { earliestClaimMs, type ServerNow } from './windows.ts';

/** What every frame is computed from, whatever brought it about. */
export type FrameContext = {
  state: PollState;
  missingEvents: PollStateSource['missingEvents'];
  settings: PollerSettings;
  agesMs: readonly number[];
  /** The server's clock when the frame is made. */
  now: ServerNow;
  /** From here on time is still to come; null before the first Date header: our own clock may be wrong by anything. */
  futureMs: number | null;
  /** What to blame for time that was not read in time. */
  causesOver: HoleCauses['over'];
};

export type TrustedRead = {
  plan: PlannedRead;
  read: WindowRead;
  /** Server time at which upstream was asked, lower bound. */
  observedMs: number;
  trust: Trust;
};

/**
 * WHOLE: every record of the window. DOUBTFUL: an answer that looks too empty, or much of which is no record.
 * CLOCK_STEPPED: the server's clock jumped, so that nobody knows how old the window was, nor any that was read since
 * `sinceMs`, by its new clock, lower bound.
 */
export type Trust = { kind: 'WHOLE' } | { kind: 'DOUBTFUL' } | { kind: 'CLOCK_STEPPED'; sinceMs: number };

/**
 * The records of one answer are one frame, one transaction: in parts of 2,000 a busy window of 12,800 costs a quarter
 * more, as each part writes the same index pages anew. Only an answer beyond the largest floor's is split; its last part
 * claims the coverage.
 */
const RECORDS_PER_FRAME = 15_000;

export const readToFrames = (
  context: FrameContext,
  done: TrustedRead,
  status: (after: readonly CoverageSlice[]) => PollerStatus,
): Frame[] => {
  const { state, settings, agesMs } = context;
  const { plan, read, observedMs } = done;
  const earliestMs = earliestClaimMs(context.now, settings.retentionReachMs);
  // A chase looks for single records: its two seconds would only splinter the coverage.
  const { trust } = done;
  const seen = plan.kind === 'CHASE' ? null : sinceBeginning(plan, state.coverage);
  const claim = trust.kind === 'WHOLE' ? seen : null;

  let coverage = withPast(context, plan, earliestMs);
  if (trust.kind === 'CLOCK_STEPPED') coverage = doubtFrom(coverage, trust.sinceMs - settings.settleMs);
  if (seen && trust.kind === 'DOUBTFUL') {
    coverage = claimDoubtful(coverage, seen, observedMs, agesMs, settings.settleMs);
  }
  if (claim) coverage = claimRead(coverage, claim, observedMs, agesMs, settings.settleMs);
  coverage = readAroundLate(coverage, {
    records: read.records,
    known: state.coverage,
    claim,
    observedMs,
    settleMs: settings.settleMs,
    missingEvents: context.missingEvents,
  });

  const audit = auditChain({
    tasks: state.audits,
    records: read.records,
    coverage,
    claim: trust.kind === 'CLOCK_STEPPED' ? null : plan.claim,
    observedMs,
    settleMs: settings.settleMs,
    retentionReachMs: settings.retentionReachMs,
    earliestMs,
    missingEvents: context.missingEvents,
  });
  for (const atMs of audit.mendedAtMs) coverage = mendChainAt(coverage, atMs);
  for (const atMs of audit.brokenAtMs) if (isKnown(coverage, atMs)) coverage = breakChainAt(coverage, atMs);

  const last = {
    observedMs,
    coverage: coverageDelta(state.coverage, coverage),
    audits: { put: audit.put, remove: audit.remove },
    status: status(coverage),
  };
  return inParts(read.records, read.quarantined, last);
};

export type FailedRead = {
  /** A window that is given up for now. */
  givenUp: { span: Span; cause: GapCause } | null;
  /** Set when the answer showed that the server's clock had jumped: since when, by its new clock, lower bound. */
  steppedSinceMs: number | null;
  /** The health changed, which is worth a frame of its own. */
  isNews: boolean;
};

/** A failed read: the news of it, the gap, the doubt. No frame where nothing is new: a fault can last for days. */
export const failureToFrames = (
  context: FrameContext,
  { givenUp, steppedSinceMs, isNews }: FailedRead,
  status: (after: readonly CoverageSlice[]) => PollerStatus,
): Frame[] => {
  const before = context.state.coverage;
  let coverage = asCome(context, before);
  if (steppedSinceMs !== null) coverage = doubtFrom(coverage, steppedSinceMs - context.settings.settleMs);
  if (givenUp) coverage = claimGap(coverage, givenUp.span, givenUp.cause);
  const delta = coverageDelta(before, coverage);
  if (delta.length === 0 && !isNews) return [];
  return [
    {
      observedMs: context.now.lowMs,
      records: [],
      quarantined: [],
      coverage: delta,
      audits: { put: [], remove: [] },
      status: status(coverage),
    },
  ];
};

/** What is true whatever this read found: where the mirror begins, what was missed since, what is lost by now. */
const withPast = (context: FrameContext, plan: PlannedRead, earliestMs: number): CoverageSlice[] => {
  const { state, settings, now } = context;
  if (plan.kind !== 'HOT') return expire(state.coverage, now, settings.retentionReachMs);
  const beginsMs =
    state.coverage[0]?.fromMs ??
    Math.min(plan.claim.fromMs, Math.max(plan.claim.toMs - settings.backfillMs, earliestMs + FIRST_READ_MS));
  const whole = fillHoles(state.coverage, beginsMs, plan.claim.fromMs, context.causesOver);
  return expire(asCome(context, whole), now, settings.retentionReachMs);
};

/** A process before this one may have gone by a clock that was set back since: time to come is settled by nobody. */
const asCome = ({ futureMs, settings }: FrameContext, coverage: readonly CoverageSlice[]): CoverageSlice[] =>
  futureMs === null ? [...coverage] : doubtFrom(coverage, futureMs - settings.settleMs);

/**
 * After a restart the server's clock is known less well, and the present may seem to lie before the mirror's beginning:
 * that must not move the beginning back, and completeThrough with it.
 */
const sinceBeginning = (plan: PlannedRead, coverage: readonly CoverageSlice[]): Span | null => {
  const fromMs = coverage[0]?.fromMs;
  if (plan.kind !== 'HOT' || fromMs === undefined) return plan.claim;
  return intersection(plan.claim, { fromMs, toMs: plan.claim.toMs });
};

/** An empty mirror begins this much later than upstream's reach: the time it takes to get to its first window. */
const FIRST_READ_MS = 60_000;

const isKnown = (coverage: readonly CoverageSlice[], atMs: number): boolean => {
  const slice = sliceAt(coverage, atMs);
  return slice !== null && slice.level !== 'GAP';
};

const inParts = (
  records: AgentStateRecord[],
  quarantined: QuarantinedRow[],
  last: Omit<Frame, 'records' | 'quarantined'>,
): Frame[] => {
  const frames: Frame[] = [];
  let at = 0;
  while (records.length - at > RECORDS_PER_FRAME) {
    frames.push({
      observedMs: last.observedMs,
      records: records.slice(at, at + RECORDS_PER_FRAME),
      quarantined: [],
      coverage: [],
      audits: { put: [], remove: [] },
      status: null,
    });
    at += RECORDS_PER_FRAME;
  }
  frames.push({ ...last, records: records.slice(at), quarantined });
  return frames;
};
