import type { Database } from 'better-sqlite3';
import type { AgentStateRecord } from '../../upstream/index.ts';
import { createSightings } from './sightings.ts';

type ReasonAttributes = Pick<AgentStateRecord, 'reasonId' | 'reasonName' | 'reasonListId' | 'reasonListName'>;

export type Reasons = {
  /** null when the record gives none of the four attributes. */
  idOf(record: ReasonAttributes): number | null;
  /** Whether two rows, or none, are one reason to people: by the reasonId, under whatever name; without one by the name. */
  same(a: number | null, b: number | null): boolean;
  sight(id: number | null, atMs: number): void;
  flush(): void;
  forget(): void;
};

/** The catalogue of reasons as seen: each combination of id, name, list id and list name is a row. */
export const createReasons = (database: Database): Reasons => {
  const find = database
    .prepare<[string, string, string, string], number>(
      'select id from reason where reason_id = ? and name = ? and reason_list_id = ? and list_name = ?',
    )
    .pluck();
  const insert = database.prepare<[string, string, string, string]>(
    `insert into reason (reason_id, name, reason_list_id, list_name, first_seen_ms, last_seen_ms)
     values (?, ?, ?, ?, 9000000000000000, -9000000000000000)`,
  );
  const sighted = database.prepare(
    `update reason set first_seen_ms = min(first_seen_ms, ?), last_seen_ms = max(last_seen_ms, ?)
     where id = ? and (first_seen_ms > ? or last_seen_ms < ?)`,
  );
  const findIdentity = database
    .prepare<[number], string | null>('select identity from reason where id = ?')
    .pluck();
  const ids = new Map<string, number>();
  const identities = new Map<number, string | null>();
  const sightings = createSightings();

  const identityOf = (id: number | null): string | null => {
    if (id === null) return null;
    const cached = identities.get(id);
    if (cached !== undefined) return cached;
    const identity = findIdentity.get(id) ?? null;
    identities.set(id, identity);
    return identity;
  };

  return {
    same: (a, b) => a === b || identityOf(a) === identityOf(b),
    idOf({ reasonId, reasonName, reasonListId, reasonListName }) {
      if (reasonId === null && reasonName === null && reasonListId === null && reasonListName === null)
        return null;
      const parts = [reasonId ?? '', reasonName ?? '', reasonListId ?? '', reasonListName ?? ''] as const;
      // Not joined: any text between them may stand in a name, too.
      const key = JSON.stringify(parts);
      const cached = ids.get(key);
      if (cached !== undefined) return cached;
      const id = find.get(...parts) ?? Number(insert.run(...parts).lastInsertRowid);
      ids.set(key, id);
      return id;
    },
    sight(id, atMs) {
      if (id !== null) sightings.add(id, atMs);
    },
    flush() {
      sightings.drain((id, { firstMs, lastMs }) => sighted.run(firstMs, lastMs, id, firstMs, lastMs));
    },
    forget() {
      ids.clear();
      identities.clear();
      sightings.forget();
    },
  };
};
