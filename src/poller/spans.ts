import type { Span } from './frame.ts';

/** Lists of spans here are ordered by time and disjoint; so is every result. */

export const lengthMs = (span: Span): number => span.toMs - span.fromMs;

/** null when they share no millisecond. */
export const intersection = (a: Span, b: Span): Span | null => {
  const fromMs = Math.max(a.fromMs, b.fromMs);
  const toMs = Math.min(a.toMs, b.toMs);
  return fromMs < toMs ? { fromMs, toMs } : null;
};

/** What of `spans` lies in none of `taken`. */
export const subtractSpans = (spans: readonly Span[], taken: readonly Span[]): Span[] => {
  const left: Span[] = [];
  for (const span of spans) {
    let fromMs = span.fromMs;
    for (const { fromMs: takenFromMs, toMs: takenToMs } of taken) {
      if (takenToMs <= fromMs) continue;
      if (takenFromMs >= span.toMs) break;
      if (takenFromMs > fromMs) left.push({ fromMs, toMs: takenFromMs });
      fromMs = takenToMs;
    }
    if (fromMs < span.toMs) left.push({ fromMs, toMs: span.toMs });
  }
  return left;
};

/** Any spans, in any order, as the ordered disjoint list that holds the same instants. */
export const unionSpans = (spans: readonly Span[]): Span[] => {
  const union: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    if (span.fromMs >= span.toMs) continue;
    const last = union.at(-1);
    if (last && span.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, span.toMs);
    else union.push({ fromMs: span.fromMs, toMs: span.toMs });
  }
  return union;
};

export const totalMs = (spans: readonly Span[]): number =>
  spans.reduce((sum, span) => sum + lengthMs(span), 0);
