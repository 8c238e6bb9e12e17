import type { ReadFailure } from '../upstream/index.ts';
import type { Span } from './frame.ts';
import type { PlannedRead } from './schedule.ts';
import type { PollerSettings } from './settings.ts';
import { intersection, lengthMs } from './spans.ts';
import { askFor, earliestClaimMs, lastWindowOf, latestClaimMs, type ServerNow } from './windows.ts';

export type BackfillResult = {
  records: number;
  readMs: number;
  /** What of the range could not be read: out of upstream's reach, too young, or refused time and again. */
  unread: Span[];
  /** Why it stopped early; null when it did not. */
  stopped: ReadFailure | null;
};

/** One window read and its frames appended, or not. */
export type Performed = { kind: 'READ'; records: number } | { kind: 'FAILED'; failure: ReadFailure };

export type FillTools = {
  perform(plan: PlannedRead, signal: AbortSignal): Promise<Performed>;
  limitMs(): number;
  serverNow(): ServerNow;
  /** Until the next request is allowed; 0 or less for now. */
  waitMs(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  settings: PollerSettings;
};

const ATTEMPTS = 5;

/** Reads a whole range, newest first, one window after the other. A refusal of the credentials ends it. */
export const fillRange = async (
  tools: FillTools,
  range: Span,
  signal: AbortSignal,
  onProgress?: (progress: { doneMs: number; totalMs: number; records: number }) => void,
): Promise<BackfillResult> => {
  const { settings } = tools;
  const reachable = () => {
    const now = tools.serverNow();
    const fromMs = earliestClaimMs(now, settings.retentionReachMs);
    return intersection(range, { fromMs, toMs: latestClaimMs(now) });
  };
  const unread: Span[] = [];
  let records = 0;
  let readMs = 0;
  let attempts = 0;
  let leftUntilMs = Math.min(range.toMs, reachable()?.toMs ?? range.fromMs);
  if (leftUntilMs < range.toMs) unread.unshift({ fromMs: leftUntilMs, toMs: range.toMs });

  const result = (stopped: ReadFailure | null): BackfillResult => {
    if (leftUntilMs > range.fromMs) unread.unshift({ fromMs: range.fromMs, toMs: leftUntilMs });
    return { records, readMs, unread, stopped };
  };

  while (!signal.aborted) {
    const within = reachable();
    if (!within || leftUntilMs <= within.fromMs) break;
    const waitMs = tools.waitMs();
    if (waitMs > 0) {
      await tools.sleep(waitMs, signal);
      continue;
    }
    const claim = lastWindowOf(
      { fromMs: within.fromMs, toMs: leftUntilMs },
      settings.maxWindowMs,
      tools.limitMs(),
    );
    const done = await tools.perform({ kind: 'BACKFILL', claim, ask: askFor(claim) }, signal);
    if (done.kind === 'READ') {
      records += done.records;
      readMs += lengthMs(claim);
    } else {
      const { failure } = done;
      if (failure.code === 'UNAUTHORIZED' || failure.code === 'NOT_FOUND' || failure.code === 'ABORTED') {
        return result(failure);
      }
      attempts += failure.code === 'TOO_LARGE' && lengthMs(claim) > 1_000 ? 0 : 1;
      if (attempts < ATTEMPTS) continue;
      unread.unshift(claim);
    }
    attempts = 0;
    leftUntilMs = claim.fromMs;
    onProgress?.({ doneMs: range.toMs - leftUntilMs, totalMs: lengthMs(range), records });
  }
  return result(null);
};
