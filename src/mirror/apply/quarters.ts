import type { Database } from 'better-sqlite3';
import type { EventRow } from './eventRow.ts';
import { createRowsInsert } from './rowsInsert.ts';

export const QUARTER_MS = 900_000;

/**
 * Events longer than this are not in the rollup: one record that ends in the year 9999 would write 280 million rows.
 * Readers add them one by one, through event_by_duration, as they add open ones.
 */
export const LONGEST_IN_ROLLUP_MS = 7 * 86_400_000;

type Delta = { quarter: number; agent: number; combination: number; ms: number; began: number };

/** Time in state by agent and quarter hour: of ended events, exact milliseconds, kept by what each change adds or takes. */
export const createQuarters = (database: Database) => {
  const sums = createRowsInsert<
    [quarter: number, agent: number, combination: number, ms: number, began: number]
  >(
    database,
    'state_quarter (quarter, agent, combination, ms, began)',
    5,
    'on conflict do update set ms = ms + excluded.ms, began = began + excluded.began',
  );
  const removeEmpty = database.prepare(
    'delete from state_quarter where quarter = ? and agent = ? and combination = ? and ms = 0 and began = 0',
  );
  const findCombination = database
    .prepare<[number, number, number, number, number], number>(
      `select id from state_combination
       where presence = ? and state = ? and reason = ? and direction = ? and allocation = ?`,
    )
    .pluck();
  const insertCombination = database.prepare<[number, number, number, number, number]>(
    'insert into state_combination (presence, state, reason, direction, allocation) values (?, ?, ?, ?, ?)',
  );
  const combinations = new Map<string, number>();
  const deltas = new Map<string, Delta>();

  const combinationOf = (e: EventRow): number => {
    const parts = [
      e.presence ?? 0,
      e.state ?? 0,
      e.reason ?? 0,
      e.direction ?? 0,
      e.allocation ?? 0,
    ] as const;
    const key = parts.join();
    const cached = combinations.get(key);
    if (cached !== undefined) return cached;
    const id = findCombination.get(...parts) ?? Number(insertCombination.run(...parts).lastInsertRowid);
    combinations.set(key, id);
    return id;
  };

  const addDelta = (quarter: number, agent: number, combination: number, ms: number, began: number) => {
    const key = `${quarter},${agent},${combination}`;
    const delta = deltas.get(key);
    if (delta) {
      delta.ms += ms;
      delta.began += began;
    } else {
      deltas.set(key, { quarter, agent, combination, ms, began });
    }
  };

  const contribute = (e: EventRow, sign: 1 | -1) => {
    if (e.endMs === null || e.endMs - e.startMs > LONGEST_IN_ROLLUP_MS) return;
    const combination = combinationOf(e);
    const first = Math.floor(e.startMs / QUARTER_MS);
    for (let quarter = first; quarter === first || quarter * QUARTER_MS < e.endMs; quarter += 1) {
      const fromMs = Math.max(e.startMs, quarter * QUARTER_MS);
      const toMs = Math.min(e.endMs, (quarter + 1) * QUARTER_MS);
      addDelta(quarter, e.agent, combination, sign * (toMs - fromMs), quarter === first ? sign : 0);
    }
  };

  return {
    /** Takes away what an event added before, and adds what it adds now. */
    change(before: EventRow | null, after: EventRow | null) {
      if (before) contribute(before, -1);
      if (after) contribute(after, 1);
    },
    /** Writes the sum of the changes. */
    flush() {
      const changes = [...deltas.values()].filter(({ ms, began }) => ms !== 0 || began !== 0);
      for (const { quarter, agent, combination, ms, began } of changes) {
        sums.add(quarter, agent, combination, ms, began);
      }
      sums.flush();
      for (const { quarter, agent, combination, ms, began } of changes) {
        if (ms <= 0 && began <= 0) removeEmpty.run(quarter, agent, combination);
      }
      deltas.clear();
    },
    forget() {
      combinations.clear();
      deltas.clear();
      sums.forget();
    },
  };
};
export type Quarters = ReturnType<typeof createQuarters>;
