import type { Malformation } from './cohort.ts';
import type { PageRow } from './page.ts';
import { pageRow } from './pageRecord.ts';
import type { SimulatorVariants } from './variants.ts';
import { lifeOf, type Window } from './visibility.ts';
import type { World } from './world.ts';

/** One event of the ground truth beside what the feed makes of it. Instants are server time. */
export type TruthRow = {
  /** The row as the feed shows it now; if it does not show it yet (or ever), as it would be shown first. */
  record: PageRow;
  startMs: number;
  /** First readable; null: never. */
  visibleFromMs: number | null;
  /** Readable with its end; null: never. */
  closedFromMs: number | null;
  /** Readable now. */
  visible: boolean;
  /** Why no request can ever see it: it was dropped, or only closed records appear and it never closes. */
  neverSent: 'DROPPED' | 'NEVER_CLOSES' | null;
  /** Sent, but nobody can make a whole record of it. */
  malformed: Malformation | null;
};

/** By start; `fromMs <= start < toMs`, whatever the window filter that requests are subject to. */
export const truthRows = (
  world: World,
  range: Window,
  nowMs: number,
  variants: SimulatorVariants,
): TruthRow[] => {
  const rows: TruthRow[] = [];
  for (const event of world.eventsStarting(range.fromMs, Math.min(range.toMs, nowMs + 1))) {
    const life = lifeOf(event, variants);
    if (!life) continue;
    const visible = life.seenMs <= nowMs;
    const shownAtMs = visible ? nowMs : Number.isFinite(life.seenMs) ? life.seenMs : nowMs;
    rows.push({
      record: pageRow(event, life, shownAtMs, variants),
      startMs: event.startMs,
      visibleFromMs: finiteOrNull(life.seenMs),
      closedFromMs: finiteOrNull(life.closedMs),
      visible,
      neverSent: event.dropped ? 'DROPPED' : Number.isFinite(life.seenMs) ? null : 'NEVER_CLOSES',
      malformed: event.malformed,
    });
  }
  return rows;
};

const finiteOrNull = (ms: number): number | null => (Number.isFinite(ms) ? ms : null);
