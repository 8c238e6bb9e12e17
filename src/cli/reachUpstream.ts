import type { Clock } from '../clock/clock.ts';
import type { Settings, TenantSettings } from '../config/index.ts';
import { type ClockOffset, createUpstream, type ReadFailure, type Upstream } from '../upstream/index.ts';
import { CliFailure } from './failure.ts';

/** A client of a tenant's upstream, with the settings of this process. */
export const connectUpstream = (
  tenant: TenantSettings,
  upstream: TenantSettings['upstream'] & { kind: 'HTTP' },
  settings: Settings,
  clock: Clock,
): Upstream =>
  createUpstream({
    baseUrl: upstream.baseUrl,
    tenantId: tenant.tenantId,
    username: upstream.username,
    password: upstream.password.reveal(),
    clock,
    pageLimit: settings.pageLimit,
    requestTimeoutMs: settings.requestTimeoutMs,
  });

/** What a failure means for whoever types commands: the setting to look at, then what happened. */
export const explainFailure = ({ code, message }: ReadFailure): string => {
  if (code === 'UNAUTHORIZED') return `RTA_USERNAME, RTA_PASSWORD: ${message}`;
  if (code === 'NOT_FOUND') {
    return `RTA_UPSTREAM_URL, RTA_TENANT_ID: upstream knows no such page or tenant (${message})`;
  }
  if (code === 'UNREACHABLE' || code === 'TIMED_OUT') {
    return `RTA_UPSTREAM_URL: upstream cannot be reached (${message})`;
  }
  return `RTA_UPSTREAM_URL: upstream gives no usable answer (${message})`;
};

const PROBE_AGE_MS = 30 * 60_000;
const PROBE_MS = 10_000;
const ATTEMPTS = 3;
/** Whoever types a command waits no longer than this without a word. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Asks for a few seconds of the past, in order to learn whether upstream answers and what its clock says. The probe is
 * old enough to lie in the past of any but a wildly wrong local clock. Throws CliFailure.
 */
export const measureClock = async (
  upstream: Upstream,
  offset: ClockOffset,
  clock: Clock,
  signal: AbortSignal,
): Promise<{ nowMs: number; records: number }> => {
  const toMs = clock.nowMs() - PROBE_AGE_MS;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await upstream.readWindow({ fromMs: toMs - PROBE_MS, toMs }, signal);
    if (outcome.dateSample) offset.fold(outcome.dateSample);
    const monotonicMs = clock.monotonicMs();
    const interval = offset.interval(monotonicMs);
    const nowMs = interval ? Math.floor(monotonicMs + interval.lowMs) : clock.nowMs();
    if (outcome.kind === 'READ') return { nowMs, records: outcome.records.length };
    // A clock that is days off makes the window a bad one, and its answer tells the time all the same.
    if (outcome.code === 'BAD_REQUEST' && interval) return { nowMs, records: 0 };
    const final = outcome.code === 'UNAUTHORIZED' || outcome.code === 'NOT_FOUND' || attempt === ATTEMPTS;
    if (final || signal.aborted) throw new CliFailure(1, [explainFailure(outcome)]);
    const askedToWaitMs = outcome.retryAfterMs ?? 0;
    if (askedToWaitMs > LONGEST_WAIT_MS) {
      const seconds = Math.ceil(askedToWaitMs / 1_000);
      throw new CliFailure(1, [`${explainFailure(outcome)}. It asks to be left alone for ${seconds} s.`]);
    }
    await clock.sleep(Math.max(500 * attempt, askedToWaitMs), signal);
  }
};
