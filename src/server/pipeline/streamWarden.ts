import type { GraphQLError } from 'graphql';
import type { Clock } from '../../clock/clock.ts';
import { clientError } from '../../schema/errors.ts';
import type { Logger } from '../logger.ts';

/** A stream as its warden sees it. */
export type WardedStream = {
  /** Monotonic instant since which a result waits for its consumer; null while the stream works. */
  waitingSinceMs: number | null;
  /** When its viewer's token ends; null: never. */
  expiresAtMs: number | null;
  draining: AbortSignal;
  /** Ends the stream with an error; the warden adds no cursor, the stream does. */
  interrupt(error: GraphQLError): void;
};

export type StreamWarden = {
  add(stream: WardedStream): void;
  remove(stream: WardedStream): void;
};

export const tokenExpired = (): GraphQLError =>
  clientError(
    'TOKEN_EXPIRED',
    'The token has expired. Reconnect with a new one and resume after the cursor.',
  );

export const consumerTooSlow = (): GraphQLError =>
  clientError(
    'CONSUMER_TOO_SLOW',
    'Results waited too long to be taken. Resume after the cursor, or ask for fewer changes.',
  );

const serverDraining = (): GraphQLError =>
  clientError('SERVER_DRAINING', 'The server is stopping. Reconnect and resume after the cursor.');

const roundMs = 1_000;

/** Streams end by themselves when draining; the warden waits this long before it ends them. */
const drainGraceMs = 2_000;

/**
 * Looks at every open stream once a second. One round for all, as a timer for each result of each stream would cost
 * more than the results.
 */
export const createStreamWarden = (clock: Clock, slowConsumerMs: number, log: Logger): StreamWarden => {
  const streams = new Set<WardedStream>();
  let walking = false;

  const look = (stream: WardedStream, drainingSince: Map<AbortSignal, number>) => {
    if (stream.expiresAtMs !== null && clock.nowMs() >= stream.expiresAtMs)
      return stream.interrupt(tokenExpired());
    if (stream.waitingSinceMs !== null && clock.monotonicMs() - stream.waitingSinceMs >= slowConsumerMs) {
      return stream.interrupt(consumerTooSlow());
    }
    if (!stream.draining.aborted) return;
    const since = drainingSince.get(stream.draining) ?? clock.monotonicMs();
    drainingSince.set(stream.draining, since);
    if (clock.monotonicMs() - since >= drainGraceMs) stream.interrupt(serverDraining());
  };

  const walk = async (): Promise<void> => {
    if (walking) return;
    walking = true;
    const drainingSince = new Map<AbortSignal, number>();
    try {
      while (streams.size > 0) {
        await clock.sleep(roundMs);
        for (const stream of streams) {
          // One stream that cannot be ended must not leave all others unwatched.
          try {
            look(stream, drainingSince);
          } catch (error) {
            log.error({ err: error }, 'unexpected error in ending a stream');
          }
        }
      }
    } finally {
      walking = false;
    }
  };

  return {
    add(stream) {
      streams.add(stream);
      void walk();
    },
    remove: (stream) => void streams.delete(stream),
  };
};
