import { Worker } from 'node:worker_threads';
import type { DurationsRow } from '../reading/durations.ts';
import { DurationsTooLargeError } from '../reading/durationTally.ts';
import { type Aggregates, AggregatesBusyError } from './aggregates.ts';
import type { AggregateAnswer, AggregateQuestion, ReaderAssignment } from './messages.ts';

/** Each takes a second or two at most. */
const MAX_WAITING = 20;

type Waiting = PromiseWithResolvers<DurationsRow[]>;

/**
 * Aggregates over a mirror's file in a thread of their own, one after the other. The thread starts with the first question,
 * and anew with the next one if it dies; what was asked of it then fails.
 */
export const startAggregates = (assignment: ReaderAssignment): Aggregates & { close(): Promise<void> } => {
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let thread: Worker | null = null;
  let closed = false;

  const take = (answer: AggregateAnswer) => {
    const one = waiting.get(answer.id);
    if (!one) return;
    waiting.delete(answer.id);
    switch (answer.kind) {
      case 'ROWS':
        // Written by the thread from just such rows.
        one.resolve(JSON.parse(answer.json) as DurationsRow[]);
        break;
      case 'TOO_LARGE':
        one.reject(new DurationsTooLargeError(answer.what, answer.most));
        break;
      case 'FAILED':
        one.reject(new Error(`an aggregate failed: ${answer.message}`));
        break;
      default:
        answer satisfies never;
    }
  };

  const failAll = (cause: unknown) => {
    for (const one of waiting.values()) one.reject(new Error("the aggregates' thread ended", { cause }));
    waiting.clear();
  };

  const start = (): Worker => {
    const started = new Worker(new URL('./readerThread.ts', import.meta.url), { workerData: assignment });
    // Whoever waits is held by a socket; nothing else must wait for this thread.
    started.unref();
    started.on('message', take);
    const ended = (cause?: unknown) => {
      // Between its error and its exit another may have taken its place.
      if (thread !== started) return;
      thread = null;
      failAll(cause);
    };
    started.on('error', ended);
    started.on('exit', () => ended());
    return started;
  };

  return {
    durations(request) {
      if (closed) return Promise.reject(new Error('the aggregates are closed'));
      if (waiting.size >= MAX_WAITING) return Promise.reject(new AggregatesBusyError());
      thread ??= start();
      asked += 1;
      const one: Waiting = Promise.withResolvers();
      waiting.set(asked, one);
      thread.postMessage({ id: asked, request } satisfies AggregateQuestion);
      return one.promise;
    },
    async close() {
      closed = true;
      await thread?.terminate();
    },
  };
};
