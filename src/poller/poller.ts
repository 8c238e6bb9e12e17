import type { Clock } from '../clock/clock.ts';
import type { ClockOffset, ReadFailure, ReadOutcome, Upstream, WindowRead } from '../upstream/index.ts';
import { type BackfillResult, fillRange, type Performed } from './backfill.ts';
import { createBudget } from './budget.ts';
import { createEmptiness } from './emptiness.ts';
import type { CoverageSlice, Frame, GapCause, PollerStatus, Span } from './frame.ts';
import { createHardWindows } from './hardWindows.ts';
import type { FrameLog, PollState, PollStateSource } from './log.ts';
import { createOpenEvents } from './openEvents.ts';
import { readWithPatience } from './patience.ts';
import { createBackfillProgress } from './progress.ts';
import { type FrameContext, gapToFrame, readToFrames } from './readToFrame.ts';
import { afterFailure, afterSuccess, initialStanding, isWindowFault, type Standing } from './retry.ts';
import { hotRead, type PlanInput, type PlannedRead, pastRead } from './schedule.ts';
import { createServerTime } from './serverTime.ts';
import { type PollerSettings, reReadAges } from './settings.ts';
import type { ServerNow } from './windows.ts';

export type PollerOptions = {
  upstream: Upstream;
  log: FrameLog;
  state: PollStateSource;
  clock: Clock;
  settings: PollerSettings;
  offset: ClockOffset;
  /** Uniform in [0, 1). */
  random: () => number;
  /** After every read and every change of health. */
  onStatus?: (status: PollerStatus) => void;
};

export type Poller = {
  /** Reads until the signal is aborted. Never rejects but for programming errors. */
  run(signal: AbortSignal): Promise<void>;
  status(): PollerStatus;
  /** Reads a range of the past again, newest first, whatever is known of it. Not beside `run`. */
  backfill(
    range: Span,
    signal: AbortSignal,
    onProgress?: (progress: { doneMs: number; totalMs: number; records: number }) => void,
  ): Promise<BackfillResult>;
};

const BURST = 5;
/**
 * Where records appear only once closed, every long state looks like a missing record: the chase has an allowance of its
 * own, which the ages of re-reads make up for.
 */
const CHASES_PER_SECOND = 1 / 30;
const CHASE_BURST = 20;
/** Looking again at open events: enough for every minute of the last hours, however large the floor. */
const CLOSINGS_PER_SECOND = 0.5;
const CLOSING_BURST = 5;
const APPEND_RETRY_MS = 5_000;
/** However slow upstream is, between two readings of the present there is room to begin one of the past. */
const PAST_TURN_MS = 200;
/** How long one reading of the past may hold up the present; windows that need longer are asked for in parts. */
const PAST_PATIENCE_MS = 10_000;

const isApart = (a: ServerNow, b: ServerNow): boolean => a.highMs < b.lowMs || b.highMs < a.lowMs;
const speaksOfUpstream = (outcome: ReadOutcome): boolean =>
  outcome.kind === 'FAILED' && !isWindowFault(outcome);

const planningFault: ReadFailure = {
  kind: 'FAILED',
  code: 'BAD_REQUEST',
  message: 'asked for by a wrong clock',
  status: null,
  retryAfterMs: null,
  dateSample: null,
};

/**
 * Reads upstream window by window and appends what it found to the log.
 *
 * One step: read the mirror's state → choose a window from it and the server's time → read it → make frames of the
 * answer, coverage in the same frame as its records → append, expecting the state that they were computed from. There is
 * no other memory than the mirror's: a restart at any point repeats at most one read.
 */
export const createPoller = (options: PollerOptions): Poller => {
  const { upstream, log, state: source, clock, settings, offset, random } = options;
  const agesMs = reReadAges(settings);
  const serverTime = createServerTime(clock, offset);
  const budget = createBudget(settings.maxRequestsPerSecond, BURST);
  const backfillBudget = createBudget(settings.maxBackfillRequestsPerSecond, BURST);
  const chaseBudget = createBudget(CHASES_PER_SECOND, CHASE_BURST);
  const closingBudget = createBudget(CLOSINGS_PER_SECOND, CLOSING_BURST);
  const openEvents = createOpenEvents();
  openEvents.preload(source.openEvents());
  const hard = createHardWindows(settings.maxWindowMs, settings.retentionReachMs);
  const emptiness = createEmptiness();
  const progress = createBackfillProgress();

  let standing: Standing = initialStanding;
  /** As of the last append: good enough to plan by; what is appended is computed from the newest. */
  let known: PollState = source.readPollState();
  let lastPoll: PollerStatus['lastPoll'] = null;
  let requestsTotal = 0;
  let failuresTotal = 0;
  let nextHotMs = 0;
  let holeCause: GapCause = 'OUTAGE';

  const serverNow = () => serverTime.at(clock.monotonicMs());

  const statusWith = (coverage: readonly CoverageSlice[]): PollerStatus => ({
    health: standing.health,
    healthMessage: standing.message,
    clockOffset: serverTime.againstLocal(),
    lastPoll,
    backfill: progress.of(coverage),
    requestsTotal,
    failuresTotal,
  });
  const status = () => statusWith(known.coverage);
  const tell = () => options.onStatus?.(status());

  /** Appends what `make` computes from the mirror's state, however often that has to be computed anew. */
  const append = async (make: (context: FrameContext) => Frame[], signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const state = source.readPollState();
      const context = {
        state,
        missingEvents: source.missingEvents,
        settings,
        agesMs,
        now: serverNow(),
        holeCause,
      };
      const rejected = await appendInOrder(make(context), state);
      if (rejected === null) {
        known = source.readPollState();
        return;
      }
      if (rejected.kind === 'CONFLICT') continue;
      standing = {
        ...standing,
        health: rejected.code === 'DISK_FULL' ? 'DISK_FULL' : 'DEGRADED',
        message: `The mirror cannot be written (${rejected.message}). Polling waits until it can.`,
      };
      tell();
      await clock.sleep(APPEND_RETRY_MS, signal);
    }
  };

  const appendInOrder = async (frames: Frame[], state: PollState) => {
    let expectedSeq = state.seq;
    for (const frame of frames) {
      const appended = await log.append(frame, expectedSeq);
      if (appended.kind !== 'APPENDED') return appended;
      expectedSeq = appended.seq;
    }
    return null;
  };

  const onRead = async (plan: PlannedRead, read: WindowRead, stepped: boolean, signal: AbortSignal) => {
    const observedMs = serverTime.at(read.sentMonotonicMs).lowMs;
    const ageMs = observedMs - plan.claim.toMs;
    const doubtful = emptiness.isSuspicious(plan, read, ageMs, clock.monotonicMs());
    requestsTotal += read.requests;
    lastPoll = {
      atMs: observedMs,
      outcome: doubtful ? 'EMPTY' : 'OK',
      records: read.records.length,
      requests: read.requests,
    };
    standing = afterSuccess(standing);
    openEvents.observe(read.records);
    if (!doubtful) openEvents.asked(plan.claim, observedMs);
    if (doubtful) {
      hard.doubtful(plan, clock.monotonicMs());
      standing = {
        ...standing,
        health: 'DEGRADED',
        message: 'Upstream answers with no records although the floor was busy minutes ago; asking again.',
      };
    } else {
      hard.succeeded(plan);
    }
    if (stepped) {
      standing = {
        ...standing,
        health: 'CLOCK_STEP',
        message: "The server's clock and ours moved apart suddenly; the offset is measured anew.",
      };
    }
    const trust = stepped ? 'CLOCK_STEPPED' : doubtful ? 'DOUBTFUL' : 'WHOLE';
    await append((context) => readToFrames(context, { plan, read, observedMs, trust }, statusWith), signal);
    if (plan.kind === 'HOT') holeCause = 'OUTAGE';
  };

  const onFailure = async (plan: PlannedRead, failure: ReadFailure, signal: AbortSignal) => {
    requestsTotal += 1;
    failuresTotal += 1;
    const monotonicMs = clock.monotonicMs();
    const now = serverTime.at(monotonicMs);
    lastPoll = { atMs: now.lowMs, outcome: failure.code, records: 0, requests: 1 };
    const healthBefore = standing.health;
    // A window that cannot be read must not stop the others; the present, though, has no other window.
    if (!isWindowFault(failure) || (plan.kind === 'HOT' && failure.code !== 'TOO_LARGE')) {
      standing = afterFailure(standing, failure, monotonicMs, random);
      holeCause = failure.code === 'UNAUTHORIZED' ? 'REFUSED' : 'OUTAGE';
    }
    const givenUp = hard.failed(plan, failure, monotonicMs, now.lowMs - plan.claim.fromMs);
    if (givenUp || standing.health !== healthBefore) {
      await append((context) => [gapToFrame(context, givenUp, statusWith)], signal);
    }
  };

  const perform = async (
    plan: PlannedRead,
    signal: AbortSignal,
    patienceMs: number | null = null,
  ): Promise<Performed> => {
    const plannedMonotonicMs = clock.monotonicMs();
    const assumed = offset.interval(plannedMonotonicMs) === null ? serverTime.at(plannedMonotonicMs) : null;
    const read = (abort: AbortSignal): Promise<ReadOutcome> => upstream.readWindow(plan.ask, abort);
    const outcome =
      patienceMs === null ? await read(signal) : await readWithPatience(clock, patienceMs, signal, read);
    if (outcome.kind === 'FAILED' && outcome.code === 'ABORTED') return { kind: 'FAILED', failure: outcome };
    const stepped = outcome.dateSample !== null && offset.fold(outcome.dateSample) === 'STEP';
    const requests = outcome.kind === 'READ' ? outcome.requests : 1;
    budget.spend(clock.monotonicMs(), requests);
    backfillBudget.spend(clock.monotonicMs(), requests);
    if (plan.kind === 'CHASE') chaseBudget.spend(clock.monotonicMs(), requests);
    if (plan.kind === 'CLOSING') closingBudget.spend(clock.monotonicMs(), requests);
    if (assumed && isApart(assumed, serverTime.at(plannedMonotonicMs)) && !speaksOfUpstream(outcome)) {
      // Our clock is wrong by more than was allowed for: the window was another than meant, and its answer says nothing.
      requestsTotal += requests;
      return { kind: 'FAILED', failure: { ...planningFault, dateSample: outcome.dateSample } };
    }
    if (outcome.kind === 'FAILED') await onFailure(plan, outcome, signal);
    else await onRead(plan, outcome, stepped, signal);
    tell();
    return outcome.kind === 'READ'
      ? { kind: 'READ', records: outcome.records.length }
      : { kind: 'FAILED', failure: outcome };
  };

  const planInput = (): PlanInput => {
    const { coverage, audits } = known;
    const barred = hard.barred(clock.monotonicMs());
    const mayChase = chaseBudget.waitMs(clock.monotonicMs()) === 0;
    const now = serverNow();
    const mayClose = closingBudget.waitMs(clock.monotonicMs()) === 0;
    const openStartsMs = mayClose
      ? openEvents.due(now.lowMs, now.lowMs - settings.retentionReachMs, now.lowMs - settings.lookbackMs)
      : [];
    return {
      coverage,
      audits,
      now,
      settings,
      agesMs,
      limitMs: hard.limitMs(),
      barred,
      mayChase,
      openStartsMs,
    };
  };

  /** The next window, or how long there is nothing to do. */
  const nextStep = (): PlannedRead | number => {
    const monotonicMs = clock.monotonicMs();
    if (standing.notBeforeMs > monotonicMs) return standing.notBeforeMs - monotonicMs;
    const input = planInput();
    if (monotonicMs >= nextHotMs || standing.failures > 0) return hotRead(input) ?? settings.pollIntervalMs;
    const untilHotMs = nextHotMs - monotonicMs;
    const past = pastRead(input);
    if (!past) return untilHotMs;
    const fills = past.kind === 'BACKFILL' || past.kind === 'EXPIRING';
    const waitMs = (fills ? backfillBudget : budget).waitMs(monotonicMs);
    return waitMs === 0 ? past : Math.min(waitMs, untilHotMs);
  };

  /** The phase wanders over the second, so that Date headers are seen from all sides and the offset narrows. */
  const hotIntervalMs = () =>
    settings.pollIntervalMs + (random() - 0.5) * Math.min(1_000, settings.pollIntervalMs / 5);

  return {
    status,
    async run(signal) {
      while (!signal.aborted) {
        const step = nextStep();
        if (typeof step === 'number') {
          await clock.sleep(step, signal);
          continue;
        }
        const startedMs = clock.monotonicMs();
        await perform(step, signal, step.kind === 'HOT' ? null : PAST_PATIENCE_MS);
        if (step.kind === 'HOT') {
          nextHotMs = Math.max(startedMs + hotIntervalMs(), clock.monotonicMs() + PAST_TURN_MS);
        }
      }
      standing = { ...standing, health: 'STOPPED', message: 'The poller was stopped.' };
      tell();
    },
    backfill: (range, signal, onProgress) =>
      fillRange(
        {
          perform,
          limitMs: () => hard.limitMs().past,
          serverNow,
          waitMs: () =>
            Math.max(standing.notBeforeMs - clock.monotonicMs(), backfillBudget.waitMs(clock.monotonicMs())),
          sleep: clock.sleep,
          settings,
        },
        range,
        signal,
        onProgress,
      ),
  };
};
