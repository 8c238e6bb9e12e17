import type { WorldEvent } from './cohort.ts';
import type { IdSource } from './ids.ts';
import type { SimulatorVariants } from './variants.ts';

/** When the feed shows a record, and what ends it, under one set of variants. Instants are server time. */
export type Life = {
  /** First readable; Infinity: never. */
  seenMs: number;
  /** Readable with its end; Infinity: never. */
  closedMs: number;
  /** Content changes under the same id; Infinity: never. */
  changedMs: number;
  endMs: number | null;
  nextId: IdSource | null;
};

const CHANGED_AFTER_MS = 60_000;

/** null: under these variants there is no such record at all (the log-out moment, unless it has a record). */
export const lifeOf = (event: WorldEvent, variants: SimulatorVariants): Life | null => {
  const offline = event.step.state === 'offline';
  if (offline && !hasOfflineRecord(event, variants)) return null;
  const { endMs, nextId } = closingOf(event, variants);
  const appearsOpen =
    offline ||
    variants.mutability === 'open-then-closed' ||
    (variants.mutability === 'mixed' && (event.salt & 1) === 0);
  const arrivesMs = appearsOpen ? event.startMs : (endMs ?? Infinity);
  const seenMs = event.dropped ? Infinity : arrivesMs + variants.delayMs + event.lateMs;
  const rewriteLateMs = appearsOpen ? event.rewriteLateMs : 0;
  const closedMs = endMs === null ? Infinity : Math.max(seenMs, endMs + variants.delayMs + rewriteLateMs);
  return {
    seenMs,
    closedMs,
    changedMs: event.changed ? closedMs + CHANGED_AFTER_MS : Infinity,
    endMs,
    nextId,
  };
};

const hasOfflineRecord = (event: WorldEvent, variants: SimulatorVariants): boolean =>
  variants.lastRecord === 'offline-record' && !event.session.openForever;

const closingOf = (event: WorldEvent, variants: SimulatorVariants): Pick<Life, 'endMs' | 'nextId'> => {
  const { next, session } = event;
  if (next && (next.step.state !== 'offline' || hasOfflineRecord(event, variants))) {
    return { endMs: event.endMs, nextId: next.id };
  }
  if (session.openForever) return { endMs: null, nextId: null };
  const { successor } = session;
  if (variants.chainCrossesSessions && successor && successor.loginMs > event.startMs) {
    return { endMs: successor.loginMs, nextId: successor.firstEvent };
  }
  const ends = next !== null && variants.lastRecord === 'closed-no-next';
  return { endMs: ends ? event.endMs : null, nextId: null };
};

export type Window = { fromMs: number; toMs: number };

/** Whether a record that is readable at `nowMs` belongs to the window, by the variants' filter and bounds. */
export const matchesWindow = (
  event: WorldEvent,
  life: Life,
  window: Window,
  nowMs: number,
  variants: SimulatorVariants,
): boolean => {
  const { bounds, delayMs, rewrittenReappears } = variants;
  const fromIncluded = bounds.startsWith('[');
  const toIncluded = bounds.endsWith(']');
  const afterFrom = (ms: number) => (fromIncluded ? ms >= window.fromMs : ms > window.fromMs);
  const beforeTo = (ms: number) => (toIncluded ? ms <= window.toMs : ms < window.toMs);
  const inside = (ms: number) => afterFrom(ms) && beforeTo(ms);
  const closed = nowMs >= life.closedMs;
  const endMs = closed && life.endMs !== null ? life.endMs : Infinity;
  switch (variants.windowFilter) {
    case 'start':
      return inside(event.startMs) || (rewrittenReappears && inside(endMs));
    case 'end':
      return inside(event.step.state === 'offline' ? event.startMs : endMs);
    case 'overlap':
      return beforeTo(event.startMs) && afterFrom(endMs);
    case 'arrival':
      return (
        inside(life.seenMs - delayMs) ||
        (rewrittenReappears && closed && inside(life.closedMs - delayMs)) ||
        (rewrittenReappears && nowMs >= life.changedMs && inside(life.changedMs - delayMs))
      );
  }
};

const HOUR_MS = 3_600_000;

/**
 * How long before a window a record can start and still belong to it. A record that never ends is found by `overlap`
 * for 12 hours only: a floor's whole history in every answer would be true to the word and of no use.
 */
export const reachMs = (variants: SimulatorVariants): number => {
  if (variants.windowFilter === 'start' && !variants.rewrittenReappears) return 0;
  if (variants.chainCrossesSessions) return 26 * HOUR_MS;
  // Nobody stays in one state for longer than a shift, nine hours (`longStay`).
  return variants.windowFilter === 'overlap' ? 12 * HOUR_MS : 10 * HOUR_MS;
};
