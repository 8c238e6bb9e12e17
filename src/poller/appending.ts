import type { Clock } from '../clock/clock.ts';
import type { Frame } from './frame.ts';
import type { Appended, FrameLog, PollState, PollStateSource } from './frameLog.ts';

export type Rejection = Extract<Appended, { kind: 'REJECTED' }>;

const RETRY_MS = 5_000;

/**
 * Appends what `make` computes from the mirror's state, however often that has to be computed anew, because somebody else
 * wrote or because the disk is full. Resolves with the state after it; with null when it was aborted before.
 */
export const appendUntilDone = async (
  parts: { log: FrameLog; source: PollStateSource; clock: Clock; onRejected: (why: Rejection) => void },
  make: (state: PollState) => Frame[],
  signal: AbortSignal,
): Promise<PollState | null> => {
  const { log, source, clock, onRejected } = parts;
  while (!signal.aborted) {
    const state = source.readPollState();
    const refused = await appendInOrder(log, make(state), state.seq);
    if (refused === null) return source.readPollState();
    if (refused.kind === 'CONFLICT') continue;
    onRejected(refused);
    await clock.sleep(RETRY_MS, signal);
  }
  return null;
};

const appendInOrder = async (log: FrameLog, frames: readonly Frame[], seq: number) => {
  let expectedSeq = seq;
  for (const frame of frames) {
    const appended = await log.append(frame, expectedSeq);
    if (appended.kind !== 'APPENDED') return appended;
    expectedSeq = appended.seq;
  }
  return null;
};
