import type { AgentStateRecord, QuarantinedRow, ReadFailure } from '../upstream/index.ts';

/** Half-open [fromMs, toMs) of server time, milliseconds UTC. */
export type Span = { fromMs: number; toMs: number };

export type GapCause =
  | 'OUTAGE' // not read, still fillable
  | 'EXPIRED' // left upstream's three days unread: lost for ever
  | 'REFUSED' // upstream refuses the credentials or the window; fillable while in reach
  | 'UNREADABLE' // upstream answered, but no answer could be trusted; fillable while in reach
  | 'CHAIN_BREAK'; // a `nextEventId` proves a record that never arrived

/**
 * What the mirror knows of a span of time.
 * PROVISIONAL: read while records could still arrive late, or by answers that nobody believed. SETTLED: read after the settle time.
 * SEALED: the last re-read is done. GAP: see cause.
 */
export type CoverageSlice = Span & {
  level: 'PROVISIONAL' | 'SETTLED' | 'SEALED' | 'GAP';
  /** Set exactly when level is GAP. */
  cause: GapCause | null;
  /** Server time (lower bound) of the last complete read; null for a gap never read. */
  readAtMs: number | null;
  reads: number;
  /** How many of the scheduled re-read ages are behind it; of PROVISIONAL time, more than none says that it is doubted. */
  stage: number;
};

/** A record that the chain proves and the mirror lacks. */
export type AuditTask = {
  /** The missing event. */
  eventId: string;
  /** The event whose `nextEventId` names it. */
  namedBy: string;
  /** The instant inside the id, when it is version 1; null when unknown. */
  expectedMs: number | null;
  attempts: number;
  nextAttemptMs: number;
  state: 'OPEN' | 'BROKEN';
};

export type Health =
  | 'STARTING' // nothing read yet
  | 'OK'
  | 'DEGRADED' // transient upstream faults; retrying
  | 'AUTH_FAILED' // upstream refuses the credentials
  | 'UNREACHABLE'
  | 'CLOCK_STEP' // the server's clock and ours moved apart suddenly
  | 'DISK_FULL'
  | 'STOPPED';

/** EMPTY, MALFORMED: an answer that was not believed to be whole, as it had no rows, or too many that are no record. */
export type PollOutcome = 'OK' | 'EMPTY' | 'MALFORMED' | ReadFailure['code'];

/** How the poller is doing, as of a frame. */
export type PollerStatus = {
  health: Health;
  /** One sentence for people: what is wrong and what to do; null when OK. */
  healthMessage: string | null;
  /** server clock - local clock lies in [lowMs, highMs]; null before the first Date header. */
  clockOffset: { lowMs: number; highMs: number } | null;
  lastPoll: { atMs: number; outcome: PollOutcome; records: number; requests: number } | null;
  backfill: {
    fromMs: number;
    toMs: number;
    /** Milliseconds of the span that are read. */
    doneMs: number;
    totalMs: number;
    complete: boolean;
  } | null;
  requestsTotal: number;
  failuresTotal: number;
  /** How far back upstream has been found to answer; null as long as it is taken to be as documented. */
  foundReachMs: number | null;
};

/**
 * The only way to change a mirror: what one read found, computed from the mirror at a known sequence, applied in
 * order and whole. Coverage rides in the same frame as the rows that it vouches for.
 */
export type Frame = {
  /** Server time (lower bound) when the read was made; `observedAt` of everything in it. */
  observedMs: number;
  records: AgentStateRecord[];
  quarantined: QuarantinedRow[];
  /** New slices; each replaces whatever lay in its span. Disjoint, ordered. */
  coverage: CoverageSlice[];
  /** Audit tasks to store (insert or replace by eventId) and those that are answered. */
  audits: { put: AuditTask[]; remove: string[] };
  status: PollerStatus | null;
};
