/** What a stream of changes hands out: `cursor` is the position behind it. */
export type StreamEvent = { cursor: string };

/** `event`: null when nothing that was looked at matched. `more`: another step would find more, at once. */
export type Step<Event> = { event: Event | null; seq: number; more: boolean };

/**
 * A stream whose whole state is a number: where in the change log it stands. So whoever serves many equal ones takes
 * each step once for all that stand at the same place, and holds nothing for each but the place. Every call is
 * synchronous, and throws the error that the stream ends with. The field's resolver gets the event and none of the
 * field's arguments, which have said what the stream is.
 */
export type Steps<Event extends StreamEvent = StreamEvent> = {
  /**
   * Where it starts, and what is sent before the first step: taken one by one as the consumer has room, so that who does
   * not take it holds none of it. A part that is made when it is asked for is the one that was to be made at the start.
   */
  open(): { opening: Iterable<Event> | null; seq: number };
  /** Equal streams at the same place get the same event object. */
  step(afterSeq: number): Step<Event>;
  /** What is sent when nothing was for HEARTBEAT_MS. */
  heartbeat(seq: number): Event;
};

export type SteppedStream<Event extends StreamEvent = StreamEvent> = AsyncIterable<Event> & Steps<Event>;

/** Steps as the source of a subscription: graphql-js takes only what could be iterated. */
export const asSource = <Event extends StreamEvent>(steps: Steps<Event>): SteppedStream<Event> => ({
  ...steps,
  [Symbol.asyncIterator](): never {
    throw new Error('a stepped stream is followed by its steps');
  },
});

export const HEARTBEAT_MS = 15_000;
/** A ring of the doorbell that was lost is made up for by looking anyway. */
export const LOOK_MS = 1_000;

export const isStepped = (stream: AsyncIterable<unknown>): stream is SteppedStream =>
  'open' in stream && 'step' in stream && 'heartbeat' in stream;
