import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import type { Clock } from '../../clock/clock.ts';
import { clientError } from '../../schema/errors.ts';
import type { Admission } from '../auth/authenticate.ts';
import type { Connection, Pipeline, PreparedOperation, ResultStream } from '../pipeline/index.ts';
import { consumerTooSlow, tokenExpired } from '../pipeline/streamWarden.ts';
import { clientIdOf, type OperationIds } from './operationIds.ts';
import type { Outbox } from './outbox.ts';
import { createSharedText, type SharedText } from './sharedText.ts';

export type OperationsParts = {
  pipeline: Pipeline;
  clock: Clock;
  newRequestId(): string;
  outbox: Outbox;
  ids: OperationIds;
  connection: Connection;
  /** Aborted when the socket is gone. */
  signal: AbortSignal;
  admission(): (Admission & { ok: true }) | null;
  /** The peer does not keep up, and every stream has said so. */
  onTooSlow(): void;
  /** The token has ended, and every stream has said so: nothing more can come over this socket. */
  onExpired(): void;
};

type Hooks = Pick<
  ServerOptions<Record<string, unknown>, undefined>,
  'onSubscribe' | 'onError' | 'onComplete' | 'execute' | 'subscribe'
>;

export type Operations = { hooks: Hooks; tooSlow(): void };

/** The end of the message that brings a result: made once, however many subscribers share it. */
const texts = new WeakMap<ExecutionResult, SharedText>();
const textOf = (result: ExecutionResult): SharedText => {
  let text = texts.get(result);
  if (!text) {
    text = createSharedText(`${JSON.stringify(result)}}`);
    texts.set(result, text);
  }
  return text;
};

/** In ASCII, as shared texts want it. */
const headOf = (id: string): string => {
  const name = JSON.stringify(id).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `{"id":${name},"type":"next","payload":`;
};

type Prepared = { id: string; operation: PreparedOperation };

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

const endsToken = ({ errors }: { errors?: readonly GraphQLError[] }): boolean =>
  errors?.some((error) => error.extensions['code'] === 'TOKEN_EXPIRED') ?? false;

/** graphql-ws's hooks over the pipeline, for the operations of one socket. */
export const createOperations = (parts: OperationsParts): Operations => {
  const { pipeline, outbox } = parts;
  const prepared = new WeakMap<ExecutionArgs, Prepared>();
  const streams = new Set<ResultStream>();

  const preparedAs = (args: ExecutionArgs): Prepared => {
    const one = prepared.get(args);
    if (!one) throw new Error('graphql-ws executes what onSubscribe did not prepare');
    return one;
  };

  let ending = false;
  /** Every stream says why it ends, and where it stood, before the socket closes. */
  const endAll = (reason: () => GraphQLError, close: () => void): void => {
    if (ending) return;
    ending = true;
    for (const stream of streams) stream.interrupt(reason());
    outbox.release();
    // The streams' last words are queued in the microtasks before.
    setImmediate(close);
  };
  const tooSlow = (): void => endAll(consumerTooSlow, parts.onTooSlow);
  const expired = (): void => endAll(tokenExpired, parts.onExpired);

  /**
   * Sends a whole stream from within one `next()` that yields nothing. graphql-ws would serialise the message for
   * each subscriber and wait for each to be sent; here a shared result is serialised once and only its envelope
   * differs. Completion, errors before the stream, and `return()` on Complete or close stay with graphql-ws.
   */
  const pushed = (head: string, stream: ResultStream): AsyncGenerator<never, undefined, void> => {
    const run = (): Promise<IteratorReturnResult<undefined>> =>
      new Promise((resolve) => {
        streams.add(stream);
        stream.follow({
          take(result) {
            const room = outbox.push(head, textOf(result));
            if (result.errors && endsToken(result)) setImmediate(expired);
            if (!room && outbox.isOverfull()) setImmediate(tooSlow);
            return room;
          },
          whenRoom: outbox.whenRoom,
          ended() {
            streams.delete(stream);
            resolve(done);
          },
        });
      });
    const leave = async (): Promise<IteratorReturnResult<undefined>> => {
      stream.stop();
      return done;
    };
    const iterator: AsyncGenerator<never, undefined, void> = {
      next: run,
      return: leave,
      throw: leave,
      [Symbol.asyncIterator]: () => iterator,
      [Symbol.asyncDispose]: async () => stream.stop(),
    };
    return iterator;
  };

  const hooks: Hooks = {
    onSubscribe(_context, id, payload) {
      const admission = parts.admission();
      if (!admission) return [clientError('UNAUTHENTICATED', 'Not admitted.')];
      const preparation = pipeline.prepare(payload, {
        tenant: admission.tenant,
        viewer: admission.viewer,
        clock: parts.clock,
        requestId: parts.newRequestId(),
        transport: 'websocket',
        connection: parts.connection,
        refuseKind: () => null,
        signal: parts.signal,
      });
      if (!preparation.ready) {
        if (endsToken(preparation.refusal)) setImmediate(expired);
        return preparation.refusal.errors;
      }
      const { operation } = preparation;
      prepared.set(operation.args, { id, operation });
      return operation.args;
    },
    onError: (_context, id) => parts.ids.end(id),
    onComplete: (_context, id) => parts.ids.end(id),
    execute: (args) => pipeline.execute(preparedAs(args).operation),
    async subscribe(args) {
      const { id, operation } = preparedAs(args);
      const opened = await pipeline.subscribe(operation);
      return 'follow' in opened ? pushed(headOf(clientIdOf(id)), opened) : opened;
    },
  };
  return { hooks, tooSlow };
};
