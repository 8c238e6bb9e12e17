import { type Cohort, createCohort, LATEST_MS, type WorldEvent } from './cohort.ts';
import { noFaults, type RecordFaults } from './faults.ts';
import { agentsOfPreset, createRoster, type Preset, type Roster } from './roster.ts';
import { SHIFT_EARLY_MS, SHIFT_REACH_MS } from './shift.ts';

export type WorldOptions = {
  seed: number;
  preset?: Preset;
  /** Agents per day; wins over `preset`. */
  agents?: number;
  /** Nothing before this ever happened. */
  startMs: number;
  /** Nothing from this on happens. */
  endMs?: number;
  faults?: Partial<RecordFaults>;
};

/**
 * What truly happens on a simulated floor. The same options give the same events whatever is asked first, and any
 * hour can be made without the hours before it; memory holds the hours in use, not the whole history.
 */
export type World = {
  startMs: number;
  roster: Roster;
  /** Every event with `fromMs <= start < toMs`, by start. */
  eventsStarting(fromMs: number, toMs: number): WorldEvent[];
  /** Events that come hours late and start before `beforeMs`, up to the longest lateness back. */
  strayEvents(beforeMs: number): WorldEvent[];
  /** What goes wrong from now on: events that start at or after `fromMs`. The past stays as it was. */
  setFaults(fromMs: number, faults: Partial<RecordFaults>): void;
};

const HOUR_MS = 3_600_000;
/** Cohorts past this many events (some 500 bytes each) are forgotten, longest unused first, and made again if asked for. */
const EVENTS_KEPT = 250_000;

export const createWorld = (options: WorldOptions): World => {
  const roster = createRoster(options.seed, options.agents ?? agentsOfPreset[options.preset ?? 'medium']);
  const endMs = options.endMs ?? Infinity;
  const faultsFrom: { fromMs: number; faults: RecordFaults }[] = [
    { fromMs: -Infinity, faults: { ...noFaults, ...options.faults } },
  ];
  const cohorts = new Map<number, Cohort>();
  const strays = new Map<number, WorldEvent[]>();
  let eventsHeld = 0;

  const faultsAt = (atMs: number): RecordFaults => {
    for (let i = faultsFrom.length - 1; i > 0; i--) {
      const period = faultsFrom[i]!;
      if (atMs >= period.fromMs) return period.faults;
    }
    return faultsFrom[0]!.faults;
  };

  const cohort = (hour: number): Cohort => {
    let found = cohorts.get(hour);
    if (found) {
      cohorts.delete(hour);
    } else {
      found = createCohort(options.seed, roster, hour, faultsAt);
      eventsHeld += found.events.length;
      strays.set(
        hour,
        found.events.filter((event) => event.lateMs >= HOUR_MS),
      );
    }
    // Map order is use order: the first key is the longest unused.
    cohorts.set(hour, found);
    return found;
  };

  const canStray = (hour: number): boolean =>
    faultsAt(hour * HOUR_MS - SHIFT_EARLY_MS).lateDays > 0 ||
    faultsAt(hour * HOUR_MS + SHIFT_REACH_MS).lateDays > 0;

  const forgetUnused = (inUse: number) => {
    for (const [hour, held] of cohorts) {
      if (eventsHeld <= EVENTS_KEPT || cohorts.size <= inUse + 2) return;
      cohorts.delete(hour);
      eventsHeld -= held.events.length;
    }
  };

  return {
    startMs: options.startMs,
    roster,
    eventsStarting(fromMs, toMs) {
      const lowMs = Math.max(fromMs, options.startMs);
      const highMs = Math.min(toMs, endMs);
      if (!(lowMs < highMs)) return [];
      const found: WorldEvent[] = [];
      const firstHour = Math.floor((lowMs - SHIFT_REACH_MS) / HOUR_MS);
      const lastHour = Math.floor((highMs + SHIFT_EARLY_MS) / HOUR_MS);
      for (let hour = firstHour; hour <= lastHour; hour++) {
        const { events } = cohort(hour);
        for (let i = firstStartingAt(events, lowMs); i < events.length; i++) {
          const event = events[i]!;
          if (event.startMs >= highMs) break;
          found.push(event);
        }
      }
      forgetUnused(lastHour - firstHour + 1);
      return found.sort((a, b) => a.startMs - b.startMs || a.salt - b.salt);
    },
    strayEvents(beforeMs) {
      const found: WorldEvent[] = [];
      const firstHour = Math.floor((beforeMs - LATEST_MS - SHIFT_REACH_MS) / HOUR_MS);
      for (let hour = firstHour; hour * HOUR_MS < beforeMs + SHIFT_EARLY_MS; hour++) {
        if (!strays.has(hour) && canStray(hour)) cohort(hour);
        for (const event of strays.get(hour) ?? []) {
          if (event.startMs >= options.startMs && event.startMs < Math.min(beforeMs, endMs))
            found.push(event);
        }
      }
      for (const hour of strays.keys()) if (hour < firstHour - 48) strays.delete(hour);
      forgetUnused(12);
      return found;
    },
    setFaults(fromMs, faults) {
      const period = { fromMs, faults: { ...noFaults, ...faults } };
      while (faultsFrom.length > 1 && faultsFrom.at(-1)!.fromMs >= fromMs) faultsFrom.pop();
      faultsFrom.push(period);
      cohorts.clear();
      strays.clear();
      eventsHeld = 0;
    },
  };
};

const firstStartingAt = (events: readonly WorldEvent[], startMs: number): number => {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (events[middle]!.startMs < startMs) low = middle + 1;
    else high = middle;
  }
  return low;
};
