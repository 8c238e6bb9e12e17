/** Timers and chance, handed in by tests. */
export type Timing = {
    /** Runs it once, later; calls it off when what is returned is called. */
    after(ms: number, run: () => void): () => void;
    /** From 0 up to but not including 1. */
    random(): number;
};
export declare const realTiming: Timing;
/** Waits, or until the signal aborts. */
export declare const pause: ({ after }: Timing, ms: number, signal: AbortSignal) => Promise<void>;
/** Rings once when it was not put off for so long. */
export declare const createAlarm: ({ after }: Timing, ms: number, ring: () => void) => {
    putOff(): void;
    stop: () => void;
};
/** Before the nth attempt in a row: up to twice as long each time, with full jitter, so that a restarted server does not meet all its boards at once. */
export declare const backoffMs: ({ minMs, maxMs }: {
    minMs: number;
    maxMs: number;
}, failures: number, random: () => number) => number;
