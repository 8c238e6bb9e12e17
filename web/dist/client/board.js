/**
 * Who is in which state. Batches are put in as they come; a view is taken when somebody has time for one. So a slow
 * reader misses views, never changes, and what is held is bounded by the number of agents.
 */
export const createBoard = () => {
    let statuses = new Map();
    /** A snapshot counts only once it is whole. */
    let incoming = new Map();
    let changes = new Map();
    let last = null;
    let phase = 'HEARTBEAT';
    const put = (board, { kind, agent, after }) => {
        if (kind === 'LEFT' || after === null)
            board.delete(agent.agentId);
        else
            board.set(agent.agentId, after);
    };
    const note = ({ kind, agent: { agentId }, after }) => {
        const before = changes.get(agentId)?.kind;
        // Added anew: changes stand in the order of the latest.
        changes.delete(agentId);
        if (before === 'ENTERED' && kind === 'LEFT')
            return;
        const merged = before === 'ENTERED' ? 'ENTERED' : before === 'LEFT' && kind !== 'LEFT' ? 'CHANGED' : kind;
        changes.set(agentId, { kind: merged, agentId, after });
    };
    return {
        apply(batch) {
            if (batch.phase === 'SNAPSHOT' || batch.phase === 'SNAPSHOT_END') {
                for (const change of batch.changes)
                    put(incoming, change);
                if (batch.phase === 'SNAPSHOT')
                    return;
                statuses = incoming;
                incoming = new Map();
                changes = new Map();
                phase = 'SNAPSHOT_END';
            }
            else {
                for (const change of batch.changes) {
                    put(statuses, change);
                    note(change);
                }
                if (batch.phase === 'LIVE' && phase === 'HEARTBEAT')
                    phase = 'LIVE';
            }
            last = batch;
        },
        /** A stream was cut: what came of its snapshot is worth nothing. */
        cut() {
            incoming = new Map();
        },
        /** What has come since the last view; null when nothing has. */
        takeView() {
            if (!last)
                return null;
            const { cursor, freshThrough, completeThrough, health } = last;
            const view = {
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
