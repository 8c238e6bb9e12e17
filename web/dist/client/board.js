/**
 * Who is in which state. Batches are put in as they come; a view is taken when somebody has time for one. So a slow
 * reader misses views, never changes, and what is held is bounded by the number of agents.
 */
export const createBoard = () => {
    let statuses = new Map();
    /** What the last view shows; it is the reader's, so `statuses` is copied before it changes. */
    let shown = statuses;
    /** A snapshot counts only once it is whole. */
    let incoming = new Map();
    let latestKind = new Map();
    let last = null;
    let replaced = false;
    let connected = false;
    let standsStill = false;
    let isNew = false;
    const put = (board, { kind, agent, after }) => {
        if (kind === 'LEFT' || after === null)
            board.delete(agent.agentId);
        else
            board.set(agent.agentId, after);
    };
    /** Against what the reader has: an agent that came and went between two views is no change. */
    const changesSinceShown = () => {
        const changes = [];
        for (const [agentId, latest] of latestKind) {
            const after = statuses.get(agentId) ?? null;
            const wasShown = shown.has(agentId);
            if (after)
                changes.push({ kind: wasShown ? agreed(latest) : 'ENTERED', agentId, after });
            else if (wasShown)
                changes.push({ kind: 'LEFT', agentId, after });
        }
        return changes;
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
                latestKind = new Map();
                replaced = true;
            }
            else {
                if (batch.changes.length > 0 && statuses === shown)
                    statuses = new Map(shown);
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
            if (!now)
                incoming = new Map();
            if (now !== connected)
                isNew = true;
            connected = now;
        },
        setStandstill(now) {
            if (now !== standsStill)
                isNew = true;
            standsStill = now;
        },
        takeView() {
            if (!last || !isNew)
                return null;
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
const agreed = (latest) => (latest === 'REVISED' ? 'REVISED' : 'CHANGED');
