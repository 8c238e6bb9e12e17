import type { ReadFailure } from '../upstream/index.ts';
import { causeOf } from './causes.ts';
import type { Doubt } from './doubts.ts';
import type { GapCause, Span } from './frame.ts';
import { createHardPieces, type PieceFault } from './hardPieces.ts';
import type { PlannedRead } from './schedule.ts';
import { lengthMs } from './spans.ts';
import { SHORTEST_MS, SHORTEST_REFUSED_MS } from './windowLimits.ts';

/**
 * Windows of the past that upstream does not answer while it answers others. One such window must never keep the others
 * from being read: it waits, longer each time, is tried again only after what has never failed, and is cut in two until
 * what is in the way is small. Kept in memory only: after a restart they are simply tried again.
 */
export type HardWindows = {
  /** Time that has to wait, time that may be tried again, and both but for what was only doubted. */
  pieces(monotonicMs: number): { waiting: Span[]; due: Span[]; failing: Span[] };
  succeeded(plan: PlannedRead): void;
  /**
   * A doubtful answer about the past: ask again, but not at once. Rows that are no records are somewhere, so if they come
   * while the present is believed they are looked for, as what fails is.
   */
  doubtful(plan: PlannedRead, doubt: Doubt, isPresentDoubted: boolean, monotonicMs: number): void;
  /** The present is believed again. */
  presentIsWell(): void;
  /** It may be too old: it waits until that is found out. */
  suspended(plan: PlannedRead, monotonicMs: number): void;
  /**
   * `isShortened`: shorter windows are asked for from now on. Says what the coverage is to say of a window once it has
   * been tried often enough.
   */
  failed(
    plan: PlannedRead,
    code: ReadFailure['code'],
    isShortened: boolean,
    monotonicMs: number,
  ): GivenUp | null;
  /** What is this old is not asked for any more. */
  forgetBefore(atMs: number): void;
};

/** What is to be said of a window in the coverage, for now. */
export type GivenUp = { span: Span; cause: GapCause };

const FIRST_WAIT_MS = 5_000;
const DOUBT_MS = 30_000;
/** Shorter windows hold too few rows to doubt them by. */
const SHORTEST_DOUBTED_MS = 60_000;
const HOUR_MS = 3_600_000;
const GIVE_UP_AFTER = 5;
/** Where so much fails it is no single record that is in the way: cutting on would end in a request for every second. */
const MOST_CUT = 32;

export const createHardWindows = (): HardWindows => {
  const pieces = createHardPieces();

  const waitLonger = (span: Span, monotonicMs: number, firstWaitMs: number, fault: PieceFault): number => {
    const attempts = pieces.attemptsAt(span) + 1;
    const untilMs = monotonicMs + Math.min(HOUR_MS, firstWaitMs * 2 ** (attempts - 1));
    pieces.put([span], { attempts, untilMs, fault });
    return attempts;
  };

  /** `attempts`: one failure less than the next cut needs, so that the search goes on at once. */
  const cut = (span: Span, monotonicMs: number, attempts: number, fault: PieceFault = 'FAILED') => {
    const middleMs = Math.floor((span.fromMs + span.toMs) / 2_000) * 1_000;
    const halves = [
      { fromMs: span.fromMs, toMs: middleMs },
      { fromMs: middleMs, toMs: span.toMs },
    ].filter((half) => lengthMs(half) > 0);
    pieces.put(halves, { attempts, untilMs: monotonicMs + FIRST_WAIT_MS, fault });
  };

  const maySplit = (span: Span, shortestMs: number) =>
    lengthMs(span) > shortestMs && pieces.count() < MOST_CUT;

  return {
    pieces: (monotonicMs) => ({
      waiting: pieces.waiting(monotonicMs),
      due: pieces.due(monotonicMs),
      failing: pieces.failing(),
    }),
    succeeded: ({ claim }) => pieces.lift(claim),
    doubtful({ claim }, { outcome }, isPresentDoubted, monotonicMs) {
      const isSomewhere = outcome === 'MALFORMED' && !isPresentDoubted;
      if (isSomewhere && pieces.attemptsAt(claim) > 0 && maySplit(claim, SHORTEST_DOUBTED_MS)) {
        cut(claim, monotonicMs, 1, 'DOUBTED');
        return;
      }
      waitLonger(claim, monotonicMs, DOUBT_MS, isPresentDoubted ? 'DOUBTED_WITH_PRESENT' : 'DOUBTED');
    },
    presentIsWell: () => pieces.releaseDoubtedWithPresent(),
    suspended({ claim }, monotonicMs) {
      waitLonger(claim, monotonicMs, FIRST_WAIT_MS, 'FAILED');
    },
    failed({ claim }, code, isShortened, monotonicMs) {
      switch (code) {
        case 'TOO_LARGE':
          if (isShortened) return null;
          waitLonger(claim, monotonicMs, HOUR_MS, 'FAILED');
          return { span: claim, cause: causeOf(code) };
        case 'BAD_REQUEST':
          if (maySplit(claim, SHORTEST_REFUSED_MS)) {
            cut(claim, monotonicMs, 0);
            return null;
          }
          waitLonger(claim, monotonicMs, HOUR_MS, 'FAILED');
          return { span: claim, cause: causeOf(code) };
        case 'SERVER_ERROR':
        case 'UNREACHABLE':
        case 'TIMED_OUT':
        case 'UNREADABLE':
        case 'UNSTABLE':
          if (pieces.attemptsAt(claim) > 0 && maySplit(claim, SHORTEST_MS)) {
            cut(claim, monotonicMs, 1);
            return null;
          }
          break;
        default:
          break;
      }
      const attempts = waitLonger(claim, monotonicMs, FIRST_WAIT_MS, 'FAILED');
      return attempts >= GIVE_UP_AFTER ? { span: claim, cause: causeOf(code) } : null;
    },
    forgetBefore(atMs) {
      pieces.lift({ fromMs: Number.NEGATIVE_INFINITY, toMs: atMs });
    },
  };
};
