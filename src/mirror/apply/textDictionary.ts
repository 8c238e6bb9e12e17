import type { Database } from 'better-sqlite3';

/** The cache is dropped when it holds this many texts, so that memory stays flat whatever upstream sends. */
const MAX_CACHED = 50_000;

export type TextDictionary = {
  idOf(text: string): number;
  forget(): void;
};

/** Texts that repeat on many rows, each stored once. */
export const createTextDictionary = (
  database: Database,
  table: 'name_text' | 'capacity_text',
  column: 'name' | 'body',
): TextDictionary => {
  const find = database.prepare<[string], number>(`select id from ${table} where ${column} = ?`).pluck();
  const insert = database.prepare<[string]>(`insert into ${table} (${column}) values (?)`);
  const ids = new Map<string, number>();
  return {
    idOf(text) {
      const cached = ids.get(text);
      if (cached !== undefined) return cached;
      const id = find.get(text) ?? Number(insert.run(text).lastInsertRowid);
      if (ids.size >= MAX_CACHED) ids.clear();
      ids.set(text, id);
      return id;
    },
    forget: () => ids.clear(),
  };
};
