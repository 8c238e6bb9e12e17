/** Rings when nothing was heard for `silenceMs`: a network that is gone closes no socket by itself. */
export const createSilenceAlarm = (silenceMs, ring) => {
    let timer;
    const heard = () => {
        clearTimeout(timer);
        timer = setTimeout(ring, silenceMs);
    };
    return { heard, stop: () => clearTimeout(timer) };
};
