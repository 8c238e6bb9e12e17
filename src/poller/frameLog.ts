import type { AuditTask, CoverageSlice, Frame, PollerStatus } from './frame.ts';

export type SequencedFrame = { seq: number; frame: Frame };

export type Appended =
  | { kind: 'APPENDED'; seq: number; changes: number }
  /** Somebody else wrote: recompute from the new head. */
  | { kind: 'CONFLICT'; headSeq: number }
  /** Nothing was written and nothing is half-written. */
  | { kind: 'REJECTED'; code: 'DISK_FULL' | 'READ_ONLY' | 'IO_ERROR'; message: string };

/**
 * The log is the only way to write. `append` takes a frame computed at sequence `expectedSeq` and makes it durable
 * and applied, or changes nothing. Implementations: the mirror's SQLite (append = apply = one transaction), and
 * in memory (simulation); a replicated stream later.
 */
export type FrameLog = {
  headSeq(): number;
  append(frame: Frame, expectedSeq: number): Promise<Appended>;
  /** Frames after `afterSeq`, oldest first, as far as the log keeps them. */
  tail(afterSeq: number): Iterable<SequencedFrame>;
};

/** What the poller reads of the mirror to compute the next frame; consistent with `seq`. */
export type PollState = {
  seq: number;
  /** Disjoint, ordered by time. Time without a slice was never asked for. */
  coverage: CoverageSlice[];
  /** All that are OPEN. What was given up is the log's to remember, and to forget when it arrives after all. */
  audits: AuditTask[];
};

export type PollStateSource = {
  readPollState(): PollState;
  /** Of these ids, those the mirror does not hold. */
  missingEvents(eventIds: readonly string[]): string[];
  /** Of the last frame that carried one; null before. */
  lastStatus(): PollerStatus | null;
  /** Events without any end, the newest 20,000: what upstream may yet close in place. */
  openEvents(): { eventId: string; agentId: string; startMs: number }[];
};
