import type { Span } from './frame.ts';

/**
 * Why a piece waits. FAILED: no answer. DOUBTED: an answer that was not believed. DOUBTED_WITH_PRESENT: the same, while
 * those about the present were not believed either, so that it says little about the piece.
 */
export type PieceFault = 'FAILED' | 'DOUBTED' | 'DOUBTED_WITH_PRESENT';

/**
 * Time that upstream did not answer for, in disjoint pieces. Each waits, longer after each failure, before it is tried
 * again.
 */
export type HardPieces = {
  /** Ordered, and not joined: a request must not reach over the edge of a piece. */
  waiting(monotonicMs: number): Span[];
  due(monotonicMs: number): Span[];
  /** Those that failed, as opposed to those whose answer was doubted. */
  failing(): Span[];
  count(): number;
  /** Failures so far of the piece or pieces that share time with `span`. */
  attemptsAt(span: Span): number;
  /** Each of `spans` is a piece of its own from now on. */
  put(spans: readonly Span[], as: { attempts: number; untilMs: number; fault: PieceFault }): void;
  lift(span: Span): void;
  /** What waits only for having been doubted with the present waits no longer. */
  releaseDoubtedWithPresent(): void;
};

type Piece = Span & { attempts: number; untilMs: number; fault: PieceFault };

export const createHardPieces = (): HardPieces => {
  let pieces: Piece[] = [];

  const lift = (span: Span) => {
    pieces = pieces.flatMap((piece) => {
      if (piece.toMs <= span.fromMs || piece.fromMs >= span.toMs) return [piece];
      const before = piece.fromMs < span.fromMs ? [{ ...piece, toMs: span.fromMs }] : [];
      const after = piece.toMs > span.toMs ? [{ ...piece, fromMs: span.toMs }] : [];
      return [...before, ...after];
    });
  };

  return {
    waiting: (monotonicMs) => pieces.filter(({ untilMs }) => untilMs > monotonicMs),
    due: (monotonicMs) => pieces.filter(({ untilMs }) => untilMs <= monotonicMs),
    failing: () => pieces.filter(({ fault }) => fault === 'FAILED'),
    count: () => pieces.length,
    attemptsAt: (span) =>
      pieces
        .filter(({ fromMs, toMs }) => fromMs < span.toMs && span.fromMs < toMs)
        .reduce((most, { attempts }) => Math.max(most, attempts), 0),
    put(spans, as) {
      for (const { fromMs, toMs } of spans) {
        lift({ fromMs, toMs });
        pieces.push({ fromMs, toMs, ...as });
      }
      pieces.sort((a, b) => a.fromMs - b.fromMs);
    },
    lift,
    releaseDoubtedWithPresent() {
      // What was tried is not forgotten: of a feed that is ill by turns each piece comes to wait for its own sake.
      for (const piece of pieces) if (piece.fault === 'DOUBTED_WITH_PRESENT') piece.untilMs = 0;
    },
  };
};
