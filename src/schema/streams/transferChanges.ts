import {
  type Condition,
  conditionPredicate,
  decodeTransferImage,
  readTransfers,
  type TransferRow,
} from '../../mirror/index.ts';
import { type ContentChange, kindOf, versionsAsSiblings } from './contentChanges.ts';
import type { Translate } from './source.ts';

/** Each version of a transfer as it came to be. */
export const translateTransfers = (condition: Condition): Translate<ContentChange<TransferRow>> => {
  const satisfies = conditionPredicate('transfer', condition);
  return (reader, rows) => {
    const current = readTransfers(
      reader,
      rows.map((row) => row.subject),
    );
    const changes = rows.map(({ subject, kind, observedMs, before: beforeImage, after: afterImage }) => {
      const row = current.get(subject);
      if (!row) return null;
      const at = (image: string | null) =>
        image === null ? null : { ...row, ...decodeTransferImage(image) };
      const after = at(afterImage) ?? { ...row };
      const before = at(beforeImage);
      if (!satisfies(after, reader) && !(before && satisfies(before, reader))) return null;
      return { kind: kindOf(kind), row: after, before, observedMs };
    });
    versionsAsSiblings(changes);
    return changes;
  };
};
