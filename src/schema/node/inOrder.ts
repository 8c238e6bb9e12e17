import { siblings } from '../batch.ts';

/** Rows in the order of the ids that were asked for, null for those that there are none of; all of them siblings. */
export const inOrder = <Row extends object>(
  ids: readonly string[],
  rows: readonly Row[],
  idOf: (row: Row) => string,
): (Row | null)[] => {
  siblings(rows);
  const byId = new Map(rows.map((row) => [idOf(row), row]));
  return ids.map((id) => byId.get(id) ?? null);
};
