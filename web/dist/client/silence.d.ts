/** Rings when nothing was heard for `silenceMs`: a network that is gone closes no socket by itself. */
export declare const createSilenceAlarm: (silenceMs: number, ring: () => void) => {
    heard: () => void;
    stop: () => void;
};
