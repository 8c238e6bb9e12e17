const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** A length of time as hours, minutes and seconds. */
export const clockFace = (lengthMs: number): string => {
  const seconds = Math.max(0, Math.floor(lengthMs / 1000));
  return `${Math.floor(seconds / 3600)}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
};
