import type { Span } from './frame.ts';

/**
 * What is asked for, and what of it is claimed. Upstream's edges may be inclusive or not, and it may cut milliseconds off:
 * a request is aligned to whole seconds and has a guard of one second on both sides that no coverage claims.
 */
const SECOND_MS = 1000;
const GUARD_MS = 1000;
/** Upstream's own idea of "three days ago" may be a little ahead of ours. */
export const REACH_MARGIN_MS = 10_000;

/** Bounds of the server's clock at one moment. */
export type ServerNow = { lowMs: number; highMs: number };

const floorSecond = (ms: number): number => Math.floor(ms / SECOND_MS) * SECOND_MS;
const ceilSecond = (ms: number): number => Math.ceil(ms / SECOND_MS) * SECOND_MS;

/** The request that lets `claim` be claimed. */
export const askFor = (claim: Span): Span => ({
  fromMs: floorSecond(claim.fromMs) - GUARD_MS,
  toMs: ceilSecond(claim.toMs) + GUARD_MS,
});

/** The oldest instant that may be claimed: the upper bound of the server's clock, for a start must never be too old. */
export const earliestClaimMs = (now: ServerNow, retentionReachMs: number): number =>
  ceilSecond(now.highMs - retentionReachMs + REACH_MARGIN_MS) + GUARD_MS;

/** The youngest instant that may be claimed: the lower bound, for an end must never be in the future. */
export const latestClaimMs = (now: ServerNow): number => floorSecond(now.lowMs) - GUARD_MS;

/** Of `span`, the last part that one request can cover. */
export const lastWindowOf = (span: Span, maxWindowMs: number, limitMs: number): Span => {
  const firstMs = ceilSecond(span.toMs) + 2 * GUARD_MS - maxWindowMs;
  return { fromMs: Math.max(span.fromMs, firstMs, span.toMs - limitMs), toMs: span.toMs };
};

/** Of `span`, the first part that one request can cover. */
export const firstWindowOf = (span: Span, maxWindowMs: number, limitMs: number): Span => {
  const lastMs = floorSecond(span.fromMs) - 2 * GUARD_MS + maxWindowMs;
  return { fromMs: span.fromMs, toMs: Math.min(span.toMs, lastMs, span.fromMs + limitMs) };
};
