import {
  type Condition,
  conjuncts,
  countRows,
  type EntityRows,
  type ListName,
  type ListRequest,
  type ListSource,
  type MirrorReader,
  type Pages,
  type RowCount,
  readWatermarks,
  readWindow,
  sources,
  WalkTooLongError,
  type Watermarks,
  WHOLE,
} from '../../mirror/index.ts';
import { siblings } from '../batch.ts';
import {
  type CursorPlace,
  type CursorScope,
  checkParent,
  decodePageCursor,
  encodePageCursor,
  hashCondition,
} from '../cursors/pageCursor.ts';
import { encodeStreamCursor } from '../cursors/streamCursor.ts';
import { tooExpensive } from '../errors.ts';
import { type PageArguments, pageSizeOf } from './arguments.ts';

/** Counting stops here: more than this is AT_LEAST. */
export const COUNT_CAP = 10_000;

/** One page, as its connection's fields read it. */
export type Connection<Row> = {
  rows(): readonly Row[];
  cursorOf(row: Row): string;
  hasNextPage(): boolean;
  hasPreviousPage(): boolean;
  totalCount(): RowCount;
  streamCursor(): string;
  watermarks(): Watermarks;
};

export type ConnectionRequest<Name extends ListName> = ListRequest & {
  list: Name;
  /** The field's name, as in `Query.events`: a cursor is good for it alone. */
  connection: string;
  /** The enum value of the ordering. */
  orderBy: string;
};

/**
 * The pages of one connection field: one for each parent, all from the same statements. Arguments are checked now;
 * everything else is read when it is first asked for, and once. Throws BAD_USER_INPUT, PAGE_SIZE_OVER_LIMIT,
 * CURSOR_MALFORMED, CURSOR_MISMATCH.
 */
export const openPages = <Name extends ListName>(
  reader: MirrorReader,
  request: ConnectionRequest<Name>,
  page: PageArguments,
): ((parent: number) => Connection<EntityRows[Name]>) => {
  type Row = EntityRows[Name];
  const { limit, fromEnd } = pageSizeOf(page);
  const scope: CursorScope = {
    connection: request.connection,
    orderBy: request.orderBy,
    filterHash: hashCondition(request.condition),
  };
  const placeFrom = (argument: 'after' | 'before'): CursorPlace | null => {
    const cursor = page[argument] ?? null;
    return cursor === null ? null : decodePageCursor(reader, scope, cursor, argument);
  };
  const [after, before] = [placeFrom('after'), placeFrom('before')];
  const checkPlaces = (parent: number) => {
    checkParent(after, parent, scope, 'after');
    checkParent(before, parent, scope, 'before');
  };
  // The index of a mapped type by the generic key it is mapped over.
  const source = sources[request.list] as ListSource<Row>;
  const { keyOf } = source.orderings[request.ordering]!;

  const guarded = <Result>(read: () => Result): Result => {
    try {
      return read();
    } catch (thrown) {
      if (!(thrown instanceof WalkTooLongError)) throw thrown;
      throw tooExpensive(thrown, { boundsTime: boundsTime(request.condition) });
    }
  };

  // Siblings share what was read once, perhaps some microtasks later and past another commit: the cursor is of that read.
  const headSeq = once(() => reader.headSeq());
  const watermarks = once(() => readWatermarks(reader));

  const window = once(() => {
    headSeq();
    // One more than the page: whether it is there is whether the list goes on.
    const read = guarded(() =>
      readWindow(reader, request, {
        after: after?.key ?? null,
        before: before?.key ?? null,
        limit: limit + 1,
        fromEnd,
      }),
    );
    const pages = new Map<number, { rows: readonly Row[]; more: boolean }>();
    for (const [parent, rows] of read) {
      const more = rows.length > limit;
      const kept = !more ? rows : fromEnd ? rows.slice(1) : rows.slice(0, limit);
      pages.set(parent, { rows: kept, more });
    }
    siblings([...pages.values()].flatMap(({ rows }) => rows));
    return pages;
  });
  const pageOf = (parent: number) => window().get(parent) ?? { rows: [], more: false };

  /** Which parents have a row at or beyond the cursor: the row that it was made from, if that is still there. */
  const beyond = (side: 'after' | 'before') =>
    once((): Pages<Row> => {
      const edge = (side === 'after' ? after : before)?.key;
      if (!edge) return new Map();
      return guarded(() =>
        readWindow(reader, request, {
          after: side === 'before' ? edge : null,
          before: side === 'after' ? edge : null,
          inclusive: true,
          limit: 1,
          fromEnd: side === 'after',
        }),
      );
    });
  const beyondAfter = beyond('after');
  const beyondBefore = beyond('before');
  const has = (pages: Pages<Row>, parent: number) => (pages.get(parent)?.length ?? 0) > 0;

  const counts = once(() => guarded(() => countRows(reader, request, COUNT_CAP)));

  const connectionOf = (parent: number): Connection<Row> => ({
    rows: () => pageOf(parent).rows,
    cursorOf: (row) => encodePageCursor(reader, scope, keyOf(row), parent),
    hasNextPage: () =>
      fromEnd ? has(beyondBefore(), parent) : pageOf(parent).more || has(beyondBefore(), parent),
    hasPreviousPage: () =>
      fromEnd ? pageOf(parent).more || has(beyondAfter(), parent) : has(beyondAfter(), parent),
    totalCount: () => {
      const count = counts().get(parent) ?? { value: 0, exact: true };
      // A count that was stopped early has seen less than the page may show.
      return count.exact ? count : { value: Math.max(count.value, pageOf(parent).rows.length), exact: false };
    },
    streamCursor: () => encodeStreamCursor(reader, headSeq()),
    watermarks,
  });
  return (parent) => {
    checkPlaces(parent);
    return connectionOf(parent);
  };
};

export { WHOLE };

/** Also remembers that it failed: siblings would each repeat a walk that is too long. */
const once = <Value>(make: () => Value): (() => Value) => {
  let made: { value: Value } | { thrown: unknown } | null = null;
  return () => {
    if (!made) {
      try {
        made = { value: make() };
      } catch (thrown) {
        made = { thrown };
      }
    }
    if ('thrown' in made) throw made.thrown;
    return made.value;
  };
};

/** Whether the condition says when rows begin or last. */
const boundsTime = (condition: Condition): boolean =>
  conjuncts(condition).some(
    (one) => one.kind === 'overlaps' || (one.kind === 'compare' && /^(start|began|end)Ms$/.test(one.field)),
  );
