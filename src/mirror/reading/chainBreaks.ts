import { type CoveragePart, type CoverageSlice, coverageBetween } from '../../poller/index.ts';
import { readCoverage } from './coverage.ts';
import type { MirrorReader } from './reader.ts';

/** Chain breaks that the list of all gaps names at most; a range of coverage names all of its own. */
export const MOST_BREAKS_LISTED = 1_000;

export const breaksBetweenSql = `select instant_ms as atMs from audit indexed by audit_broken
  where broken = 1 and instant_ms >= ? and instant_ms < ? order by instant_ms limit ?`;
export const newestBreaksSql = `select instant_ms as atMs from audit indexed by audit_broken
  where broken = 1 and instant_ms is not null order by instant_ms desc limit ?`;

const chainBreak = (fromMs: number, toMs: number): CoverageSlice => ({
  fromMs,
  toMs,
  level: 'GAP',
  cause: 'CHAIN_BREAK',
  readAtMs: null,
  reads: 0,
  stage: 0,
});

/**
 * Parts of coverage with chain breaks laid over them, a millisecond each. Where time was not read at all that is the
 * greater loss, and stays what is told. `breaksMs` ascending.
 */
export const layBreaks = (parts: readonly CoveragePart[], breaksMs: readonly number[]): CoveragePart[] => {
  const laid: CoveragePart[] = [];
  let next = 0;
  for (const part of parts) {
    while (next < breaksMs.length && breaksMs[next]! < part.fromMs) next += 1;
    let atMs = part.fromMs;
    for (; next < breaksMs.length && breaksMs[next]! < part.toMs; next++) {
      const breakMs = breaksMs[next]!;
      if (part.level === 'GAP' || part.level === 'UNREAD' || breakMs < atMs) continue;
      if (atMs < breakMs) laid.push({ ...part, fromMs: atMs, toMs: breakMs });
      const last = laid.at(-1);
      if (last?.cause === 'CHAIN_BREAK' && last.toMs === breakMs) last.toMs = breakMs + 1;
      else laid.push(chainBreak(breakMs, breakMs + 1));
      atMs = breakMs + 1;
    }
    if (atMs < part.toMs) laid.push({ ...part, fromMs: atMs });
  }
  return laid;
};

/** A range has more parts than were to be made of it. */
export class TooManyPartsError extends Error {}

const UNLIMITED = -1;

/**
 * What is known of [fromMs, toMs), chain breaks included: parts without hole or overlap. Throws TooManyPartsError where
 * they, or the breaks among them, are more than `most`.
 */
export const readCoverageBetween = (
  reader: MirrorReader,
  fromMs: number,
  toMs: number,
  most = Number.POSITIVE_INFINITY,
): CoveragePart[] => {
  const limit = Number.isFinite(most) ? most + 1 : UNLIMITED;
  const breaks = reader.all<{ atMs: number }>(breaksBetweenSql, fromMs, toMs, limit);
  if (breaks.length > most) throw new TooManyPartsError();
  const parts = layBreaks(
    coverageBetween(readCoverage(reader), fromMs, toMs),
    breaks.map(({ atMs }) => atMs),
  );
  if (parts.length > most) throw new TooManyPartsError();
  return parts;
};

/** Every stretch that was not read, and the newest chain breaks, oldest first. */
export const readGaps = (reader: MirrorReader): CoveragePart[] => {
  const breaksMs = reader
    .all<{ atMs: number }>(newestBreaksSql, MOST_BREAKS_LISTED)
    .map(({ atMs }) => atMs)
    .reverse();
  return layBreaks(readCoverage(reader), breaksMs).filter(({ level }) => level === 'GAP');
};
