import type { ExecutionResult } from 'graphql';
import type { ResultSink, ResultStream } from './operation.ts';

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * A stream for whoever rather asks for one result after another: there is room when it has asked. By hand and not as an
 * async generator, whose `return()` waits for the pending `next()`: a client that leaves a quiet stream would be held
 * until the next heartbeat.
 */
export const pulled = (stream: ResultStream): AsyncGenerator<ExecutionResult, void, void> => {
  /** What was taken and not asked for yet: the error that ended the stream. */
  const taken: ExecutionResult[] = [];
  let answer: ((result: IteratorResult<ExecutionResult, void>) => void) | null = null;
  let go: (() => void) | null = null;
  let following = false;
  let over = false;

  const settle = (result: IteratorResult<ExecutionResult, void>): void => {
    const resolve = answer;
    answer = null;
    resolve?.(result);
  };
  const sink: ResultSink = {
    take(value) {
      if (answer) settle({ done: false, value });
      else taken.push(value);
      return false;
    },
    whenRoom(resume) {
      go = resume;
    },
    ended() {
      over = true;
      settle(done);
    },
  };

  const iterator: AsyncGenerator<ExecutionResult, void, void> = {
    next() {
      const value = taken.shift();
      if (value) return Promise.resolve({ done: false, value });
      if (over) return Promise.resolve(done);
      return new Promise((resolve) => {
        answer = resolve;
        const resume = go;
        go = null;
        resume?.();
        if (!following) {
          following = true;
          stream.follow(sink);
        }
      });
    },
    return() {
      over = true;
      stream.stop();
      settle(done);
      return Promise.resolve(done);
    },
    throw(error: unknown) {
      stream.stop();
      return Promise.reject(error);
    },
    [Symbol.asyncIterator]: () => iterator,
    [Symbol.asyncDispose]: async () => stream.stop(),
  };
  return iterator;
};
