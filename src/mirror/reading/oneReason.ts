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

/** What tells each of these rows of `reason` from other reasons: equal for those that are one; null: it names none. */
export const readReasonIdentities = (
  reader: MirrorReader,
  ids: Iterable<number>,
): ReadonlyMap<number, string | null> => {
  const distinct = [...new Set(ids)];
  if (distinct.length === 0) return new Map();
  const rows = reader.all<{ id: number; identity: string | null }>(
    `select reason.id, reason.identity
     from json_each(?) as wanted cross join reason on reason.id = wanted.value`,
    JSON.stringify(distinct),
  );
  return new Map(rows.map(({ id, identity }) => [id, identity]));
};

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
