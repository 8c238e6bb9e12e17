import type { Standing, StatusFacts } from '../../mirror/index.ts';
import { isFillable } from '../../poller/index.ts';

export type Certainty = 'SETTLED' | 'PROVISIONAL' | 'UNKNOWN';

/** An agent's status at an instant, as the schema hands it around. */
export type StatusRow = StatusFacts & {
  /** The instant it speaks of, milliseconds UTC. */
  atMs: number;
  certainty: Certainty;
  /** Nothing is known of the agent at the instant: every fact is then null. */
  blank: boolean;
};

/** The instant that is asked for, by upstream's clock. */
export type Instant = { kind: 'NOW' | 'PAST'; atMs: number; nowMs: number };

/** What coverage has to say of an instant: of nobody is anything known, or how sure each status is. */
export type Knowledge = { blank: boolean; certaintyOf(status: Pick<StatusFacts, 'sinceEventMs'>): Certainty };

/** A reading this far behind says nothing of now. */
const STALE_MS = 300_000;

const nothing: Knowledge = { blank: true, certaintyOf: () => 'UNKNOWN' };

/**
 * How sure statuses at an instant are. Nothing is known before the mirror began and inside a gap. Otherwise UNKNOWN where
 * something after the event that stands is still unread, as it may be its successor, or where the feed has not come near
 * the instant in five minutes; SETTLED where the instant (now: the event) was read after the settle time.
 */
export const knowledgeOf = ({ coverage, freshThroughMs }: Standing, instant: Instant): Knowledge => {
  const { atMs, nowMs } = instant;
  const past = instant.kind === 'PAST';
  const first = coverage[0];
  if (past && (!first || atMs < first.fromMs)) return nothing;
  // Past the last slice lies what the next poll will read.
  const upTo = coverage.findLast((slice) => slice.fromMs <= atMs);
  const unread = !upTo || (atMs >= upTo.toMs && upTo !== coverage.at(-1));
  const inGap = upTo?.level === 'GAP' && atMs < upTo.toMs;
  if (past && (unread || inGap)) return nothing;

  const stale = freshThroughMs === null || (atMs >= freshThroughMs && nowMs - freshThroughMs > STALE_MS);
  if (stale) return { blank: false, certaintyOf: () => 'UNKNOWN' };
  const missingUntilMs =
    coverage.findLast((slice) => isFillable(slice) && slice.fromMs <= atMs)?.toMs ?? Number.NEGATIVE_INFINITY;
  const settledAt =
    upTo !== undefined && atMs < upTo.toMs && (upTo.level === 'SETTLED' || upTo.level === 'SEALED');
  return {
    blank: false,
    certaintyOf: ({ sinceEventMs }) => {
      if (sinceEventMs < missingUntilMs) return 'UNKNOWN';
      return (past ? settledAt : sinceEventMs < freshThroughMs) ? 'SETTLED' : 'PROVISIONAL';
    },
  };
};

/** Facts as a row; where nothing is known, of the facts only whose they would be. */
export const statusRow = (facts: StatusFacts, atMs: number, { blank, certaintyOf }: Knowledge): StatusRow => {
  const certainty = certaintyOf(facts);
  if (!blank) return { ...facts, atMs, certainty, blank };
  return {
    ...facts,
    session: null,
    // Never shown; a sort key must be a number.
    sinceMs: atMs,
    sinceEventMs: atMs,
    presence: null,
    state: null,
    reason: null,
    direction: null,
    allocation: null,
    capacity: null,
    inferred: 0,
    atMs,
    certainty,
    blank,
  };
};
