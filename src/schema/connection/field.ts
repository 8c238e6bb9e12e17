import type { ArgBuilder, InputRef } from '@pothos/core';
import type { EntityRows } from '../../mirror/index.ts';
import { allOf, type Condition, type ListName } from '../../mirror/index.ts';
import { batched } from '../batch.ts';
import type { BuilderTypes } from '../builder.ts';
import type { GatewayContext } from '../context.ts';
import { compileFilter, type Filter, type FilterInput } from '../filter/filter.ts';
import { nowMsOf } from '../now.ts';
import type { PageArguments } from './arguments.ts';
import type { Connection } from './pages.ts';
import { type ConnectionRequest, openPages, WHOLE } from './pages.ts';

/** How an enum value of an ordering is read: an ordering of the list, and its direction. */
export type OrderBy = Readonly<Record<string, { ordering: string; descending: boolean }>>;

export type ListArguments = PageArguments & {
  filter?: FilterInput | null | undefined;
  orderBy?: string | null | undefined;
};

export type ListField<Name extends ListName> = {
  /** The field's name, as in `Query.events`. */
  connection: string;
  list: Name;
  filter: Filter;
  orderings: OrderBy;
  defaultOrderBy: string;
  /** What every row must satisfy besides the filter. */
  always?: (condition: Condition) => Condition;
};

const requestOf = <Name extends ListName>(
  field: ListField<Name>,
  args: ListArguments,
  parents: ConnectionRequest<Name>['parents'],
  context: GatewayContext,
): ConnectionRequest<Name> => {
  const orderBy = args.orderBy ?? field.defaultOrderBy;
  const asked = compileFilter(field.filter, args.filter, { nowMs: () => nowMsOf(context), atMs: null });
  return {
    connection: field.connection,
    orderBy,
    list: field.list,
    ...field.orderings[orderBy]!,
    condition: field.always ? allOf([asked, field.always(asked)]) : asked,
    parents,
  };
};

/** A page of a whole list. */
export const resolveList = <Name extends ListName>(
  field: ListField<Name>,
  args: ListArguments,
  context: GatewayContext,
): Connection<EntityRows[Name]> =>
  openPages(context.tenant.mirror, requestOf(field, args, null, context), args)(WHOLE);

/** A page of the rows that belong to `parent`; read for all its siblings at once. `column` holds the parent's row id. */
export const resolveNestedList = <Name extends ListName, Parent extends { id: number }>(
  field: ListField<Name>,
  column: string,
  parent: Parent,
  args: ListArguments,
  context: GatewayContext,
): Connection<EntityRows[Name]> =>
  batched(parent, `${field.connection}:${JSON.stringify(args)}`, (parents: readonly Parent[]) =>
    openPages(
      context.tenant.mirror,
      requestOf(field, args, { column, ids: distinctIds(parents) }, context),
      args,
    ),
  )(parent.id);

const distinctIds = (rows: readonly { id: number }[]): number[] => [...new Set(rows.map((row) => row.id))];

type Arg = ArgBuilder<BuilderTypes>;

/** The arguments that every connection has. */
export const pageArguments = (arg: Arg) => ({
  first: arg.int({
    description: 'How many rows from the start, 1000 at most; 50 when neither `first` nor `last` is given.',
  }),
  last: arg.int({ description: 'How many rows from the end, 1000 at most; they come in the same order.' }),
  after: arg.string({
    description: 'Only rows behind this cursor, which must be of this very list, ordering and filter.',
  }),
  before: arg.string({
    description: 'Only rows in front of this cursor, which must be of this very list, ordering and filter.',
  }),
});

export const filterArgument = (arg: Arg, filter: { ref: InputRef<FilterInput> }) =>
  arg({ type: filter.ref, description: 'Only rows that satisfy this.' });
