import type { KnownStatus, Standing, StatusFacts } from '../../mirror/index.ts';
import { type CoverageSlice, isSettled } from '../../poller/index.ts';
import type { Instant } from './instant.ts';

export type Certainty = 'SETTLED' | 'PROVISIONAL' | 'UNKNOWN';

/** An agent's status at an instant, as the schema hands it around. */
export type StatusRow = StatusFacts & {
  /** The instant it speaks of, milliseconds UTC. */
  atMs: number;
  certainty: Certainty;
  /** Nothing is known of the agent at the instant: every fact is then null. */
  blank: boolean;
};

/** What coverage has to say of an instant: of nobody is anything known, or how sure each status is. */
export type Knowledge = {
  blank: boolean;
  /** How sure it is that the floor as a whole was this and no other. */
  ofAll: Certainty;
  certaintyOf(status: Pick<KnownStatus, 'sinceEventMs' | 'missingMs'>): Certainty;
};

/** A reading this far behind says nothing of now. */
const STALE_MS = 300_000;

const nothing: Knowledge = { blank: true, ofAll: 'UNKNOWN', certaintyOf: () => 'UNKNOWN' };

/** The end of the youngest time up to `atMs` that was not read, whether it can still be filled or is lost for ever. */
const unreadUntil = (coverage: readonly CoverageSlice[], atMs: number): number => {
  for (let i = coverage.length - 1; i >= 0; i--) {
    const slice = coverage[i]!;
    if (slice.fromMs > atMs) continue;
    if (slice.level === 'GAP') return slice.toMs;
    // Between two slices lies what was never asked for.
    if (i > 0 && coverage[i - 1]!.toMs < slice.fromMs) return slice.fromMs;
  }
  return Number.NEGATIVE_INFINITY;
};

/**
 * How sure statuses at an instant are. Nothing is known before the mirror began and inside a gap. Otherwise UNKNOWN where
 * time after the event that stands was not read, lost for ever or not, and may hold its successor, or where the successor
 * that it names is missing; and where the feed has not come near the instant in five minutes. SETTLED where the
 * instant (now: the event) was read after the settle time.
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
  if (stale) return { ...nothing, blank: false };
  const unreadUntilMs = unreadUntil(coverage, atMs);
  const settledAt = upTo !== undefined && atMs < upTo.toMs && isSettled(upTo);
  return {
    blank: false,
    ofAll: past && settledAt ? 'SETTLED' : 'PROVISIONAL',
    certaintyOf: ({ sinceEventMs, missingMs }) => {
      const lacks = missingMs !== null && missingMs <= atMs;
      if (sinceEventMs < unreadUntilMs || lacks) return 'UNKNOWN';
      return (past ? settledAt : sinceEventMs < freshThroughMs) ? 'SETTLED' : 'PROVISIONAL';
    },
  };
};

/** Of an agent of whom nothing is known at the instant. */
export const unknownRow = (agent: number, atMs: number): StatusRow => ({
  agent,
  // Never shown; a sort key must be a number.
  event: 0,
  sinceMs: atMs,
  sinceEventMs: atMs,
  session: null,
  presence: null,
  state: null,
  reason: null,
  direction: null,
  allocation: null,
  capacity: null,
  inferred: 0,
  atMs,
  certainty: 'UNKNOWN',
  blank: true,
});

/**
 * Facts as a row; where nothing is known, of the facts only whose they would be. An image of the change log does not say
 * whether a successor is missing: what has just come is too young to lack one.
 */
export const statusRow = (
  facts: StatusFacts & { missingMs?: number | null },
  atMs: number,
  { blank, certaintyOf }: Knowledge,
): StatusRow => {
  if (blank) return unknownRow(facts.agent, atMs);
  const { missingMs = null, ...rest } = facts;
  return { ...rest, atMs, certainty: certaintyOf({ sinceEventMs: rest.sinceEventMs, missingMs }), blank };
};
