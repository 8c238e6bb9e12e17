import type { Clock } from '../clock/clock.ts';
import type { ClockOffset, ReadFailure, ReadOutcome, Upstream, WindowRead } from '../upstream/index.ts';
import { appendUntilDone, type Rejection } from './appending.ts';
import { type BackfillResult, fillRange, type Performed } from './backfill.ts';
import { createBackfillProgress } from './backfillProgress.ts';
import { createBudgets } from './budget.ts';
import { causeOf, createHoleCauses } from './causes.ts';
import { createExperience, type Moment } from './experience.ts';
import type { CoverageSlice, Frame, Health, PollerStatus, Span } from './frame.ts';
import type { FrameLog, PollState, PollStateSource } from './frameLog.ts';
import { withGrace } from './graceful.ts';
import { readWithPatience } from './patience.ts';
import { type FrameContext, failureToFrames, readToFrames, type Trust } from './readToFrame.ts';
import { hotRead, type PlanInput, type PlannedRead, pastRead } from './schedule.ts';
import { createServerTime } from './serverTime.ts';
import { type PollerSettings, reReadAges } from './settings.ts';
import {
  afterFailure,
  afterPast,
  afterPastFailure,
  afterPresent,
  afterStep,
  initialStanding,
  type Standing,
} from './standing.ts';
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
  /** Reads until the signal is aborted; what is in flight then is read and committed. Never rejects but for programming errors. */
  run(signal: AbortSignal): Promise<void>;
  status(): PollerStatus;
  /** Reads a range of the past again, newest first, whatever is known of it. Not beside `run`. */
  backfill(
    range: Span,
    signal: AbortSignal,
    onProgress?: (progress: { doneMs: number; totalMs: number; records: number }) => void,
  ): Promise<BackfillResult>;
};

/** However slow upstream is, between two readings of the present there is room to begin one of the past. */
const PAST_TURN_MS = 200;
/** How long one reading of the past may hold up the present; windows that need longer are asked for in parts. */
const PAST_PATIENCE_MS = 10_000;
/** For the read in flight when the poller is stopped, and for its commit; a thread that is stopped has six in all. */
const STOP_GRACE_MS = 4_000;

const isApart = (a: ServerNow, b: ServerNow): boolean => a.highMs < b.lowMs || b.highMs < a.lowMs;

/** Failures that say something about the window that was asked for, not about upstream. */
const isWindowFault = ({ code }: ReadFailure): boolean =>
  code === 'TOO_LARGE' || code === 'UNSTABLE' || code === 'BAD_REQUEST';
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
 * One step: read the mirror's state → choose a window from it, the server's time and experience → read it → learn from the
 * answer, and make frames of it, coverage in the same frame as its records → append, expecting the state that they were
 * computed from. A restart at any point repeats at most one read.
 */
export const createPoller = (options: PollerOptions): Poller => {
  const { upstream, log, state: source, clock, offset, random } = options;
  const serverTime = createServerTime(clock, offset);
  const budgets = createBudgets(options.settings);
  const experience = createExperience(options.settings, source);
  const holeCauses = createHoleCauses();
  const progress = createBackfillProgress();

  let standing: Standing = initialStanding;
  /** Set while the mirror cannot be written; no frame tells of it, for one that is written proves the contrary. */
  let trouble: { health: Health; message: string } | null = null;
  /** As of the last append: good enough to plan by; what is appended is computed from the newest. */
  let known: PollState = source.readPollState();
  /** When the first answer was asked for that claims rest on. */
  let claimsSinceMonotonicMs: number | null = null;
  let lastPoll: PollerStatus['lastPoll'] = null;
  let requestsTotal = 0;
  let failuresTotal = 0;
  let nextHotMs = 0;

  const thisMoment = (): Moment => {
    const monotonicMs = clock.monotonicMs();
    return { monotonicMs, now: serverTime.at(monotonicMs) };
  };
  const serverNow = () => thisMoment().now;
  /** As upstream has shown to be. */
  const settingsNow = (): PollerSettings => ({ ...options.settings, retentionReachMs: experience.reachMs() });

  const statusWith = (coverage: readonly CoverageSlice[]): PollerStatus => ({
    health: standing.health,
    healthMessage: standing.message,
    clockOffset: serverTime.againstLocal(),
    lastPoll,
    backfill: progress.of(coverage, serverNow().lowMs),
    requestsTotal,
    failuresTotal,
    foundReachMs: experience.foundReachMs(),
  });
  const status = (): PollerStatus => {
    const well = statusWith(known.coverage);
    return trouble ? { ...well, health: trouble.health, healthMessage: trouble.message } : well;
  };
  const tell = () => options.onStatus?.(status());

  const onRejected = ({ code, message }: Rejection) => {
    trouble = {
      health: code === 'DISK_FULL' ? 'DISK_FULL' : 'DEGRADED',
      message: `The mirror cannot be written (${message}). Polling waits until it can.`,
    };
    tell();
  };

  const append = async (make: (context: FrameContext) => Frame[], signal: AbortSignal): Promise<void> => {
    const makeFrom = (state: PollState) => {
      const settings = settingsNow();
      return make({
        state,
        missingEvents: source.missingEvents,
        settings,
        agesMs: reReadAges(settings),
        now: serverNow(),
        futureMs: offset.interval(clock.monotonicMs()) === null ? null : serverNow().highMs,
        causesOver: holeCauses.over,
      });
    };
    const appended = await appendUntilDone({ log, source, clock, onRejected }, makeFrom, signal);
    if (!appended) return;
    known = appended;
    trouble = null;
  };

  const onRead = async (
    plan: PlannedRead,
    read: WindowRead,
    steppedSinceMs: number | null,
    signal: AbortSignal,
  ) => {
    const observedMs = serverTime.at(read.sentMonotonicMs).lowMs;
    const doubt = experience.answered(plan, read, observedMs, thisMoment());
    requestsTotal += read.requests;
    lastPoll = {
      atMs: observedMs,
      outcome: doubt?.outcome ?? 'OK',
      records: read.records.length,
      requests: read.requests,
    };
    claimsSinceMonotonicMs ??= read.sentMonotonicMs;
    const hasStepped = steppedSinceMs !== null;
    standing = (plan.kind === 'HOT' ? afterPresent : afterPast)(standing, { doubt, hasStepped });
    const trust: Trust =
      steppedSinceMs !== null
        ? { kind: 'CLOCK_STEPPED', sinceMs: steppedSinceMs }
        : { kind: doubt ? 'DOUBTFUL' : 'WHOLE' };
    await append((context) => readToFrames(context, { plan, read, observedMs, trust }, statusWith), signal);
    if (plan.kind === 'HOT') holeCauses.clear();
  };

  const onFailure = async (
    plan: PlannedRead,
    failure: ReadFailure,
    steppedSinceMs: number | null,
    signal: AbortSignal,
  ) => {
    requestsTotal += 1;
    failuresTotal += 1;
    const moment = thisMoment();
    const { now, monotonicMs } = moment;
    lastPoll = { atMs: now.lowMs, outcome: failure.code, records: 0, requests: 1 };
    const before = standing;
    const givenUp = experience.failed(plan, failure, moment);
    if (plan.kind === 'HOT') {
      holeCauses.blame(now.lowMs, causeOf(failure.code));
      standing = afterFailure(standing, failure, monotonicMs, random);
    } else {
      standing = afterPastFailure(standing, failure, monotonicMs, random);
    }
    if (steppedSinceMs !== null) standing = afterStep(standing);
    const isNews = standing.health !== before.health;
    if (givenUp || steppedSinceMs !== null || isNews) {
      const failed = { givenUp, steppedSinceMs, isNews };
      await append((context) => failureToFrames(context, failed, statusWith), signal);
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
    const folded = outcome.dateSample && offset.fold(outcome.dateSample);
    // Our clock is wrong by more than was allowed for: the window was another than meant, and so were those before it.
    const isAstray = assumed !== null && isApart(assumed, serverTime.at(plannedMonotonicMs));
    const agreedMonotonicMs =
      folded?.kind === 'STEP' ? folded.sinceMonotonicMs : isAstray ? claimsSinceMonotonicMs : null;
    const steppedSinceMs = agreedMonotonicMs === null ? null : serverTime.at(agreedMonotonicMs).lowMs;
    const requests = outcome.kind === 'READ' ? outcome.requests : 1;
    budgets.spend(plan.kind, clock.monotonicMs(), requests);
    if (isAstray && !speaksOfUpstream(outcome)) {
      requestsTotal += requests;
      await append(
        (context) => failureToFrames(context, { givenUp: null, steppedSinceMs, isNews: false }, statusWith),
        signal,
      );
      return { kind: 'FAILED', failure: { ...planningFault, dateSample: outcome.dateSample } };
    }
    if (outcome.kind === 'FAILED') await onFailure(plan, outcome, steppedSinceMs, signal);
    else await onRead(plan, outcome, steppedSinceMs, signal);
    tell();
    return outcome.kind === 'READ'
      ? { kind: 'READ', records: outcome.records.length }
      : { kind: 'FAILED', failure: outcome };
  };

  const planInput = (): PlanInput => {
    const { coverage, audits } = known;
    const moment = thisMoment();
    const { now, monotonicMs } = moment;
    return {
      ...experience.hints(coverage[0] ?? null, moment),
      coverage,
      audits,
      now,
      settings: { ...options.settings, retentionReachMs: experience.askableMs() },
      agesMs: reReadAges(settingsNow()),
      mayChase: budgets.waitMs('CHASE', monotonicMs) === 0,
      openStartsMs: budgets.waitMs('CLOSING', monotonicMs) === 0 ? experience.openStartsMs(now) : [],
    };
  };

  /** The next window, or how long there is nothing to do. */
  const nextStep = (): PlannedRead | number => {
    const monotonicMs = clock.monotonicMs();
    if (standing.notBeforeMs > monotonicMs) return standing.notBeforeMs - monotonicMs;
    const input = planInput();
    if (monotonicMs >= nextHotMs || standing.failures > 0) return hotRead(input);
    const untilHotMs = nextHotMs - monotonicMs;
    const pauseMs = standing.past.notBeforeMs - monotonicMs;
    if (pauseMs > 0) return Math.min(untilHotMs, pauseMs);
    const past = pastRead(input);
    if (!past) return untilHotMs;
    const waitMs = budgets.waitMs(past.kind, monotonicMs);
    return waitMs === 0 ? past : Math.min(waitMs, untilHotMs);
  };

  /** The phase wanders over the second, so that Date headers are seen from all sides and the offset narrows. */
  const hotIntervalMs = () => {
    const { pollIntervalMs } = options.settings;
    return pollIntervalMs + (random() - 0.5) * Math.min(1_000, pollIntervalMs / 5);
  };

  const readOn = async (stop: AbortSignal, abort: AbortSignal): Promise<void> => {
    while (!stop.aborted) {
      const step = nextStep();
      if (typeof step === 'number') {
        await clock.sleep(step, stop);
        continue;
      }
      const startedMs = clock.monotonicMs();
      await perform(step, abort, step.kind === 'HOT' ? null : PAST_PATIENCE_MS);
      if (step.kind === 'HOT') {
        nextHotMs = Math.max(startedMs + hotIntervalMs(), clock.monotonicMs() + PAST_TURN_MS);
      }
    }
  };

  return {
    status,
    async run(stop) {
      await withGrace(clock, stop, STOP_GRACE_MS, (abort) => readOn(stop, abort));
      trouble = null;
      standing = { ...standing, health: 'STOPPED', message: 'The poller was stopped.' };
      tell();
    },
    backfill: (range, signal, onProgress) =>
      fillRange(
        {
          perform,
          limitMs: () => experience.pastLimitMs(clock.monotonicMs()),
          serverNow,
          waitMs: () =>
            Math.max(
              standing.notBeforeMs - clock.monotonicMs(),
              standing.past.notBeforeMs - clock.monotonicMs(),
              budgets.waitMs('BACKFILL', clock.monotonicMs()),
            ),
          sleep: clock.sleep,
          settings: options.settings,
        },
        range,
        signal,
        onProgress,
      ),
  };
};
