import { createHash } from 'node:crypto';
import type { GraphQLError } from 'graphql';
import type { Condition, MirrorReader, RowKey } from '../../mirror/index.ts';
import { clientError } from '../errors.ts';
import { seal, unseal } from './seal.ts';

const VERSION = 2;

/** The list that a cursor is a position of: nowhere else does it mean anything. */
export type CursorScope = { connection: string; orderBy: string; filterHash: string };

/** The same for conditions that differ only in the order in which they were written. */
export const hashCondition = (condition: Condition): string =>
  createHash('sha256').update(canonical(condition)).digest('base64url').slice(0, 8);

const canonical = (condition: Condition): string => {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return `${condition.kind}(${condition.of.map(canonical).sort().join()})`;
    case 'not':
      return `not(${canonical(condition.of)})`;
    case 'related':
      return `related:${condition.relation}(${canonical(condition.of)})`;
    default:
      return JSON.stringify(condition);
  }
};

/** Where a cursor stands. */
export type CursorPlace = {
  key: RowKey;
  /**
   * Row id of the object whose list it is; 0 in a list of the whole mirror. A row id names nothing else for as long as
   * its mirror lives, and a mirror's cursors live no longer.
   */
  parent: number;
};

export const encodePageCursor = (
  reader: MirrorReader,
  scope: CursorScope,
  [sort, id]: RowKey,
  parent = 0,
): string =>
  seal(reader, 'page', [
    VERSION,
    scope.connection,
    scope.orderBy,
    scope.filterHash,
    parent,
    sort,
    Buffer.isBuffer(id) ? id.toString('hex') : id,
  ]);

const mismatch = (argument: string, differs: string): GraphQLError =>
  clientError(
    'CURSOR_MISMATCH',
    `\`${argument}\` is a cursor ${differs}. Keep list, ordering and filter while paging, or start again without it.`,
    { argument },
  );

/**
 * The place that the cursor holds. Throws CURSOR_MALFORMED and CURSOR_MISMATCH, naming the argument. Whose list it is of
 * is the caller's to ask: siblings are given the same cursor, and it is good for one of them.
 */
export const decodePageCursor = (
  reader: MirrorReader,
  scope: CursorScope,
  cursor: string,
  argument: 'after' | 'before',
): CursorPlace => {
  const [version, connection, orderBy, filterHash, parent, sort, id] = unseal(reader, 'page', cursor) ?? [];
  if (typeof version === 'number' && version !== VERSION) {
    throw clientError(
      'CURSOR_MALFORMED',
      `\`${argument}\` is a cursor of another version of the gateway. Start again without it.`,
      { argument },
    );
  }
  if (
    version !== VERSION ||
    typeof parent !== 'number' ||
    (typeof sort !== 'number' && typeof sort !== 'string') ||
    (typeof id !== 'number' && typeof id !== 'string')
  ) {
    throw clientError(
      'CURSOR_MALFORMED',
      `\`${argument}\` is no cursor that this mirror gave. Start again without it.`,
      { argument },
    );
  }
  if (connection !== scope.connection) {
    throw mismatch(argument, `of ${String(connection)}, not of ${scope.connection}`);
  }
  if (orderBy !== scope.orderBy) {
    throw mismatch(argument, `of the ordering ${String(orderBy)}, not of ${scope.orderBy}`);
  }
  if (filterHash !== scope.filterHash) throw mismatch(argument, 'of another filter');
  return { key: [sort, typeof id === 'string' ? Buffer.from(id, 'hex') : id], parent };
};

/** Throws CURSOR_MISMATCH unless the cursor is of this object's list. */
export const checkParent = (
  place: CursorPlace | null,
  parent: number,
  { connection }: CursorScope,
  argument: 'after' | 'before',
): void => {
  if (place === null || place.parent === parent) return;
  const [owner] = connection.split('.');
  throw mismatch(argument, `of ${connection} of another ${owner}: each has pages of its own`);
};
