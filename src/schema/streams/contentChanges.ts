import { changeKindCodes } from '../../mirror/index.ts';
import { siblings } from '../batch.ts';

export type ContentChangeKind = 'NEW' | 'REVISED' | 'CLOSED';
export type ContentChange<Row> = {
  kind: ContentChangeKind;
  row: Row;
  before: Row | null;
  observedMs: number;
};

const kinds = new Map<number, ContentChangeKind>([
  [changeKindCodes.EVENT_NEW, 'NEW'],
  [changeKindCodes.EVENT_REVISED, 'REVISED'],
  [changeKindCodes.EVENT_CLOSED, 'CLOSED'],
  [changeKindCodes.TRANSFER_NEW, 'NEW'],
  [changeKindCodes.TRANSFER_REVISED, 'REVISED'],
  [changeKindCodes.TRANSFER_CLOSED, 'CLOSED'],
]);
/** The writer knows no other kinds of these topics. */
export const kindOf = (code: number): ContentChangeKind => kinds.get(code)!;

/** What will be asked of one version, before or after, will be asked of all. */
export const versionsAsSiblings = <Row extends object>(
  changes: readonly (ContentChange<Row> | null)[],
): void => {
  siblings(
    changes.flatMap((change) => (change ? [change.row, ...(change.before ? [change.before] : [])] : [])),
  );
};
