import type { ReadFailure } from '../upstream/index.ts';
import type { Health } from './frame.ts';

/** Where the poller stands with upstream. While `failures` > 0 only the present is asked for: one probe at a time. */
export type Standing = {
  health: Health;
  message: string | null;
  /** Reads in a row that upstream did not answer. */
  failures: number;
  /** Monotonic: nothing is asked before. */
  notBeforeMs: number;
};

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 60_000;
const LONGEST_RETRY_AFTER_MS = 15 * 60_000;
const REFUSED_PROBE_MS = 60_000;
const UNREACHABLE_AFTER = 5;

export const initialStanding: Standing = { health: 'STARTING', message: null, failures: 0, notBeforeMs: 0 };

/** Full jitter: anything from now to the doubled wait, so that many gateways do not come back in step. */
const backoffMs = (failures: number, random: () => number): number =>
  random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures - 1, 20));

/** Failures that say something about one window, not about upstream. */
export const isWindowFault = (failure: ReadFailure): boolean =>
  failure.code === 'TOO_LARGE' || failure.code === 'UNSTABLE' || failure.code === 'BAD_REQUEST';

export const afterSuccess = (standing: Standing): Standing =>
  standing.health === 'OK' && standing.failures === 0
    ? standing
    : { health: 'OK', message: null, failures: 0, notBeforeMs: 0 };

export const afterFailure = (
  standing: Standing,
  failure: ReadFailure,
  monotonicMs: number,
  random: () => number,
): Standing => {
  const failures = standing.failures + 1;
  const waitMs = Math.max(
    backoffMs(failures, random),
    Math.min(failure.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS),
  );
  switch (failure.code) {
    case 'UNAUTHORIZED':
      return {
        health: 'AUTH_FAILED',
        message: `Upstream refuses the credentials (${failure.message}). Check RTA_USERNAME and RTA_PASSWORD, and that the user's role has the permission WFM RTA. Retrying once a minute.`,
        failures,
        notBeforeMs: monotonicMs + Math.max(REFUSED_PROBE_MS, waitMs),
      };
    case 'NOT_FOUND':
      return {
        health: 'UNREACHABLE',
        message: `Upstream knows no such page (${failure.message}). Check RTA_UPSTREAM_URL and RTA_TENANT_ID. Retrying once a minute.`,
        failures,
        notBeforeMs: monotonicMs + Math.max(REFUSED_PROBE_MS, waitMs),
      };
    default:
      return {
        health: failures >= UNREACHABLE_AFTER ? 'UNREACHABLE' : 'DEGRADED',
        message: `${failure.message}; ${failures === 1 ? 'retrying' : `${failures} failures in a row, retrying`}.`,
        failures,
        notBeforeMs: monotonicMs + waitMs,
      };
  }
};
