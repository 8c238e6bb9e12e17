import { readEnding, StreamRefusedError } from "./refusal.js";
import { runStream } from "./stream.js";
import { backoffMs, createAlarm, pause } from "./timing.js";
/** Puts the floor on the board, each stream from where the last one ended. Ends with the signal, or by a refusal. */
export const keepFollowing = async (following, board, onNews, signal) => {
    const { timing, retry, connectionParams } = following;
    let cursor = null;
    let failures = 0;
    let heard = false;
    let freshThrough;
    const standstill = createAlarm(timing, following.staleMs, () => {
        board.setStandstill(true);
        onNews();
    });
    const take = (batch) => {
        heard = true;
        board.apply(batch);
        // A cursor inside a snapshot is no place to resume, and one that never becomes whole no progress.
        if (batch.phase === 'SNAPSHOT')
            return;
        cursor = batch.cursor;
        failures = 0;
        // By its own movement: the clock of this machine may be wrong.
        if (batch.freshThrough !== freshThrough) {
            freshThrough = batch.freshThrough;
            board.setStandstill(false);
            standstill.putOff();
        }
        onNews();
    };
    try {
        while (!signal.aborted) {
            heard = false;
            const reason = await runStream({
                ...following,
                variables: { filter: following.filter ?? null, after: cursor, snapshot: cursor === null },
            }, {
                onConnected() {
                    board.setConnected(true);
                    onNews();
                },
                onData: ({ stateChanges }) => take(stateChanges),
            }, timing, signal);
            if (signal.aborted)
                return;
            board.setConnected(false);
            onNews();
            const ending = readEnding(reason);
            if (ending.kind === 'REFUSED') {
                // A token that ran out in mid-stream may have a successor by now; one that was never taken has none.
                const renewable = ending.byToken && heard && typeof connectionParams === 'function';
                if (!renewable)
                    throw new StreamRefusedError(ending.code, ending.message);
            }
            if (ending.kind === 'SNAPSHOT')
                cursor = null;
            failures += 1;
            const waitMs = backoffMs(retry, failures, timing.random);
            following.onInterrupted({ code: ending.code, message: ending.message, failures, waitMs });
            await pause(timing, waitMs, signal);
        }
    }
    finally {
        standstill.stop();
    }
};
