/** From upstream's windows to frames of the log. */
export type {
  AuditTask,
  CoverageSlice,
  Frame,
  GapCause,
  Health,
  PollerStatus,
  Span,
} from './frame.ts';
export type { Appended, FrameLog, PollState, PollStateSource, SequencedFrame } from './log.ts';
