import { createHash } from 'node:crypto';
import type { Condition, MirrorReader, RowKey } from '../../mirror/index.ts';
import { clientError } from '../errors.ts';
import { seal, unseal } from './seal.ts';

const VERSION = 1;

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

export const encodePageCursor = (reader: MirrorReader, scope: CursorScope, [sort, id]: RowKey): string =>
  seal(reader, 'page', [
    VERSION,
    scope.connection,
    scope.orderBy,
    scope.filterHash,
    sort,
    Buffer.isBuffer(id) ? id.toString('hex') : id,
  ]);

/** The key that the cursor holds. Throws CURSOR_MALFORMED and CURSOR_MISMATCH, naming the argument. */
export const decodePageCursor = (
  reader: MirrorReader,
  scope: CursorScope,
  cursor: string,
  argument: 'after' | 'before',
): RowKey => {
  const content = unseal(reader, 'page', cursor);
  const [version, connection, orderBy, filterHash, sort, id] = content ?? [];
  if (
    version !== VERSION ||
    (typeof sort !== 'number' && typeof sort !== 'string') ||
    (typeof id !== 'number' && typeof id !== 'string')
  ) {
    throw clientError(
      'CURSOR_MALFORMED',
      `\`${argument}\` is no cursor that this gateway gave. Start again without it.`,
      { argument },
    );
  }
  const differs =
    connection !== scope.connection
      ? `of ${String(connection)}, not of ${scope.connection}`
      : orderBy !== scope.orderBy
        ? `of the ordering ${String(orderBy)}, not of ${scope.orderBy}`
        : filterHash !== scope.filterHash
          ? 'of another filter'
          : null;
  if (differs) {
    throw clientError(
      'CURSOR_MISMATCH',
      `\`${argument}\` is a cursor ${differs}. Keep ordering and filter while paging, or start again without it.`,
      { argument },
    );
  }
  return [sort, typeof id === 'string' ? Buffer.from(id, 'hex') : id];
};
