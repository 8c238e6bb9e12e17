import {
  type Condition,
  type CurrentStatus,
  countCurrentStatuses,
  type MirrorReader,
  type RowKey,
  readStatusPage,
  readWatermarks,
  type StatusOrder,
  statusKeyOf,
} from '../../mirror/index.ts';
import { siblings } from '../batch.ts';
import { type PageArguments, pageSizeOf } from '../connection/arguments.ts';
import type { Connection } from '../connection/pages.ts';
import { type CursorScope, decodePageCursor, encodePageCursor } from '../cursors/pageCursor.ts';
import { headCursor } from '../cursors/streamCursor.ts';
import type { StatusRow } from './row.ts';

/**
 * A page of the statuses now: no more is read than it shows, and one row on the other side of each cursor that is given.
 * The same contract as every other list: exact on both sides, cursors bound to scope.
 */
export const pageOfCurrent = (
  reader: MirrorReader,
  {
    condition,
    order,
    rowOf,
  }: { condition: Condition; order: StatusOrder; rowOf(one: CurrentStatus): StatusRow },
  scope: CursorScope,
  page: PageArguments,
): Connection<StatusRow> => {
  const { limit, fromEnd } = pageSizeOf(page);
  const keyFrom = (argument: 'after' | 'before'): RowKey | null => {
    const cursor = page[argument] ?? null;
    return cursor === null ? null : decodePageCursor(reader, scope, cursor, argument).key;
  };
  const [after, before] = [keyFrom('after'), keyFrom('before')];
  // One more than the page: whether it is there is whether the list goes on.
  const read = readStatusPage(reader, condition, order, {
    after,
    before,
    inclusive: false,
    limit: limit + 1,
    fromEnd,
  });
  const more = read.length > limit;
  const kept = !more ? read : fromEnd ? read.slice(1) : read.slice(0, limit);
  const keys = new Map(kept.map((one) => [one.agent, statusKeyOf(one, order)]));
  const shown = siblings(kept.map(rowOf));
  const beyond = (edge: RowKey | null, side: 'after' | 'before'): boolean =>
    edge !== null &&
    readStatusPage(reader, condition, order, {
      after: side === 'before' ? edge : null,
      before: side === 'after' ? edge : null,
      inclusive: true,
      limit: 1,
      fromEnd: false,
    }).length > 0;
  return {
    rows: () => shown,
    // Every row shown is one of those kept.
    cursorOf: (row) => encodePageCursor(reader, scope, keys.get(row.agent)!),
    hasNextPage: () => (fromEnd ? false : more) || beyond(before, 'before'),
    hasPreviousPage: () => (fromEnd ? more : false) || beyond(after, 'after'),
    totalCount: () => ({ value: countCurrentStatuses(reader, condition), exact: true }),
    streamCursor: () => headCursor(reader),
    watermarks: () => readWatermarks(reader),
  };
};
