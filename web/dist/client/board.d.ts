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
export type Batch<Status> = Pick<FloorView<Status>, 'cursor' | 'freshThrough' | 'completeThrough' | 'health'> & {
    phase: FloorView<Status>['phase'] | 'SNAPSHOT';
    changes: readonly {
        kind: ChangeKind;
        agent: {
            agentId: string;
        };
        after: Status | null;
    }[];
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
export declare const createBoard: <Status>() => Board<Status>;
