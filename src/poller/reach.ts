import { REACH_MARGIN_MS } from './windows.ts';

/**
 * How far back upstream really answers. The vendor says "up to three days", so it may be less; then a request for what
 * is older is refused with 400, as is a window that upstream dislikes for another reason. The two are told apart before
 * anything is given up for ever: the same start is asked for with a short window, then the oldest answer and the youngest
 * refusal are brought together by bisection, and at last what is older is asked for again, minutes apart.
 *
 * What was found out outlives the process, for re-reads go by it: an upstream that keeps a day would otherwise be believed
 * to keep three after every restart, and what it has be read the last time too late. But upstream may have been set up
 * anew since, so the next process begins with the last round of that doubt, and gives nothing up before it.
 *
 * All ages are those of a window's start.
 */
export type Reach = {
  /** The documented one, until upstream has proved to answer for less. */
  reachMs(): number;
  /** What was found out, by this process or, until that is asked anew, by one before; null without any such finding. */
  foundMs(): number | null;
  /** As far back as it makes sense to ask: less than `reachMs` while it is in doubt. */
  askableMs(): number;
  answered(ageMs: number, by: 'PROBE' | 'READ', monotonicMs: number): void;
  /** Refused with 400. true: it may be too old. false: what is older was answered of late, so it is not its age. */
  refused(ageMs: number, by: 'PROBE' | 'READ', monotonicMs: number): boolean;
  /** A probe failed in a way that says nothing about its age. */
  probeFailed(monotonicMs: number): void;
  /** The age at which to ask next; null without a doubt, or while it waits. `oldestMs`: of what is wanted. */
  probeAgeMs(oldestMs: number, monotonicMs: number): number | null;
};

const MINUTE_MS = 60_000;
/** How exactly the reach is found: what lies between is given up. */
const RESOLUTION_MS = MINUTE_MS;
const NEIGHBOUR_MS = 10 * MINUTE_MS;
/** What was answered longer ago than this says nothing about today. */
const MEMORY_MS = 60 * MINUTE_MS;
const AFTER_FAILURE_MS = 30_000;
/** Before each further round of asking for what is older: a refusal of minutes must not cost days of history. */
const ROUND_WAITS_MS = [MINUTE_MS, 2 * MINUTE_MS, 4 * MINUTE_MS];
const PROBES_IN_A_ROUND = 3;

type Doubt = {
  /** The youngest refusal. */
  refusedMs: number;
  shortIsRefused: boolean;
  /** Refused again of what is older, in this round. */
  refusedInRound: number;
  rounds: number;
  notBeforeMs: number;
};

/** `foundBeforeMs`: what the process before this one had found out. */
export const createReach = (documentedMs: number, foundBeforeMs: number | null): Reach => {
  let reachMs = documentedMs;
  let rememberedMs = foundBeforeMs !== null && foundBeforeMs < documentedMs ? foundBeforeMs : null;
  /** Nobody knows when what is remembered was answered. */
  let oldestAnswer = { ageMs: rememberedMs ?? 0, atMs: rememberedMs === null ? 0 : Number.NEGATIVE_INFINITY };
  let doubt: Doubt | null =
    rememberedMs === null
      ? null
      : {
          refusedMs: rememberedMs + RESOLUTION_MS,
          shortIsRefused: true,
          refusedInRound: 0,
          rounds: ROUND_WAITS_MS.length,
          notBeforeMs: 0,
        };

  const isBisected = ({ refusedMs }: Doubt) => refusedMs - oldestAnswer.ageMs <= RESOLUTION_MS;

  const advance = (doubted: Doubt, monotonicMs: number) => {
    if (!doubted.shortIsRefused || !isBisected(doubted)) {
      doubted.shortIsRefused = true;
      return;
    }
    doubted.refusedInRound += 1;
    if (doubted.refusedInRound < PROBES_IN_A_ROUND) return;
    const waitMs = ROUND_WAITS_MS[doubted.rounds];
    if (waitMs === undefined) {
      reachMs = oldestAnswer.ageMs;
      rememberedMs = null;
      doubt = null;
      return;
    }
    doubted.refusedInRound = 0;
    doubted.rounds += 1;
    doubted.notBeforeMs = monotonicMs + waitMs;
  };

  return {
    reachMs: () => reachMs,
    foundMs: () => (reachMs < documentedMs ? reachMs : rememberedMs),
    askableMs: () => (doubt ? Math.min(reachMs, oldestAnswer.ageMs) : reachMs),
    answered(ageMs, by, monotonicMs) {
      // The short window begins where the refused one did, and one that is asked for once the two are together no later
      // than the refusal, but for the rounding to seconds and for what is known of the server's clock.
      const isAsOld = by === 'PROBE' && doubt !== null && (!doubt.shortIsRefused || isBisected(doubt));
      if (doubt && (isAsOld || ageMs >= doubt.refusedMs)) {
        doubt = null;
        rememberedMs = null;
      }
      const isOutdated = !doubt && monotonicMs - oldestAnswer.atMs > MEMORY_MS;
      if (ageMs >= oldestAnswer.ageMs || isOutdated) oldestAnswer = { ageMs, atMs: monotonicMs };
    },
    refused(refusedAgeMs, by, monotonicMs) {
      // Of what is older than documented, as what a wrong clock asked for turns out to be, a refusal says nothing.
      if (!doubt && refusedAgeMs > documentedMs) return true;
      const ageMs = Math.min(refusedAgeMs, documentedMs - REACH_MARGIN_MS);
      if (!doubt && monotonicMs - oldestAnswer.atMs > MEMORY_MS) {
        oldestAnswer = { ageMs: 0, atMs: monotonicMs };
      }
      if (ageMs <= oldestAnswer.ageMs + RESOLUTION_MS && !doubt) return false;
      doubt ??= {
        refusedMs: ageMs,
        shortIsRefused: false,
        refusedInRound: 0,
        rounds: 0,
        notBeforeMs: 0,
      };
      if (by === 'PROBE') advance(doubt, monotonicMs);
      if (doubt) doubt.refusedMs = Math.max(oldestAnswer.ageMs, Math.min(doubt.refusedMs, ageMs));
      return true;
    },
    probeFailed(monotonicMs) {
      if (doubt) doubt.notBeforeMs = monotonicMs + AFTER_FAILURE_MS;
    },
    probeAgeMs(oldestMs, monotonicMs) {
      if (!doubt || monotonicMs < doubt.notBeforeMs) return null;
      const { refusedMs } = doubt;
      if (!doubt.shortIsRefused) return refusedMs;
      if (!isBisected(doubt)) return (refusedMs + oldestAnswer.ageMs) / 2;
      const older = [refusedMs + NEIGHBOUR_MS, (refusedMs + oldestMs) / 2, oldestMs];
      return Math.max(refusedMs, Math.min(oldestMs, older[doubt.refusedInRound] ?? oldestMs));
    },
  };
};
