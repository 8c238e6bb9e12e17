export type ChangeKind = 'ENTERED' | 'CHANGED' | 'REVISED' | 'LEFT';

/** What every status of the board has; the selection adds to it. */
export type StatusBase = { agent: { agentId: string } };

export type FloorChange<Status> = { kind: ChangeKind; agentId: string; after: Status | null };

export type FloorView<Status> = {
  /** Every agent that matches the filter, by agentId; a map of this view's own, which nothing changes later. */
  statuses: ReadonlyMap<string, Status>;
  /** What changed since the view before, one an agent; empty after a snapshot and for heartbeats. */
  changes: readonly FloorChange<Status>[];
  phase: 'SNAPSHOT_END' | 'LIVE' | 'HEARTBEAT';
  cursor: string;
  /** Instants as RFC 3339 text; null before the first coverage. A board whose `freshThrough` stands still is stale. */
  freshThrough: string | null;
  completeThrough: string | null;
  health: string;
};

/** A StateChangeBatch as it is asked for. */
export type Batch<Status> = Omit<FloorView<Status>, 'statuses' | 'changes' | 'phase'> & {
  phase: FloorView<Status>['phase'] | 'SNAPSHOT';
  changes: readonly { kind: ChangeKind; agent: { agentId: string }; after: Status | null }[];
};

/**
 * Who is in which state. Batches are put in as they come; a view is taken when somebody has time for one. So a slow
 * reader misses views, never changes, and what is held is bounded by the number of agents.
 */
export const createBoard = <Status>() => {
  let statuses = new Map<string, Status>();
  /** A snapshot counts only once it is whole. */
  let incoming = new Map<string, Status>();
  let changes = new Map<string, FloorChange<Status>>();
  let last: Batch<Status> | null = null;
  let phase: FloorView<Status>['phase'] = 'HEARTBEAT';

  const put = (board: Map<string, Status>, { kind, agent, after }: Batch<Status>['changes'][number]) => {
    if (kind === 'LEFT' || after === null) board.delete(agent.agentId);
    else board.set(agent.agentId, after);
  };

  const note = ({ kind, agent: { agentId }, after }: Batch<Status>['changes'][number]) => {
    const before = changes.get(agentId)?.kind;
    // Added anew: changes stand in the order of the latest.
    changes.delete(agentId);
    if (before === 'ENTERED' && kind === 'LEFT') return;
    const merged = before === 'ENTERED' ? 'ENTERED' : before === 'LEFT' && kind !== 'LEFT' ? 'CHANGED' : kind;
    changes.set(agentId, { kind: merged, agentId, after });
  };

  return {
    apply(batch: Batch<Status>): void {
      if (batch.phase === 'SNAPSHOT' || batch.phase === 'SNAPSHOT_END') {
        for (const change of batch.changes) put(incoming, change);
        if (batch.phase === 'SNAPSHOT') return;
        statuses = incoming;
        incoming = new Map();
        changes = new Map();
        phase = 'SNAPSHOT_END';
      } else {
        for (const change of batch.changes) {
          put(statuses, change);
          note(change);
        }
        if (batch.phase === 'LIVE' && phase === 'HEARTBEAT') phase = 'LIVE';
      }
      last = batch;
    },
    /** A stream was cut: what came of its snapshot is worth nothing. */
    cut(): void {
      incoming = new Map();
    },
    /** What has come since the last view; null when nothing has. */
    takeView(): FloorView<Status> | null {
      if (!last) return null;
      const { cursor, freshThrough, completeThrough, health } = last;
      const view: FloorView<Status> = {
        statuses: new Map(statuses),
        changes: phase === 'SNAPSHOT_END' ? [] : [...changes.values()],
        phase,
        cursor,
        freshThrough,
        completeThrough,
        health,
      };
      last = null;
      changes = new Map();
      phase = 'HEARTBEAT';
      return view;
    },
  };
};
