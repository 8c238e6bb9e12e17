/**
 * From upstream's windows to frames of the log.
 *
 * `createPoller` guarantees: coverage never claims what was not read whole; what was read is in the same frame as the
 * claim; every instant within upstream's reach is read again at set ages until sealed; what left the reach unread is a
 * gap for ever. What it remembers beside the mirror only makes it ask better, no correctness rests on it: kill it
 * anywhere, start it again.
 */
export type { BackfillResult } from './backfill.ts';
export {
  applyCoverage,
  type CoveragePart,
  coverageBetween,
  isSettled,
  sliceAt,
} from './coverage.ts';
export type {
  AuditTask,
  CoverageSlice,
  Frame,
  GapCause,
  Health,
  PollerStatus,
  Span,
} from './frame.ts';
export type { Appended, FrameLog, PollState, PollStateSource, SequencedFrame } from './frameLog.ts';
export { createMemoryLog, type MemoryLog } from './memoryLog.ts';
export { createPoller, type Poller, type PollerOptions } from './poller.ts';
export { defaultPollerSettings, type PollerSettings, reReadAges } from './settings.ts';
export { completeThrough, freshThrough } from './watermarks.ts';
