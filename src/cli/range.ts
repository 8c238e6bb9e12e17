import { formatDuration, parseDurationMs } from '../config/index.ts';
import { parseInstantMs } from '../upstream/index.ts';
import type { Option } from './command.ts';
import { CliFailure } from './failure.ts';
import { iso } from './iso.ts';

export type Range = { fromMs: number; toMs: number };

/** `--from` and `--to`, as every command that works on a span of time takes them. */
export const rangeOptions = (defaults: { from: string; to: string }): Record<'from' | 'to', Option> => {
  const what = 'RFC 3339 with a zone, or how long ago, e.g. 2h';
  return {
    from: { kind: 'text', placeholder: 'instant', description: `begin: ${what}`, default: defaults.from },
    to: { kind: 'text', placeholder: 'instant', description: `end: ${what}`, default: defaults.to },
  };
};

/** The span asked for. Throws CliFailure naming the flag. */
export const readRange = (
  values: Record<string, string | undefined>,
  defaults: Range & { nowMs: number },
): Range => {
  const problems: string[] = [];
  const instant = (flag: 'from' | 'to', fallbackMs: number): number => {
    const text = values[flag];
    if (text === undefined) return fallbackMs;
    const agoMs = parseDurationMs(text);
    const ms = agoMs === null ? parseInstantMs(text) : defaults.nowMs - agoMs;
    if (ms !== null) return ms;
    problems.push(
      `--${flag}: "${text}" is no instant; write e.g. 2026-03-01T08:00:00Z, or ${formatDuration(7_200_000)} for two hours ago`,
    );
    return fallbackMs;
  };
  const range = { fromMs: instant('from', defaults.fromMs), toMs: instant('to', defaults.toMs) };
  if (problems.length === 0 && range.fromMs >= range.toMs) {
    problems.push(`--from: ${iso(range.fromMs)} is not before --to, ${iso(range.toMs)}`);
  }
  if (problems.length > 0) throw new CliFailure(2, problems);
  return range;
};
