import { type Envelope, errorBody, type FeedAnswer } from './answer.ts';
import { applyRowFaults, chooseRefusal, chooseWireFault, hit } from './answerFaults.ts';
import type { WorldEvent } from './cohort.ts';
import { noFaults, type SimulatorFaults } from './faults.ts';
import type { PageRow } from './page.ts';
import { pageRow } from './pageRecord.ts';
import type { PageQuery } from './query.ts';
import { type Random, share } from './random.ts';
import { type TruthRow, truthRows } from './truth.ts';
import { defaultVariants, type SimulatorVariants } from './variants.ts';
import { type Life, lifeOf, matchesWindow, reachMs, type Window } from './visibility.ts';
import type { World } from './world.ts';

export type Feed = {
  /** The page at an instant of server time. */
  answer(query: PageQuery, nowMs: number): FeedAnswer;
  /** What happened in a range, whether or not a request can ever see it. */
  truth(range: Window, nowMs: number): TruthRow[];
  /** Switches how answers go wrong, at once. Oddities of records are the world's: `World.setFaults`. */
  setFaults(faults: Partial<SimulatorFaults>): void;
};

export const LONGEST_WINDOW_MS = 600_000;
export const RETENTION_MS = 3 * 86_400_000;

const STALE_MS = 120_000;
const CACHED_MS = 300_000;

/**
 * The vendor's page over a world, without sockets: windows, visibility, paging, envelope and errors as documented,
 * variants and faults as set. `rng` decides only which answers go wrong.
 */
export const createFeed = (
  world: World,
  variants: Partial<SimulatorVariants>,
  faults: Partial<SimulatorFaults>,
  rng: Random,
  tenantId = '3e0f9a50-7d3b-11e7-b08f-6e56a766befb',
): Feed => {
  const plays = { ...defaultVariants, ...variants };
  let goesWrong: SimulatorFaults = { ...noFaults, ...faults };

  const rowsOf = (window: Window, nowMs: number): PageRow[] => {
    const rows: PageRow[] = [];
    for (const { event, life } of visibleEvents(world, window, nowMs, plays)) {
      const row = pageRow(event, life, nowMs, plays);
      rows.push(row);
      if (repeats(event, plays)) rows.push(plays.duplicates === 'different' ? asOnceOpen(row) : row);
    }
    return rows;
  };

  const datedAt = (nowMs: number): Record<string, string> => {
    if (hit(goesWrong.noDate, rng)) return {};
    if (!hit(goesWrong.cachedDate, rng)) return { date: new Date(nowMs).toUTCString() };
    return { date: new Date(nowMs - CACHED_MS).toUTCString(), age: String(CACHED_MS / 1000) };
  };

  return {
    answer(query, nowMs) {
      const headers: Record<string, string> = {
        'content-type': 'application/json;charset=utf-8',
        ...datedAt(nowMs),
      };
      const refusal = chooseRefusal(goesWrong, nowMs, rng);
      if (refusal) return { ...refusal, headers: { ...headers, ...refusal.headers } };

      const asked = plays.wholeSeconds ? inWholeSeconds(query) : query;
      const problem = problemOf(asked, nowMs);
      if (problem) {
        return { status: 400, headers, body: errorBody(400, problem), fault: null, wire: null };
      }
      const window = { fromMs: asked.startMs, toMs: asked.endMs ?? nowMs };
      const stale = hit(goesWrong.stale, rng);
      const faulty = applyRowFaults(rowsOf(window, stale ? nowMs - STALE_MS : nowMs), {
        faults: goesWrong,
        rng,
        rowsBefore: () => rowsOf({ fromMs: window.fromMs - 120_000, toMs: window.fromMs - 1 }, nowMs),
        offset: asked.offset,
        tenantId,
      });
      const limit = asked.limit ?? faulty.rows.length;
      const body: Envelope = {
        tenantId: faulty.tenantId,
        timezone: 'UTC',
        limit,
        offset: asked.offset,
        start: new Date(window.fromMs).toISOString(),
        page: '0',
        total: faulty.total,
        end: new Date(window.toMs).toISOString(),
        results: faulty.rows.slice(faulty.offset, faulty.offset + limit),
      };
      const wire = chooseWireFault(goesWrong, rng);
      return { status: 200, headers, body, fault: wire ?? faulty.fault ?? (stale ? 'STALE' : null), wire };
    },
    truth: (range, nowMs) => truthRows(world, range, nowMs, plays),
    setFaults(next) {
      goesWrong = { ...noFaults, ...next };
    },
  };
};

const problemOf = (query: PageQuery, nowMs: number): string | null => {
  if (query.startMs < nowMs - RETENTION_MS) return 'start is more than 3 days in the past';
  if (query.endMs === null) {
    return query.startMs < nowMs - LONGEST_WINDOW_MS
      ? 'end is required when start is more than 10 minutes in the past'
      : null;
  }
  if (query.endMs < query.startMs) return 'end is before start';
  return query.endMs - query.startMs > LONGEST_WINDOW_MS ? 'the time range exceeds 10 minutes' : null;
};

const inWholeSeconds = (query: PageQuery): PageQuery => ({
  ...query,
  startMs: Math.floor(query.startMs / 1000) * 1000,
  endMs: query.endMs === null ? null : Math.floor(query.endMs / 1000) * 1000,
});

const visibleEvents = (
  world: World,
  window: Window,
  nowMs: number,
  variants: SimulatorVariants,
): { event: WorldEvent; life: Life }[] => {
  const firstMs = window.fromMs - reachMs(variants);
  // Nothing starts visibly after now; the bound also keeps a far future `end` from making cohorts.
  const candidates = world.eventsStarting(firstMs, Math.min(window.toMs, nowMs) + 1);
  if (variants.windowFilter === 'arrival') {
    const strays = world.strayEvents(Math.min(firstMs, nowMs));
    candidates.unshift(...strays.sort((a, b) => a.startMs - b.startMs || a.salt - b.salt));
  }
  const visible: { event: WorldEvent; life: Life }[] = [];
  for (const event of candidates) {
    if (event.startMs + variants.delayMs > nowMs) continue;
    const life = lifeOf(event, variants);
    if (life && life.seenMs <= nowMs && matchesWindow(event, life, window, nowMs, variants)) {
      visible.push({ event, life });
    }
  }
  return visible;
};

const repeats = (event: WorldEvent, variants: SimulatorVariants): boolean =>
  event.duplicate || (variants.duplicates !== 'none' && share(event.salt, 75) < 0.02);

/** The repetition that contradicts its original: the record as it was before it ended. */
const asOnceOpen = (row: PageRow): PageRow => {
  if (typeof row !== 'object' || row === null) return row;
  const { end: _end, durationSeconds: _duration, nextEventId: _next, ...open } = row;
  return open;
};
