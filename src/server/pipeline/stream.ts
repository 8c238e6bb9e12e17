import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Clock } from '../../clock/clock.ts';
import { HEARTBEAT_MS, isStepped, LOOK_MS, type StreamEvent } from '../../schema/stepped.ts';
import type { Cohorts, Course, Member, Place } from './cohorts.ts';
import type { OperationCost, PreparedOperation, ResultSink, ResultStream } from './operation.ts';
import { type StreamWarden, tokenExpired, type WardedStream } from './streamWarden.ts';
import { nextTurn } from './turn.ts';

type Origin = {
  source: AsyncIterable<unknown>;
  execute(event: unknown): ExecutionResult | Promise<ExecutionResult>;
  mask(error: unknown): GraphQLError;
  /** The same for an error that others are told as well. */
  maskForAll(error: unknown): GraphQLError;
  onDelivered(count: number): void;
};

export type StreamParts = Origin & {
  operation: PreparedOperation;
  clock: Clock;
  warden: StreamWarden;
  cohorts: Cohorts;
  /** Called exactly once; `code` of the error that ended the stream, null when it ended by itself. */
  onEnded(code: string | null): void;
};

/** Batches of the schema's streams carry their cursor; other events carry none. */
const cursorOf = (event: unknown): string | null =>
  typeof event === 'object' && event !== null && 'cursor' in event && typeof event.cursor === 'string'
    ? event.cursor
    : null;

const withCursor = (error: GraphQLError, cursor: string | null): GraphQLError =>
  cursor === null || error.extensions['cursor'] !== undefined
    ? error
    : new GraphQLError(error.message, { extensions: { ...error.extensions, cursor } });

/** The end of a stream must not fail: without a cursor if it comes to that, which masking logs. */
const cursorAt = ({ steps, mask }: Course, seq: number): string | null => {
  try {
    return steps.heartbeat(seq).cursor;
  } catch (error) {
    mask(error);
    return null;
  }
};

/** One object for all who share the result, whose cost is the same as their operation is. */
const told = new WeakMap<ExecutionResult, ExecutionResult>();
const tellingCost = (result: ExecutionResult, cost: OperationCost): ExecutionResult => {
  let telling = told.get(result);
  if (!telling) {
    telling = { ...result, extensions: { ...result.extensions, cost } };
    told.set(result, telling);
  }
  return telling;
};

/**
 * One subscription as results. Nothing is read from the source before the sink has room, so a consumer's slowness costs
 * one batch of memory. An error, of the source or of the warden, is the last result and carries the cursor of the last
 * batch handed out, or of the stream's beginning; nothing is ever dropped in silence.
 */
export const createStream = (parts: StreamParts): ResultStream => {
  const { operation, clock, warden, cohorts, onEnded } = parts;
  const { viewer, signal, tenant } = operation.request;
  const expiresAtMs = viewer.kind === 'JWT' ? viewer.expiresAtMs : null;
  // Let go once it has begun: at rest a stream is a place, and thousands rest.
  let origin: Origin | null = {
    source: parts.source,
    execute: parts.execute,
    mask: parts.mask,
    maskForAll: parts.maskForAll,
    onDelivered: parts.onDelivered,
  };
  let sink: ResultSink | null = null;
  let returnSource: (() => void) | null = null;
  let cursor: string | null = null;
  /** Where it began, for as long as nothing was handed out: what came since is still to be heard. */
  let firstSeq: number | null = null;
  /** Until it rests. From then on its cohort has one for all: what each stream held here would be kilobytes of it. */
  let ownCourse: Course | null = null;
  let costToTell = true;
  let lastWord: GraphQLError | null = null;
  let closed = false;

  const close = (code: string | null): void => {
    closed = true;
    warden.remove(warded);
    signal.removeEventListener('abort', stop);
    cohorts.leave(member);
    returnSource?.();
    onEnded(code);
  };

  const firstCursor = (): string | null => {
    const course = ownCourse ?? member.cohort?.course;
    return firstSeq === null || !course ? null : cursorAt(course, firstSeq);
  };

  const end = (error: GraphQLError): void => {
    if (closed) return;
    const last = withCursor(error, cursor ?? firstCursor());
    close(String(last.extensions['code']));
    if (sink) {
      sink.take({ errors: [last] });
      sink.ended();
    } else lastWord = last;
  };

  const stop = (): void => {
    if (closed) return;
    close(null);
    sink?.ended();
  };

  const warded: WardedStream = {
    waitingSinceMs: null,
    expiresAtMs,
    draining: tenant.draining,
    interrupt: end,
  };

  /** Whether there is room for another. */
  const deliver = (behind: string | null, result: ExecutionResult): boolean => {
    if (closed || !sink) return false;
    if (expiresAtMs !== null && clock.nowMs() >= expiresAtMs) {
      end(tokenExpired());
      return false;
    }
    cursor = behind ?? cursor;
    firstSeq = null;
    const room = sink.take(costToTell ? tellingCost(result, operation.cost) : result);
    costToTell = false;
    if (!room) warded.waitingSinceMs = clock.monotonicMs();
    return room;
  };

  /** Once closed it never calls back. */
  const whenRoom = (go: () => void): void =>
    sink?.whenRoom(() => {
      warded.waitingSinceMs = null;
      if (!closed) go();
    });

  const say = async (
    { execute, onDelivered }: Pick<Origin, 'execute' | 'onDelivered'>,
    event: unknown,
  ): Promise<void> => {
    // An execution that fails throws, and ends the stream.
    const executed = execute(event);
    const result = 'then' in executed ? await executed : executed;
    onDelivered(1);
    if (!deliver(cursorOf(event), result)) await new Promise<void>(whenRoom);
    await nextTurn();
  };

  /** Brings the stream up to date, step by step at its consumer's pace, and lets it rest. */
  const catchUp = async (course: Course, opening: Iterable<StreamEvent>, from: Place): Promise<void> => {
    let { seq, saidMs } = from;
    ownCourse = course;
    try {
      for (const event of opening) {
        if (closed) return;
        await say(course, event);
        saidMs = clock.monotonicMs();
      }
      while (!closed) {
        const { event: found, seq: behind, more } = course.steps.step(seq);
        seq = behind;
        // At rest it would be looked at a second later, which would be too late.
        const silent = clock.monotonicMs() - saidMs + LOOK_MS >= HEARTBEAT_MS;
        const event = found ?? (silent ? course.steps.heartbeat(seq) : null);
        if (event) {
          await say(course, event);
          saidMs = clock.monotonicMs();
        } else if (more) await nextTurn();
        else {
          // Counted by transport.
          const key = `${operation.request.transport}|${operation.shareKey}`;
          cohorts.rest(member, tenant, key, course, { seq, saidMs });
          ownCourse = null;
          return;
        }
      }
    } catch (error) {
      end(course.mask(error));
    }
  };

  const pump = async (from: Origin): Promise<void> => {
    const { source, mask } = from;
    const iterator = source[Symbol.asyncIterator]();
    // Not awaited: a source that is asleep returns when it wakes. Masking logs what nobody is left to be told.
    returnSource = () => void Promise.resolve(iterator.return?.()).catch(mask);
    try {
      while (!closed) {
        const { done, value } = await iterator.next();
        if (closed) return;
        if (done) return stop();
        await say(from, value);
      }
    } catch (error) {
      end(mask(error));
    }
  };

  const member: Member = {
    cohort: null,
    deliver,
    fallBehind(course, { seq, saidMs }) {
      if (!closed) whenRoom(() => void catchUp(course, [], { seq, saidMs }));
    },
    end,
  };

  const start = (from: Origin): void => {
    const { source, execute, mask, maskForAll, onDelivered } = from;
    if (!isStepped(source)) return void pump(from);
    const course: Course = { steps: source, execute, mask: maskForAll, onDelivered };
    try {
      const { opening, seq } = source.open();
      // Behind a snapshot that was not heard there is nothing to go on from.
      if (!opening) firstSeq = seq;
      void catchUp(course, opening ?? [], { seq, saidMs: clock.monotonicMs() });
    } catch (error) {
      end(mask(error));
    }
  };

  warden.add(warded);
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });

  return {
    follow(to) {
      sink = to;
      if (lastWord) sink.take({ errors: [lastWord] });
      if (closed) sink.ended();
      else if (origin) start(origin);
      origin = null;
    },
    interrupt: end,
    stop,
  };
};
