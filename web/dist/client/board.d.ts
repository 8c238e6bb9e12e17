export type ChangeKind = 'ENTERED' | 'CHANGED' | 'REVISED' | 'LEFT';
/** What every status of the board has; the selection adds to it. */
export type StatusBase = {
    agent: {
        agentId: string;
    };
};
export type FloorChange<Status> = {
    kind: ChangeKind;
    agentId: string;
    after: Status | null;
};
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
    changes: readonly {
        kind: ChangeKind;
        agent: {
            agentId: string;
        };
        after: Status | null;
    }[];
};
/**
 * Who is in which state. Batches are put in as they come; a view is taken when somebody has time for one. So a slow
 * reader misses views, never changes, and what is held is bounded by the number of agents.
 */
export declare const createBoard: <Status>() => {
    apply(batch: Batch<Status>): void;
    /** A stream was cut: what came of its snapshot is worth nothing. */
    cut(): void;
    /** What has come since the last view; null when nothing has. */
    takeView(): FloorView<Status> | null;
};
