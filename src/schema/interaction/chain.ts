import type { TransferRow } from '../../mirror/index.ts';

/** One hand-over of an interaction, and the one that had brought it to whoever handed it over. */
export type Link = {
  transfer: TransferRow;
  /** Null for a first hand-over, and where the chain is broken. */
  after: TransferRow | null;
  /** Whoever handed it over was never handed it, though it had been handed over before. */
  broken: boolean;
};

/** Whether any of these begin at the same instant, so that only who hands on to whom tells their order. */
export const haveTies = (transfers: readonly TransferRow[]): boolean =>
  new Set(transfers.map(({ startMs }) => startMs)).size < transfers.length;

/**
 * An interaction's transfers, earliest first, each after the latest one that had begun by then and whose target hands
 * it on. Conferences and repeated hand-overs make it a tree; what the mirror never saw makes it break.
 *
 * `agentKeyOf`: of an agent (agent.id) a key that a rebuilt mirror has too, for ties; row ids are as the rows came in.
 */
export const chainOf = (transfers: readonly TransferRow[], agentKeyOf: (agent: number) => string): Link[] => {
  const inOrder = orderOf(transfers, agentKeyOf);
  const first = inOrder[0];
  return inOrder.map((transfer, i) => {
    const after = inOrder.slice(0, i).findLast((earlier) => earlier.toAgent === transfer.fromAgent) ?? null;
    // The one with whom it began may hand it over more than once.
    return { transfer, after, broken: after === null && transfer.fromAgent !== first?.fromAgent };
  });
};

/** By start; of those with one start, a hand-over comes behind the one that brought it to whoever makes it. */
const orderOf = (transfers: readonly TransferRow[], agentKeyOf: (agent: number) => string): TransferRow[] => {
  const keyOf = ({ fromAgent, toAgent }: TransferRow) => `${agentKeyOf(fromAgent)} ${agentKeyOf(toAgent)}`;
  const byStart = Map.groupBy(transfers, ({ startMs }) => startMs);
  const inOrder: TransferRow[] = [];
  const reached = new Set<number>();
  for (const startMs of [...byStart.keys()].sort((a, b) => a - b)) {
    const together = byStart.get(startMs)!;
    const left = together.length === 1 ? [...together] : sortedBy(together, keyOf);
    while (left.length > 0) {
      const awaited = (one: TransferRow) =>
        left.some((other) => other !== one && other.toAgent === one.fromAgent);
      // All await another only in a circle: it begins with whoever was handed it before, if anybody was.
      let next = left.findIndex((one) => !awaited(one));
      if (next < 0)
        next = Math.max(
          0,
          left.findIndex((one) => reached.has(one.fromAgent)),
        );
      const [one] = left.splice(next, 1);
      inOrder.push(one!);
      reached.add(one!.toAgent);
    }
  }
  return inOrder;
};

const sortedBy = (transfers: readonly TransferRow[], keyOf: (one: TransferRow) => string): TransferRow[] => {
  const keyed = transfers.map((one) => ({ one, key: keyOf(one) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ one }) => one);
};
