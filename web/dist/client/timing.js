export const realTiming = {
    after(ms, run) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
    },
    random: Math.random,
};
/** Waits, or until the signal aborts. */
export const pause = ({ after }, ms, signal) => new Promise((resolve) => {
    if (signal.aborted)
        return resolve();
    const done = () => {
        callOff();
        signal.removeEventListener('abort', done);
        resolve();
    };
    const callOff = after(ms, done);
    signal.addEventListener('abort', done);
});
/** Rings once when it was not put off for so long. */
export const createAlarm = ({ after }, ms, ring) => {
    let callOff = () => { };
    return {
        putOff() {
            callOff();
            callOff = after(ms, ring);
        },
        stop: () => callOff(),
    };
};
/** Before the nth attempt in a row: up to twice as long each time, with full jitter, so that a restarted server does not meet all its boards at once. */
export const backoffMs = ({ minMs, maxMs }, failures, random) => random() * Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 30));
