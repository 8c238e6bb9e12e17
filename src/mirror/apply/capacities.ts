import type { Database } from 'better-sqlite3';
import type { CapacityGroup } from '../../upstream/index.ts';
import { sortedKeys } from './sortedKeys.ts';
import { createTextDictionary } from './textDictionary.ts';

export type Capacities = {
  idOf(groups: readonly CapacityGroup[]): number;
  forget(): void;
};

const MAX_CACHED = 50_000;

/** Capacity groups, each text once; the order of upstream's attributes makes no other text. */
export const createCapacities = (database: Database): Capacities => {
  const texts = createTextDictionary(database, 'capacity_text', 'body');
  /** By the text as it came: sorting keys is most of the work. */
  const known = new Map<string, number>();
  return {
    idOf(groups) {
      const asIs = JSON.stringify(groups);
      const cached = known.get(asIs);
      if (cached !== undefined) return cached;
      const id = texts.idOf(
        JSON.stringify(
          groups.map(({ channels, allocation, load, capacity }) => ({
            channels: sortedKeys(channels),
            allocation,
            load,
            capacity,
          })),
        ),
      );
      if (known.size >= MAX_CACHED) known.clear();
      known.set(asIs, id);
      return id;
    },
    forget() {
      known.clear();
      texts.forget();
    },
  };
};
