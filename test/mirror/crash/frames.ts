import type { Frame } from '../../../src/poller/index.ts';
import { emptyFrame, GENESIS_MS } from '../support/mirrorFile.ts';
import { BOB, record, settled, transfer, uuidAt } from '../support/records.ts';

export const RECORDS_PER_FRAME = 40;
export const FRAME_MS = 10_000;

/** The frame that makes sequence `seq`, the same in every process: new records, and the ends of the frame before. */
export const frameOf = (seq: number): Frame => {
  const records = [];
  for (let i = 0; i < RECORDS_PER_FRAME; i++) {
    const start = seq * FRAME_MS + i * 100;
    const opened = record({
      start,
      agentId: uuidAt(i, 1),
      sessionId: uuidAt(Math.floor(seq / 20) * 20 * FRAME_MS, 0x100 + i),
      state: (seq + i) % 3 === 0 ? 'busy' : 'idle',
      transfers: i === 0 ? [transfer({ interaction: uuidAt(start, 9), to: BOB, start })] : [],
    });
    records.push(opened);
    if (seq > 1 && i % 2 === 0) {
      const before = start - FRAME_MS;
      records.push({
        ...opened,
        eventId: uuidAt(before),
        startMs: opened.startMs - FRAME_MS,
        sessionId: uuidAt(Math.floor((seq - 1) / 20) * 20 * FRAME_MS, 0x100 + i),
        endMs: opened.startMs,
        transfers: [],
      });
    }
  }
  return {
    ...emptyFrame(GENESIS_MS + seq * FRAME_MS),
    records,
    coverage: [settled(seq * FRAME_MS, (seq + 1) * FRAME_MS)],
  };
};
