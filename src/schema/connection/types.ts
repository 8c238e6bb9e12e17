import type { ObjectRef } from '@pothos/core';
import type { RowCount } from '../../mirror/index.ts';
import { type BuilderTypes, builder } from '../builder.ts';
import type { Connection } from './pages.ts';

const CountPrecision = builder.enumType('CountPrecision', {
  description: 'How exact a count is.',
  values: {
    EXACT: { description: 'There are exactly so many.' },
    AT_LEAST: { description: 'There are so many or more: counting stopped.' },
  },
});

export const Count = builder.objectRef<RowCount>('Count').implement({
  description: 'How many rows a whole list has.',
  fields: (t) => ({
    value: t.exposeInt('value', { nullable: false, description: 'Number of rows; 10,000 at most.' }),
    precision: t.field({
      type: CountPrecision,
      nullable: false,
      description: 'Whether it is exactly so many.',
      resolve: (count) => (count.exact ? 'EXACT' : 'AT_LEAST'),
    }),
  }),
});

/** One row of a page, with its connection, which knows its cursor. */
type Edge<Row> = { row: Row; connection: Connection<Row> };

/** `<Name>Connection` and `<Name>Edge` over a row's type. */
export const defineConnection = <Row extends object>(
  name: string,
  rows: string,
  node: ObjectRef<BuilderTypes, Row>,
): ObjectRef<BuilderTypes, Connection<Row>> => {
  const edge = builder.objectRef<Edge<Row>>(`${name}Edge`).implement({
    description: `One row of a page of ${rows}.`,
    fields: (t) => ({
      cursor: t.string({
        nullable: false,
        description: 'Position of the row in this ordering and filter, opaque: for `after` and `before`.',
        resolve: ({ row, connection }) => connection.cursorOf(row),
      }),
      node: t.field({
        type: node,
        nullable: false,
        description: 'The row.',
        // Pothos cannot see through the type parameter that the node's ref is of this very row.
        resolve: ({ row }) => row as never,
      }),
    }),
  });
  return builder.objectRef<Connection<Row>>(`${name}Connection`).implement({
    description: `A page of ${rows}.`,
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        nullable: { list: false, items: false },
        description: 'The page, each row with its cursor.',
        resolve: (connection) => connection.rows().map((row) => ({ row, connection })),
      }),
      nodes: t.field({
        type: [node],
        nullable: { list: false, items: false },
        description: 'The page without cursors.',
        // As above.
        resolve: (connection) => connection.rows() as never,
      }),
      pageInfo: t.field({
        type: builder.pageInfoRef(),
        nullable: false,
        description: 'Where the page lies in the whole list.',
        resolve: (connection) => pageInfoOf(connection),
      }),
      totalCount: t.field({
        type: Count,
        nullable: false,
        description: 'How many rows the whole list has, whatever the page; counted only when asked for.',
        resolve: (connection) => connection.totalCount(),
      }),
      streamCursor: t.field({
        type: 'Cursor',
        nullable: false,
        description:
          'Head of the change log as of this page: a subscription `after` it continues with the very next change.',
        resolve: (connection) => connection.streamCursor(),
      }),
      freshThrough: t.field({
        type: 'DateTime',
        description:
          'End of the youngest stretch of time that was settled when the page was read: of what came later rows may still be missing. Null before the first.',
        resolve: (connection) => connection.watermarks().freshThroughMs,
      }),
      completeThrough: t.field({
        type: 'DateTime',
        description:
          'The latest instant before which nothing was unsettled or could still be filled when the page was read. What is lost for ever does not hold it back: `coverage` tells of any range what was read. Null while the very beginning is missing.',
        resolve: (connection) => connection.watermarks().completeThroughMs,
      }),
    }),
  }) as ObjectRef<BuilderTypes, Connection<Row>>;
};

/** Getters: each side is looked at only when it is asked for. */
const pageInfoOf = <Row>(connection: Connection<Row>) => ({
  get hasNextPage() {
    return connection.hasNextPage();
  },
  get hasPreviousPage() {
    return connection.hasPreviousPage();
  },
  get startCursor() {
    const first = connection.rows()[0];
    return first ? connection.cursorOf(first) : null;
  },
  get endCursor() {
    const last = connection.rows().at(-1);
    return last ? connection.cursorOf(last) : null;
  },
});
