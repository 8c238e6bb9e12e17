import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Clock } from '../../clock/clock.ts';
import type { PreparedOperation, ResultStream } from './operation.ts';
import { type StreamWarden, tokenExpired, type WardedStream } from './streamWarden.ts';

export type StreamParts = {
  operation: PreparedOperation;
  source: AsyncIterable<unknown>;
  execute(payload: unknown): ExecutionResult | Promise<ExecutionResult>;
  mask(error: unknown): GraphQLError;
  clock: Clock;
  warden: StreamWarden;
  onDelivered(): void;
  /** Called exactly once; `code` of the error that ended the stream, null when it ended by itself. */
  onEnded(code: string | null): void;
};

/** Batches of the schema's streams carry their cursor; other events carry none. */
const cursorOf = (payload: unknown): string | null =>
  typeof payload === 'object' && payload !== null && 'cursor' in payload && typeof payload.cursor === 'string'
    ? payload.cursor
    : null;

const withCursor = (error: GraphQLError, cursor: string | null): GraphQLError =>
  cursor === null || error.extensions['cursor'] !== undefined
    ? error
    : new GraphQLError(error.message, { extensions: { ...error.extensions, cursor } });

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * One subscription as results, pulled: nothing is read from the source before the consumer asks, so a consumer's
 * slowness costs one batch of memory. An error, of the source or of the warden, is the last result and carries the
 * cursor of the last batch handed out; nothing is ever dropped in silence.
 *
 * Written by hand and not as an async generator, because `return()` of a generator waits for the pending `next()`:
 * a client that leaves a quiet stream would be held until the next heartbeat.
 */
export const createStream = (parts: StreamParts): ResultStream => {
  const { operation, clock, warden } = parts;
  const source = parts.source[Symbol.asyncIterator]();
  const { viewer, signal } = operation.request;
  let cursor: string | null = null;
  let costToTell = true;
  let lastWord: GraphQLError | null = null;
  let closed = false;
  let nextTurn: Promise<void> | null = null;
  let answer: ((result: IteratorResult<ExecutionResult, void>) => void) | null = null;

  const warded: WardedStream = {
    waitingSinceMs: null,
    expiresAtMs: viewer.kind === 'JWT' ? viewer.expiresAtMs : null,
    draining: operation.request.tenant.draining,
    interrupt: (error) => end(error),
  };

  const settle = (result: IteratorResult<ExecutionResult, void>): void => {
    const resolve = answer;
    answer = null;
    resolve?.(result);
  };

  const close = (code: string | null): void => {
    if (closed) return;
    closed = true;
    warden.remove(warded);
    signal.removeEventListener('abort', giveUp);
    // Not awaited: a source that is asleep returns when it wakes. Its own errors have nobody left to hear them.
    void Promise.resolve(source.return?.()).catch(() => undefined);
    parts.onEnded(code);
  };

  const end = (error: GraphQLError): void => {
    if (closed) return;
    const last = withCursor(error, cursor);
    close(String(last.extensions['code']));
    if (answer) settle({ done: false, value: { errors: [last] } });
    else lastWord = last;
  };

  const deliver = (payload: unknown, result: ExecutionResult) => {
    if (closed) return;
    if (warded.expiresAtMs !== null && clock.nowMs() >= warded.expiresAtMs) return end(tokenExpired());
    cursor = cursorOf(payload) ?? cursor;
    nextTurn = new Promise((resolve) => setImmediate(resolve));
    warded.waitingSinceMs = clock.monotonicMs();
    parts.onDelivered();
    if (!costToTell) return settle({ done: false, value: result });
    costToTell = false;
    settle({ done: false, value: { ...result, extensions: { ...result.extensions, cost: operation.cost } } });
  };

  const giveUp = (): void => {
    lastWord = null;
    close(null);
    settle(done);
  };

  const pull = async (): Promise<void> => {
    try {
      // A synchronous source and a socket with room would otherwise never leave the microtasks: one client catching
      // up would stop the world for all.
      await nextTurn;
      if (closed) return;
      const event = await source.next();
      if (event.done) {
        close(null);
        settle(done);
      } else {
        deliver(event.value, await parts.execute(event.value));
      }
    } catch (error) {
      if (!closed) end(parts.mask(error));
    }
  };

  warden.add(warded);

  const stream: ResultStream = {
    next: () => {
      if (lastWord) {
        const value = { errors: [lastWord] };
        lastWord = null;
        return Promise.resolve({ done: false, value });
      }
      if (closed) return Promise.resolve(done);
      warded.waitingSinceMs = null;
      return new Promise((resolve) => {
        answer = resolve;
        void pull();
      });
    },
    return: () => {
      giveUp();
      return Promise.resolve(done);
    },
    throw: (error: unknown) => {
      giveUp();
      return Promise.reject(error);
    },
    interrupt: end,
    [Symbol.asyncIterator]: () => stream,
    [Symbol.asyncDispose]: async () => giveUp(),
  };
  if (signal.aborted) giveUp();
  else signal.addEventListener('abort', giveUp, { once: true });
  return stream;
};
