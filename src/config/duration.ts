const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** `15s`, `10m`, `8h`, `3d`, `500ms` as milliseconds; null when the text is none of these. */
export const parseDurationMs = (text: string): number | null => {
  const match = DURATION.exec(text.trim());
  if (!match) return null;
  // The pattern allows no other unit.
  return Math.round(Number(match[1]) * UNITS[match[2] as keyof typeof UNITS]);
};

/** The shortest exact form: 90_000 is `90s`, 259_200_000 is `3d`. */
export const formatDuration = (ms: number): string => {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (ms >= UNITS[unit] && ms % UNITS[unit] === 0) return `${ms / UNITS[unit]}${unit}`;
  }
  return `${ms}ms`;
};
