import { randomUUID } from 'node:crypto';
import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import type { Clock } from '../../clock/clock.ts';
import { clientError } from '../../schema/errors.ts';
import type { Admission } from '../auth/authenticate.ts';
import type { Connection, Pipeline, PreparedOperation, ResultStream } from '../pipeline/index.ts';
import { consumerTooSlow } from '../pipeline/streamWarden.ts';
import type { Outbox } from './outbox.ts';

export type OperationsParts = {
  pipeline: Pipeline;
  clock: Clock;
  outbox: Outbox;
  connection: Connection;
  /** Aborted when the socket is gone. */
  signal: AbortSignal;
  admission(): (Admission & { ok: true }) | null;
  /** The peer does not keep up, and every stream has said so. */
  onTooSlow(): void;
  /** The token ended a stream: nothing more can come over this socket. */
  onExpired(): void;
};

type Hooks = Pick<
  ServerOptions<Record<string, unknown>, undefined>,
  'onSubscribe' | 'onOperation' | 'execute' | 'subscribe'
>;

export type Operations = { hooks: Hooks; tooSlow(): void };

// One text for each result, however many subscribers share it.
const texts = new WeakMap<object, string>();
const textOf = (result: ExecutionResult): string => {
  const known = texts.get(result);
  if (known !== undefined) return known;
  const text = JSON.stringify(result);
  texts.set(result, text);
  return text;
};

const endsToken = ({ errors }: { errors?: readonly GraphQLError[] }): boolean =>
  errors?.some((error) => error.extensions['code'] === 'TOKEN_EXPIRED') ?? false;

/** graphql-ws's hooks over the pipeline, for the operations of one socket. */
export const createOperations = (parts: OperationsParts): Operations => {
  const { pipeline, outbox } = parts;
  const prepared = new WeakMap<ExecutionArgs, PreparedOperation>();
  const streams = new Set<ResultStream>();

  const operationOf = (args: ExecutionArgs): PreparedOperation => {
    const operation = prepared.get(args);
    if (!operation) throw new Error('graphql-ws executes what onSubscribe did not prepare');
    return operation;
  };

  const tooSlow = (): void => {
    for (const stream of streams) stream.interrupt(consumerTooSlow());
    outbox.release();
    // The streams' last words are queued in the microtasks before.
    setImmediate(parts.onTooSlow);
  };

  /**
   * Sends a whole stream from within one `next()` that yields nothing. graphql-ws would serialise the message for
   * each subscriber; here a shared result is serialised once and only its envelope differs. Completion, errors
   * before the stream, and `return()` on Complete or close stay with graphql-ws.
   */
  const pumped = (id: string, stream: ResultStream): ResultStream => {
    const prefix = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    let left = false;
    const run = async (): Promise<IteratorReturnResult<undefined>> => {
      streams.add(stream);
      for await (const result of stream) {
        if (left) break;
        await outbox.send(`${prefix}${textOf(result)}}`);
        if (endsToken(result)) setImmediate(parts.onExpired);
        if (outbox.isOverfull()) tooSlow();
      }
      streams.delete(stream);
      return { done: true, value: undefined };
    };
    const iterator: ResultStream = {
      next: run,
      return: () => {
        left = true;
        return stream.return();
      },
      throw: (error: unknown) => stream.throw(error),
      interrupt: stream.interrupt,
      [Symbol.asyncIterator]: () => iterator,
      [Symbol.asyncDispose]: () => stream[Symbol.asyncDispose](),
    };
    return iterator;
  };

  const hooks: Hooks = {
    onSubscribe(_context, _id, payload) {
      const admission = parts.admission();
      if (!admission) return [clientError('UNAUTHENTICATED', 'Not admitted.')];
      const preparation = pipeline.prepare(payload, {
        tenant: admission.tenant,
        viewer: admission.viewer,
        clock: parts.clock,
        requestId: randomUUID(),
        transport: 'websocket',
        connection: parts.connection,
        refuseKind: () => null,
        signal: parts.signal,
      });
      if (!preparation.ready) {
        if (endsToken(preparation.refusal)) setImmediate(parts.onExpired);
        return preparation.refusal.errors;
      }
      prepared.set(preparation.operation.args, preparation.operation);
      return preparation.operation.args;
    },
    execute: (args) => pipeline.execute(operationOf(args)),
    subscribe: (args) => pipeline.subscribe(operationOf(args)),
    onOperation(_context, id, _payload, _args, result) {
      // Only `subscribe` above gives iterables, and it gives streams.
      if (Symbol.asyncIterator in result) return pumped(id, result as ResultStream);
    },
  };
  return { hooks, tooSlow };
};
