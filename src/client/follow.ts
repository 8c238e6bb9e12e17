import type { ClientOptions } from 'graphql-ws/client';
import type { Batch, Board } from './board.ts';
import { readEnding, StreamRefusedError } from './refusal.ts';
import { runStream } from './stream.ts';
import { backoffMs, createAlarm, pause, type Timing } from './timing.ts';

export type Interruption = {
  /** The server's error code; `CLOSED_<code>`, `COMPLETED` or `CONNECTION_FAILED` where it gave none. */
  code: string;
  message: string;
  /** How many attempts in a row have come to nothing. */
  failures: number;
  /** Until the next one. */
  waitMs: number;
};

export type Following = {
  url: string;
  query: string;
  filter: unknown;
  connectionParams: ClientOptions['connectionParams'];
  webSocketImpl: unknown;
  retry: { minMs: number; maxMs: number };
  silenceMs: number;
  staleMs: number;
  timing: Timing;
  onInterrupted(interruption: Interruption): void;
};

/** Puts the floor on the board, each stream from where the last one ended. Ends with the signal, or by a refusal. */
export const keepFollowing = async <Status>(
  following: Following,
  board: Board<Status>,
  onNews: () => void,
  signal: AbortSignal,
): Promise<void> => {
  const { timing, retry, connectionParams } = following;
  let cursor: string | null = null;
  let failures = 0;
  let heard = false;
  let freshThrough: string | null | undefined;

  const standstill = createAlarm(timing, following.staleMs, () => {
    board.setStandstill(true);
    onNews();
  });
  const take = (batch: Batch<Status>) => {
    heard = true;
    board.apply(batch);
    // A cursor inside a snapshot is no place to resume, and one that never becomes whole no progress.
    if (batch.phase === 'SNAPSHOT') return;
    cursor = batch.cursor;
    failures = 0;
    // By its own movement: the clock of this machine may be wrong.
    if (batch.freshThrough !== freshThrough) {
      freshThrough = batch.freshThrough;
      board.setStandstill(false);
      standstill.putOff();
    }
    onNews();
  };

  try {
    while (!signal.aborted) {
      heard = false;
      const reason = await runStream<{ stateChanges: Batch<Status> }>(
        {
          ...following,
          variables: { filter: following.filter ?? null, after: cursor, snapshot: cursor === null },
        },
        {
          onConnected() {
            board.setConnected(true);
            onNews();
          },
          onData: ({ stateChanges }) => take(stateChanges),
        },
        timing,
        signal,
      );
      if (signal.aborted) return;
      board.setConnected(false);
      onNews();
      const ending = readEnding(reason);
      if (ending.kind === 'REFUSED') {
        // A token that ran out in mid-stream may have a successor by now; one that was never taken has none.
        const renewable = ending.byToken && heard && typeof connectionParams === 'function';
        if (!renewable) throw new StreamRefusedError(ending.code, ending.message);
      }
      if (ending.kind === 'SNAPSHOT') cursor = null;
      failures += 1;
      const waitMs = backoffMs(retry, failures, timing.random);
      following.onInterrupted({ code: ending.code, message: ending.message, failures, waitMs });
      await pause(timing, waitMs, signal);
    }
  } finally {
    standstill.stop();
  }
};
