import { coverageLevelAt, type MirrorReader, readCoverage, type StatusFacts } from '../../mirror/index.ts';
import { freshThrough, isFillable } from '../../poller/index.ts';

export type Certainty = 'SETTLED' | 'PROVISIONAL' | 'UNKNOWN';

/** An agent's status at an instant, as the schema hands it around. */
export type StatusRow = StatusFacts & {
  /** The instant it speaks of, milliseconds UTC. */
  atMs: number;
  certainty: Certainty;
  /** Nothing is known of the agent at the instant: every fact is then null. */
  blank: boolean;
};

/** A reading this far behind says nothing of now. */
const STALE_MS = 300_000;

/**
 * How sure a status is. In the past: by the coverage of the instant. Now: SETTLED once the event that stands has been
 * read after the settle time, PROVISIONAL before, UNKNOWN when the feed has been silent for five minutes or something
 * after the event is still unread.
 */
export const createCertainty = (
  reader: MirrorReader,
  instant: { kind: 'NOW'; nowMs: number } | { kind: 'AT'; atMs: number },
): ((status: StatusFacts) => Certainty) => {
  const coverage = readCoverage(reader);
  if (instant.kind === 'AT') {
    const level = coverageLevelAt(coverage, instant.atMs);
    const certainty: Certainty =
      level === 'SETTLED' || level === 'SEALED'
        ? 'SETTLED'
        : level === 'PROVISIONAL'
          ? 'PROVISIONAL'
          : 'UNKNOWN';
    return () => certainty;
  }
  const freshMs = freshThrough(coverage);
  if (freshMs === null || instant.nowMs - freshMs > STALE_MS) return () => 'UNKNOWN';
  // What is still missing after the event began may hold its successor: while the past is filled, nobody stands for sure.
  const missingUntilMs = coverage.findLast(isFillable)?.toMs ?? Number.NEGATIVE_INFINITY;
  return ({ sinceEventMs }) =>
    sinceEventMs < missingUntilMs ? 'UNKNOWN' : sinceEventMs < freshMs ? 'SETTLED' : 'PROVISIONAL';
};

/** Facts as a row. In a gap what stood is not known, so nothing is claimed but the last event before it. */
export const statusRow = (
  facts: StatusFacts,
  atMs: number,
  certainty: Certainty,
  past: boolean,
): StatusRow =>
  certainty === 'UNKNOWN' && past
    ? {
        ...facts,
        presence: null,
        state: null,
        reason: null,
        direction: null,
        allocation: null,
        capacity: null,
        inferred: 0,
        atMs,
        certainty,
        blank: true,
      }
    : { ...facts, atMs, certainty, blank: false };
