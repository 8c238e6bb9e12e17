import { applyCoverage, coverageBetween, isDoubted, isSettled, sliceAt } from './coverage.ts';
import type { CoverageSlice, GapCause, Span } from './frame.ts';
import { earliestClaimMs, type ServerNow } from './windows.ts';

/** What turns reads, expiry and outages into coverage. All pure: coverage in, coverage out. */

const RANK = { UNREAD: 0, GAP: 0, PROVISIONAL: 1, SETTLED: 2, SEALED: 3 } as const;

/** `claim` in parts, and what a read at `observedMs` earns each: as much as its youngest instant, for every other is older. */
const earnedBy = (claim: Span, observedMs: number, agesMs: readonly number[], settleMs: number) => {
  const cutsMs = [settleMs, ...agesMs]
    .map((ageMs) => observedMs - ageMs)
    .filter((atMs) => atMs > claim.fromMs && atMs < claim.toMs)
    .sort((a, b) => a - b);
  const edgesMs = [claim.fromMs, ...cutsMs, claim.toMs];
  return edgesMs.slice(1).map((toMs, i) => {
    const ageMs = observedMs - toMs;
    const isOld = ageMs >= settleMs;
    // Ages younger than the settle time are behind nothing: a stage of PROVISIONAL time says that it is doubted.
    const stage = isOld ? agesMs.filter((atMs) => atMs <= ageMs).length : 0;
    return { fromMs: edgesMs[i]!, toMs, isOld, stage };
  });
};

/**
 * A complete read of `claim` that saw upstream at `observedMs` (a lower bound): each instant gets the level and stage
 * that its age at the read earns. A read never takes away what an earlier one earned, and never closes a CHAIN_BREAK:
 * only the missing record does.
 */
export const claimRead = (
  coverage: readonly CoverageSlice[],
  claim: Span,
  observedMs: number,
  agesMs: readonly number[],
  settleMs: number,
): CoverageSlice[] => {
  const claimed: CoverageSlice[] = [];
  for (const { fromMs, toMs, isOld, stage } of earnedBy(claim, observedMs, agesMs, settleMs)) {
    const level = !isOld ? 'PROVISIONAL' : stage === agesMs.length && stage > 0 ? 'SEALED' : 'SETTLED';
    for (const part of coverageBetween(coverage, fromMs, toMs)) {
      if (part.cause === 'CHAIN_BREAK') continue;
      const kept = part.level !== 'UNREAD' && RANK[part.level] > RANK[level] ? part.level : level;
      claimed.push({
        fromMs: part.fromMs,
        toMs: part.toMs,
        level: kept,
        cause: null,
        readAtMs: Math.max(part.readAtMs ?? observedMs, observedMs),
        reads: part.reads + 1,
        stage: isSettled(part) ? Math.max(stage, part.stage) : stage,
      });
    }
  }
  return applyCoverage(coverage, claimed);
};

/**
 * A read that cannot be trusted to be whole: time that nothing better is known of becomes PROVISIONAL, and is due again
 * at the next of the ages, at the earliest.
 */
export const claimDoubtful = (
  coverage: readonly CoverageSlice[],
  claim: Span,
  observedMs: number,
  agesMs: readonly number[],
  settleMs: number,
): CoverageSlice[] =>
  applyCoverage(
    coverage,
    earnedBy(claim, observedMs, agesMs, settleMs).flatMap(({ fromMs, toMs, isOld, stage }) =>
      coverageBetween(coverage, fromMs, toMs)
        .filter((part) => part.level === 'UNREAD' || part.level === 'GAP' || part.level === 'PROVISIONAL')
        .filter((part) => part.cause !== 'CHAIN_BREAK' && part.cause !== 'EXPIRED')
        .map((part) => ({
          ...part,
          level: 'PROVISIONAL' as const,
          cause: null,
          readAtMs: observedMs,
          reads: part.reads + 1,
          stage: isOld ? Math.max(1, stage) : 0,
        })),
    ),
  );

/**
 * Time between the coverage's beginning (or `sinceMs`, if there is none) and `untilMs` without a slice becomes gaps, each
 * part of it with the cause that `causesOver` names.
 */
export const fillHoles = (
  coverage: readonly CoverageSlice[],
  sinceMs: number,
  untilMs: number,
  causesOver: (hole: Span) => { span: Span; cause: GapCause }[],
): CoverageSlice[] => {
  const fromMs = Math.min(coverage[0]?.fromMs ?? sinceMs, sinceMs);
  if (fromMs >= untilMs) return [...coverage];
  return applyCoverage(
    coverage,
    coverageBetween(coverage, fromMs, untilMs)
      .filter((part) => part.level === 'UNREAD')
      .flatMap((part) =>
        causesOver(part).map(({ span, cause }) => ({ ...part, ...span, level: 'GAP' as const, cause })),
      ),
  );
};

/** Marks time that could not be read as a gap of this cause, unless something better is known of it. */
export const claimGap = (coverage: readonly CoverageSlice[], span: Span, cause: GapCause): CoverageSlice[] =>
  applyCoverage(
    coverage,
    coverageBetween(coverage, span.fromMs, span.toMs)
      .filter((part) => part.level === 'UNREAD' || part.level === 'GAP' || part.level === 'PROVISIONAL')
      .filter((part) => part.cause !== 'CHAIN_BREAK' && part.cause !== 'EXPIRED')
      .map((part) => ({ ...part, level: 'GAP', cause, stage: 0 })),
  );

/** Time that left upstream's reach without ever being settled is lost for ever. */
export const expire = (
  coverage: readonly CoverageSlice[],
  now: ServerNow,
  retentionReachMs: number,
): CoverageSlice[] => {
  const first = coverage[0];
  // Only what is out of reach by either bound of the clock: a narrower interval may bring the rest back.
  const lostBeforeMs = earliestClaimMs({ lowMs: now.lowMs, highMs: now.lowMs }, retentionReachMs);
  if (!first || first.fromMs >= lostBeforeMs) return [...coverage];
  return claimGap(coverage, { fromMs: first.fromMs, toMs: lostBeforeMs }, 'EXPIRED');
};

/** Settled time in `span` becomes due for another read: its last scheduled one is taken back. */
export const readAgain = (coverage: readonly CoverageSlice[], span: Span): CoverageSlice[] =>
  applyCoverage(
    coverage,
    coverageBetween(coverage, span.fromMs, span.toMs)
      .filter((part) => part.level === 'SETTLED' && part.stage > 0)
      .map((part) => ({ ...part, level: 'SETTLED', stage: part.stage - 1 })),
  );

/** A record is proved to be missing at an instant that upstream no longer answers for. */
export const breakChainAt = (coverage: readonly CoverageSlice[], atMs: number): CoverageSlice[] =>
  applyCoverage(coverage, [
    {
      fromMs: atMs,
      toMs: atMs + 1,
      level: 'GAP',
      cause: 'CHAIN_BREAK',
      readAtMs: null,
      reads: 0,
      stage: 0,
    },
  ]);

/** The record that broke the chain came after all: the instant is known as well as its neighbour. */
export const mendChainAt = (coverage: readonly CoverageSlice[], atMs: number): CoverageSlice[] => {
  if (sliceAt(coverage, atMs)?.cause !== 'CHAIN_BREAK') return [...coverage];
  const neighbour =
    coverage.findLast((slice) => slice.toMs <= atMs && isSettled(slice)) ??
    coverage.find((slice) => slice.fromMs > atMs && isSettled(slice));
  if (!neighbour) return [...coverage];
  return applyCoverage(coverage, [{ ...neighbour, fromMs: atMs, toMs: atMs + 1 }]);
};

/** The server's clock was not what it seemed: claims on time at or after `fromMs` are worth no more than a young read. */
export const doubtFrom = (coverage: readonly CoverageSlice[], fromMs: number): CoverageSlice[] => {
  const endMs = coverage.at(-1)?.toMs ?? fromMs;
  if (endMs <= fromMs) return [...coverage];
  return applyCoverage(
    coverage,
    coverageBetween(coverage, fromMs, endMs)
      .filter((part) => isSettled(part) || isDoubted(part))
      .map((part) => ({ ...part, level: 'PROVISIONAL', stage: 0 })),
  );
};
