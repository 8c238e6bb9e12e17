import type { MirrorReader } from './reader.ts';

/**
 * What makes rows of the catalogue one reason, or of one list: the id, under whatever name; without one the name. Of a
 * reason it is what the writer goes by.
 */
const KEY_SQL = {
  REASON: 'identity',
  REASON_LIST: `case when reason_list_id <> '' then 'id ' || reason_list_id
    when list_name <> '' then 'name ' || list_name end`,
} as const;

/** Each row of `reason`, by its id, to the oldest of those that are one reason with it; null: it names none. */
export const readOldestReasons = (
  reader: MirrorReader,
  part: keyof typeof KEY_SQL,
): ReadonlyMap<number, number | null> => {
  const rows = reader.all<{ id: number; key: string | null }>(
    `select id, ${KEY_SQL[part]} as key from reason order by id`,
  );
  const oldest = new Map<string, number>();
  return new Map(
    rows.map(({ id, key }) => {
      if (key === null) return [id, null];
      const first = oldest.get(key) ?? id;
      oldest.set(key, first);
      return [id, first];
    }),
  );
};
