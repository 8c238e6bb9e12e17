import { compareKeys, type MirrorReader, type RowKey, readWatermarks } from '../../mirror/index.ts';
import { siblings } from '../batch.ts';
import { type PageArguments, pageSizeOf } from '../connection/arguments.ts';
import type { Connection } from '../connection/pages.ts';
import { type CursorScope, decodePageCursor, encodePageCursor } from '../cursors/pageCursor.ts';
import { headCursor } from '../cursors/streamCursor.ts';

/**
 * A page of rows that are all at hand: there is one status an agent, so the whole floor is some thousand rows.
 * The same contract as a page that is read: exact on both sides, cursors bound to scope.
 */
export const pageOfRows = <Row extends object>(
  reader: MirrorReader,
  rows: readonly Row[],
  order: { keyOf(row: Row): RowKey; descending: boolean },
  scope: CursorScope,
  page: PageArguments,
): Connection<Row> => {
  const { limit, fromEnd } = pageSizeOf(page);
  const keyFrom = (argument: 'after' | 'before'): RowKey | null => {
    const cursor = page[argument] ?? null;
    return cursor === null ? null : decodePageCursor(reader, scope, cursor, argument).key;
  };
  const [after, before] = [keyFrom('after'), keyFrom('before')];
  const sign = order.descending ? -1 : 1;
  const compare = (a: RowKey, b: RowKey) => sign * compareKeys(a, b);
  const sorted = [...rows].sort((a, b) => compare(order.keyOf(a), order.keyOf(b)));
  const begin = after ? firstIndex(sorted, (row) => compare(order.keyOf(row), after) > 0) : 0;
  const end = before ? firstIndex(sorted, (row) => compare(order.keyOf(row), before) >= 0) : sorted.length;
  const from = fromEnd ? Math.max(begin, end - limit) : begin;
  const to = fromEnd ? Math.max(begin, end) : Math.max(begin, Math.min(end, begin + limit));
  const shown = siblings(sorted.slice(from, to));
  return {
    rows: () => shown,
    cursorOf: (row) => encodePageCursor(reader, scope, order.keyOf(row)),
    hasNextPage: () => to < sorted.length,
    hasPreviousPage: () => from > 0,
    totalCount: () => ({ value: sorted.length, exact: true }),
    streamCursor: () => headCursor(reader),
    watermarks: () => readWatermarks(reader),
  };
};

/** Index of the first row for which `holds`, in rows for which it turns true once and stays so. */
const firstIndex = <Row>(rows: readonly Row[], holds: (row: Row) => boolean): number => {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(rows[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
};
