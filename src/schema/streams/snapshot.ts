import type { StatusFacts } from '../../mirror/index.ts';
import { siblings } from '../batch.ts';
import { type Knowledge, statusRow } from '../status/row.ts';
import type { Batch } from './source.ts';
import type { StateChangeRow } from './stateChanges.ts';

/** What stood at one instant, for any number of streams that begin with it. */
export type Snapshot = { batches(): Generator<Batch<StateChangeRow>> };

export type SnapshotParts = {
  facts: readonly StatusFacts[];
  /** As of when the facts were read. */
  nowMs: number;
  knowledge: Knowledge;
  batchSize: number;
  /** Of a part, and of the end. */
  cursors: { inside: string; behind: string };
};

/**
 * These statuses as agents that enter, in pieces that are made when they are asked for: with each a row and a change, a
 * floor is megabytes, and a consumer that stands still would hold all that it has not taken. Streams that take the same
 * piece at about the same time get the same object, which none but them holds.
 */
export const createSnapshot = ({ facts, nowMs, knowledge, batchSize, cursors }: SnapshotParts): Snapshot => {
  const made = new Map<number, WeakRef<Batch<StateChangeRow>>>();

  const pieceFrom = (from: number): Batch<StateChangeRow> => {
    const known = made.get(from)?.deref();
    if (known) return known;
    const changes = facts.slice(from, from + batchSize).map((one) => ({
      kind: 'ENTERED' as const,
      agent: one.agent,
      before: null,
      after: statusRow(one, nowMs, knowledge),
      observedMs: nowMs,
    }));
    siblings(changes.map(({ after }) => after));
    siblings(changes);
    const piece: Batch<StateChangeRow> = { phase: 'SNAPSHOT', cursor: cursors.inside, changes };
    made.set(from, new WeakRef(piece));
    return piece;
  };
  const end: Batch<StateChangeRow> = { phase: 'SNAPSHOT_END', cursor: cursors.behind, changes: [] };

  return {
    *batches() {
      for (let from = 0; from < facts.length; from += batchSize) yield pieceFrom(from);
      yield end;
    },
  };
};
