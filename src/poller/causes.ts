import type { ReadFailure } from '../upstream/index.ts';
import type { GapCause, Span } from './frame.ts';

/** What a gap is put down to that one kind of failure leaves. */
export const causeOf = (code: ReadFailure['code']): GapCause => {
  switch (code) {
    case 'UNAUTHORIZED':
    case 'BAD_REQUEST':
      return 'REFUSED';
    case 'UNREADABLE':
    case 'TOO_LARGE':
    case 'UNSTABLE':
      return 'UNREADABLE';
    case 'RATE_LIMITED':
    case 'NOT_FOUND':
    case 'SERVER_ERROR':
    case 'UNREACHABLE':
    case 'TIMED_OUT':
    case 'ABORTED':
      return 'OUTAGE';
  }
};

/** What kept the present from being read, since it was last read: an outage may begin as one fault and go on as another. */
export type HoleCauses = {
  /** A reading of the present failed at `atMs` of server time. */
  blame(atMs: number, cause: GapCause): void;
  /** The present was read. */
  clear(): void;
  /** The span in parts, each with its cause; time of which nothing is known, as nobody asked, is an OUTAGE. */
  over(span: Span): { span: Span; cause: GapCause }[];
};

/** The first failure speaks for the time since the reading before it. */
const BEFORE_FIRST_MS = 60_000;
/** Faults that alternate for days must not fill the memory: beyond this the last cause stands for the rest. */
const MOST_TURNS = 200;

export const createHoleCauses = (): HoleCauses => {
  let turns: { sinceMs: number; cause: GapCause }[] = [];
  return {
    blame(atMs, cause) {
      const last = turns.at(-1);
      if (last?.cause === cause || turns.length >= MOST_TURNS) return;
      turns.push({ sinceMs: last ? Math.max(atMs, last.sinceMs) : atMs - BEFORE_FIRST_MS, cause });
    },
    clear() {
      turns = [];
    },
    over(span) {
      const parts: { span: Span; cause: GapCause }[] = [];
      const all = [{ sinceMs: Number.NEGATIVE_INFINITY, cause: 'OUTAGE' as GapCause }, ...turns];
      for (const [i, { sinceMs, cause }] of all.entries()) {
        const fromMs = Math.max(span.fromMs, sinceMs);
        const toMs = Math.min(span.toMs, all[i + 1]?.sinceMs ?? span.toMs);
        if (fromMs < toMs) parts.push({ span: { fromMs, toMs }, cause });
      }
      return parts;
    },
  };
};
