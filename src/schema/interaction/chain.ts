import type { TransferRow } from '../../mirror/index.ts';

/** One hand-over of an interaction, and the one that had brought it to whoever handed it over. */
export type Link = {
  transfer: TransferRow;
  /** Null for a first hand-over, and where the chain is broken. */
  after: TransferRow | null;
  /** Whoever handed it over was never handed it, though it had been handed over before. */
  broken: boolean;
};

/**
 * An interaction's transfers, earliest first, each after the latest one that had begun by then and whose target hands
 * it on. Conferences and repeated hand-overs make it a tree; what the mirror never saw makes it break.
 */
export const chainOf = (transfers: readonly TransferRow[]): Link[] => {
  const inOrder = [...transfers].sort((a, b) => a.startMs - b.startMs || a.id - b.id);
  const first = inOrder[0];
  return inOrder.map((transfer, i) => {
    const after = inOrder.slice(0, i).findLast((earlier) => earlier.toAgent === transfer.fromAgent) ?? null;
    // The one with whom it began may hand it over more than once.
    return { transfer, after, broken: after === null && transfer.fromAgent !== first?.fromAgent };
  });
};
