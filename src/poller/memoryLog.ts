import type { AgentStateRecord } from '../upstream/index.ts';
import { applyCoverage } from './coverage.ts';
import type { AuditTask, CoverageSlice, Frame, PollerStatus } from './frame.ts';
import type { FrameLog, PollStateSource, SequencedFrame } from './frameLog.ts';

export type MemoryLog = FrameLog &
  PollStateSource & {
    /** The last record seen under each id. */
    records: ReadonlyMap<string, AgentStateRecord>;
  };

/** A log that keeps its frames in memory and applies of them what the poller asks back: for simulations. */
export const createMemoryLog = (): MemoryLog => {
  const frames: SequencedFrame[] = [];
  const records = new Map<string, AgentStateRecord>();
  const audits = new Map<string, AuditTask>();
  let coverage: CoverageSlice[] = [];
  let status: PollerStatus | null = null;

  const apply = (frame: Frame): number => {
    for (const record of frame.records) records.set(record.eventId, record);
    for (const task of frame.audits.put) audits.set(task.eventId, task);
    for (const eventId of frame.audits.remove) audits.delete(eventId);
    coverage = applyCoverage(coverage, frame.coverage);
    status = frame.status ?? status;
    return frame.records.length;
  };

  return {
    records,
    headSeq: () => frames.length,
    async append(frame, expectedSeq) {
      if (expectedSeq !== frames.length) return { kind: 'CONFLICT', headSeq: frames.length };
      const seq = frames.length + 1;
      frames.push({ seq, frame });
      return { kind: 'APPENDED', seq, changes: apply(frame) };
    },
    tail: (afterSeq) => frames.slice(afterSeq),
    readPollState: () => ({ seq: frames.length, coverage: [...coverage], audits: [...audits.values()] }),
    lastStatus: () => status,
    missingEvents: (eventIds) => eventIds.filter((eventId) => !records.has(eventId)),
    openEvents: () => [...records.values()].filter(({ endMs }) => endMs === null),
  };
};
