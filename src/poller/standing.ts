import type { ReadFailure } from '../upstream/index.ts';
import type { Doubt } from './doubts.ts';
import type { Health } from './frame.ts';

/** Where the poller stands with upstream. While `failures` > 0 only the present is asked for: one request at a time. */
export type Standing = {
  health: Health;
  message: string | null;
  /** Readings of the present in a row that failed. */
  failures: number;
  /** Monotonic: nothing is asked before. */
  notBeforeMs: number;
  /** The same of windows of the past alone: others are tried, but not as fast as they can fail. */
  past: { failures: number; notBeforeMs: number };
};

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 60_000;
const LONGEST_RETRY_AFTER_MS = 15 * 60_000;
const REFUSED_PROBE_MS = 60_000;
const UNREACHABLE_AFTER = 5;
const LONGEST_PAST_PAUSE_MS = 15_000;

export const initialStanding: Standing = {
  health: 'STARTING',
  message: null,
  failures: 0,
  notBeforeMs: 0,
  past: { failures: 0, notBeforeMs: 0 },
};

/** Full jitter: anything from now to the doubled wait, so that many gateways do not come back in step. */
const backoffMs = (failures: number, random: () => number, longestMs: number): number =>
  random() * Math.min(longestMs, FIRST_BACKOFF_MS * 2 ** Math.min(failures - 1, 20));

/** What an answer showed beside its records. */
export type Findings = { doubt: Doubt | null; hasStepped: boolean };

const stepMessage = "The server's clock and ours moved apart suddenly; the offset is measured anew.";

/** The present was read. */
export const afterPresent = (standing: Standing, { doubt, hasStepped }: Findings): Standing => {
  const well = { ...standing, failures: 0, notBeforeMs: 0 };
  if (hasStepped) return { ...well, health: 'CLOCK_STEP', message: stepMessage };
  if (doubt) return { ...well, health: 'DEGRADED', message: doubt.message };
  return standing.health === 'OK' && standing.failures === 0
    ? standing
    : { ...well, health: 'OK', message: null };
};

/** A window of the past was read: how the feed is doing is the present's to say, unless something is wrong with it. */
export const afterPast = (before: Standing, findings: Findings): Standing => {
  const standing = { ...before, past: { ...before.past, failures: 0 } };
  return findings.doubt || findings.hasStepped || standing.health === 'STARTING'
    ? { ...afterPresent(standing, findings), notBeforeMs: standing.notBeforeMs }
    : standing;
};

/**
 * A window of the past was not: that says something about the window. Whether upstream is down the present finds out at
 * its next turn; only a wish to be left alone holds for both.
 */
export const afterPastFailure = (
  before: Standing,
  failure: ReadFailure,
  monotonicMs: number,
  random: () => number,
): Standing => {
  const failures = before.past.failures + 1;
  const pauseMs = backoffMs(failures, random, LONGEST_PAST_PAUSE_MS);
  const standing = { ...before, past: { failures, notBeforeMs: monotonicMs + pauseMs } };
  if (failure.retryAfterMs === null) return standing;
  const waitMs = Math.min(failure.retryAfterMs, LONGEST_RETRY_AFTER_MS);
  return {
    ...standing,
    health: 'DEGRADED',
    message: `${failure.message}; waiting for ${Math.ceil(waitMs / 1_000)} s as it asks.`,
    notBeforeMs: Math.max(standing.notBeforeMs, monotonicMs + waitMs),
  };
};

/** The clock's jump is told of even where the answer that showed it was none. */
export const afterStep = (standing: Standing): Standing => ({
  ...standing,
  health: 'CLOCK_STEP',
  message: standing.message ? `${stepMessage} ${standing.message}` : stepMessage,
});

/** The present was not read. */
export const afterFailure = (
  standing: Standing,
  failure: ReadFailure,
  monotonicMs: number,
  random: () => number,
): Standing => {
  const failures = standing.failures + 1;
  const waitMs = Math.max(
    backoffMs(failures, random, LONGEST_BACKOFF_MS),
    Math.min(failure.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS),
  );
  switch (failure.code) {
    case 'UNAUTHORIZED':
      return {
        ...standing,
        health: 'AUTH_FAILED',
        message: `Upstream refuses the credentials (${failure.message}). Check RTA_USERNAME and RTA_PASSWORD, and that the user's role has the permission WFM RTA. Retrying once a minute.`,
        failures,
        notBeforeMs: monotonicMs + Math.max(REFUSED_PROBE_MS, waitMs),
      };
    case 'NOT_FOUND':
      return {
        ...standing,
        health: 'UNREACHABLE',
        message: `Upstream knows no such page (${failure.message}). Check RTA_UPSTREAM_URL and RTA_TENANT_ID. Retrying once a minute.`,
        failures,
        notBeforeMs: monotonicMs + Math.max(REFUSED_PROBE_MS, waitMs),
      };
    default:
      return {
        ...standing,
        health: failures >= UNREACHABLE_AFTER ? 'UNREACHABLE' : 'DEGRADED',
        message: `${failure.message}; ${failures === 1 ? 'retrying' : `${failures} failures in a row, retrying`}.`,
        failures,
        notBeforeMs: monotonicMs + waitMs,
      };
  }
};
