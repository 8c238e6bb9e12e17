export type ChangeKind = 'ENTERED' | 'CHANGED' | 'REVISED' | 'LEFT';

/** What every status of the board has; the selection adds to it. */
export type StatusBase = { agent: { agentId: string } };

export type FloorChange<Status> = { kind: ChangeKind; agentId: string; after: Status | null };

export type FloorView<Status> = {
  /** Every agent that matches the filter, by agentId. Never changed later; the same map as before if nobody's status is new. */
  statuses: ReadonlyMap<string, Status>;
  /** What differs from the view before, one an agent; empty after a snapshot, which replaces the board as a whole. */
  changes: readonly FloorChange<Status>[];
  /** HEARTBEAT: nobody's status is new; watermarks, health, `connected` or `stale` may be. */
  phase: 'SNAPSHOT_END' | 'LIVE' | 'HEARTBEAT';
  cursor: string;
  /** Instants as RFC 3339 text; null before the first coverage. */
  freshThrough: string | null;
  completeThrough: string | null;
  health: string;
  /** Whether there is a connection; without one it is being tried again. */
  connected: boolean;
  /** Say so on the board: the feed is not well, or `freshThrough` has stood still for longer than `staleMs`. */
  stale: boolean;
};

/** A StateChangeBatch as it is asked for. */
export type Batch<Status> = Pick<
  FloorView<Status>,
  'cursor' | 'freshThrough' | 'completeThrough' | 'health'
> & {
  phase: FloorView<Status>['phase'] | 'SNAPSHOT';
  changes: readonly { kind: ChangeKind; agent: { agentId: string }; after: Status | null }[];
};

export type Board<Status> = {
  apply(batch: Batch<Status>): void;
  setConnected(connected: boolean): void;
  setStandstill(standsStill: boolean): void;
  /** What has come since the last view; null when nothing has, and before the first snapshot is whole. */
  takeView(): FloorView<Status> | null;
};

/**
 * Who is in which state. Batches are put in as they come; a view is taken when somebody has time for one. So a slow
 * reader misses views, never changes, and what is held is bounded by the number of agents.
 */
export const createBoard = <Status>(): Board<Status> => {
  let statuses = new Map<string, Status>();
  /** What the last view shows; it is the reader's, so `statuses` is copied before it changes. */
  let shown: ReadonlyMap<string, Status> = statuses;
  /** A snapshot counts only once it is whole. */
  let incoming = new Map<string, Status>();
  let latestKind = new Map<string, ChangeKind>();
  let last: Batch<Status> | null = null;
  let replaced = false;
  let connected = false;
  let standsStill = false;
  let isNew = false;

  const put = (board: Map<string, Status>, { kind, agent, after }: Batch<Status>['changes'][number]) => {
    if (kind === 'LEFT' || after === null) board.delete(agent.agentId);
    else board.set(agent.agentId, after);
  };

  /** Against what the reader has: an agent that came and went between two views is no change. */
  const changesSinceShown = (): FloorChange<Status>[] => {
    const changes: FloorChange<Status>[] = [];
    for (const [agentId, latest] of latestKind) {
      const after = statuses.get(agentId) ?? null;
      const wasShown = shown.has(agentId);
      if (after) changes.push({ kind: wasShown ? agreed(latest) : 'ENTERED', agentId, after });
      else if (wasShown) changes.push({ kind: 'LEFT', agentId, after });
    }
    return changes;
  };

  return {
    apply(batch) {
      if (batch.phase === 'SNAPSHOT' || batch.phase === 'SNAPSHOT_END') {
        for (const change of batch.changes) put(incoming, change);
        if (batch.phase === 'SNAPSHOT') return;
        statuses = incoming;
        incoming = new Map();
        latestKind = new Map();
        replaced = true;
      } else {
        if (batch.changes.length > 0 && statuses === shown) statuses = new Map(shown);
        for (const change of batch.changes) {
          put(statuses, change);
          // Added anew: changes stand in the order of the latest.
          latestKind.delete(change.agent.agentId);
          latestKind.set(change.agent.agentId, change.kind);
        }
      }
      last = batch;
      isNew = true;
    },
    setConnected(now) {
      // What came of a snapshot that was cut is worth nothing.
      if (!now) incoming = new Map();
      if (now !== connected) isNew = true;
      connected = now;
    },
    setStandstill(now) {
      if (now !== standsStill) isNew = true;
      standsStill = now;
    },
    takeView() {
      if (!last || !isNew) return null;
      const { cursor, freshThrough, completeThrough, health } = last;
      const changes = replaced ? [] : changesSinceShown();
      const phase = replaced ? 'SNAPSHOT_END' : changes.length > 0 ? 'LIVE' : 'HEARTBEAT';
      shown = statuses;
      latestKind = new Map();
      replaced = false;
      isNew = false;
      const stale = standsStill || health !== 'OK';
      return { statuses, changes, phase, cursor, freshThrough, completeThrough, health, connected, stale };
    },
  };
};

/** Of an agent that was on the board before and is now: that it left and came back in between is a change of status. */
const agreed = (latest: ChangeKind): ChangeKind => (latest === 'REVISED' ? 'REVISED' : 'CHANGED');
